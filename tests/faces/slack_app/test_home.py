"""App Home: one's own questions with what became of them, and the buttons to change one's mind."""

from __future__ import annotations

import json

from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Status
from commands import cityhall_fm

from builders import a_question

QUESTIONS = "ラジオへの質問"


def shown(member):
    view = member.home()
    return json.dumps(view.body, ensure_ascii=False) if view else ""


def asked(scene, words="薪ストーブの煙突は、だれが掃除しますか"):
    scene.as_member("takahashi").say(QUESTIONS, words)
    scene.wait_for(scene.questions)
    return scene.questions()[-1]


def slotted(scene, show_folder, question):
    path = next((show_folder / "episodes").glob("0003*")) / "episode.md"
    written = path.read_text("utf-8")
    path.write_text(
        written.replace("rundown:\n", f"rundown:\n  - title: 煙突\n    question: {question.id}\n", 1), "utf-8"
    )
    scene.companion.inbox.set_status(question.id, Status.SLOTTED, at=scene.clock())


def test_a_home_without_questions_invites_and_tells_of_the_show(scene):
    saku = scene.as_member("saku")
    saku.open_home()
    scene.wait_for(lambda: "None yet" in shown(saku))
    assert "Next show" in shown(saku)
    assert "<!date^1796036400^" in shown(saku)  # 30 November 2026, 20:00 in Japan
    assert "https://fm.example.jp/2/" in shown(saku)
    assert saku.press("open_form").modal().title == "Write to the show"


def test_it_says_when_a_question_will_air_and_where_it_was_answered(scene, show_folder):
    question = asked(scene)
    takahashi = scene.as_member("takahashi")
    slotted(scene, show_folder, question)
    takahashi.open_home()
    scene.wait_for(lambda: "放送の予定: 第3回" in shown(takahashi))
    path = next((show_folder / "episodes").glob("0002*")) / "episode.md"
    written = path.read_text("utf-8")
    begin = written.index("question: ")
    path.write_text(written[:begin] + f"question: {question.id}" + written[begin + 20 :], "utf-8")
    scene.companion.inbox.set_status(question.id, Status.ANSWERED, at=scene.clock())
    takahashi.open_home()
    scene.wait_for(lambda: "お答えしました 第2回" in shown(takahashi))
    assert "https://fm.example.jp/2/#t=" in shown(takahashi)


def test_a_question_that_found_no_place_is_told_in_kind_words(scene):
    question = asked(scene)
    scene.companion.inbox.set_status(question.id, Status.DECLINED, at=scene.clock())
    takahashi = scene.as_member("takahashi")
    takahashi.open_home()
    scene.wait_for(lambda: "お寄せくださり、ありがとうございました" in shown(takahashi))


def test_names_and_withdrawal_are_changed_from_home(scene):
    question = asked(scene)
    takahashi = scene.as_member("takahashi")
    takahashi.open_home()
    scene.wait_for(lambda: "匿名希望" in shown(takahashi))
    form = takahashi.press("change_name", block_id=question.id).modal()
    form.fill("naming", "Slack の表示名").submit()
    scene.wait_for(lambda: scene.questions()[0].consent.naming is Naming.DISPLAY_NAME)
    scene.wait_for(lambda: "Slack の表示名" in shown(takahashi))
    takahashi.press("withdraw", block_id=question.id)
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: "取り下げました" in shown(takahashi))
    assert not scene.questions()[0].consent.stands
    scene.wait_for(lambda: not scene.emoji(question))


def test_a_question_of_long_ago_is_withdrawn_from_an_older_page_which_stays(scene):
    takahashi = scene.as_member("takahashi")
    told = [
        a_question(f"17636004{number:02}.000100", f"灯油の話 その{number} 髙橋😀", asker=takahashi.id)
        for number in range(45)
    ]
    scene.companion.inbox.store([], told)
    takahashi.open_home()
    scene.wait_for(lambda: "その44" in shown(takahashi))
    assert "全45件のうち、1〜20件目" in shown(takahashi)
    assert "その0 " not in shown(takahashi)
    takahashi.press("home_page_older")
    scene.wait_for(lambda: "21〜40件目" in shown(takahashi))
    takahashi.press("home_page_older")
    scene.wait_for(lambda: "その0 " in shown(takahashi))
    takahashi.press("withdraw", block_id=told[0].id)
    scene.wait_for(lambda: "取り下げました" in shown(takahashi))
    assert scene.companion.inbox.question(told[0].id).status is Status.WITHDRAWN
    assert "41〜45件目" in shown(takahashi)
    takahashi.press("home_page_newer")
    scene.wait_for(lambda: "21〜40件目" in shown(takahashi))


def test_a_home_that_changed_meanwhile_is_made_again(scene):
    question = asked(scene)
    takahashi = scene.as_member("takahashi")
    takahashi.open_home()
    scene.wait_for(lambda: question.id in shown(takahashi))
    old = takahashi.home().hash
    scene.sandbox.calls.clear()
    with scene.world.lock:  # opened on two devices before the app could answer either
        takahashi.open_home()
        takahashi.open_home()

    def published():
        return [one.arguments.get("hash") for one in scene.sandbox.calls if one.method == "views.publish"]

    scene.wait_for(lambda: len(published()) == 3)
    assert published() == [old, old, None]
    scene.wait_for(lambda: takahashi.home().hash != old)
    assert scene.desk.voice.problems == []


def test_nobody_sees_or_changes_what_another_asked(scene):
    question = asked(scene)
    saku = scene.as_member("saku")
    saku.open_home()
    scene.wait_for(lambda: "None yet" in shown(saku))
    assert question.id not in shown(saku)


def test_the_hosts_are_told_of_what_was_broadcast_and_withdrawn_since_and_no_name(by_socket, show_folder):
    question = asked(by_socket)
    path = next((show_folder / "episodes").glob("0002*")) / "episode.md"
    written = path.read_text("utf-8")
    begin = written.index("question: ")
    path.write_text(written[:begin] + f"question: {question.id}" + written[begin + 20 :], "utf-8")
    by_socket.companion.inbox.set_status(question.id, Status.ANSWERED, at=by_socket.clock())
    takahashi = by_socket.as_member("takahashi")
    takahashi.open_home()
    by_socket.wait_for(lambda: question.id in shown(takahashi))
    takahashi.press("withdraw", block_id=question.id)
    by_socket.wait_for(lambda: by_socket.desk.voice.problems)
    (told,) = by_socket.desk.voice.problems
    assert told.text.name == "episodes.concerned"
    assert (told.text.values["number"], told.text.values["question"]) == (2, question.id)
    assert ":" in told.text.values["at"]
    assert "髙橋" not in repr(told.text)
    by_socket.desk.consenting.tell_hosts()
    assert len(by_socket.desk.voice.problems) == 1  # once is enough
    environment = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": by_socket.sandbox.api_url}
    for command in (
        ["inbox", "withdraw", question.id],
        ["inbox", "show", question.id],
        ["inbox", "list"],
        ["collect"],
        ["episode", "show", "2"],
        ["handover"],
    ):
        done = cityhall_fm("--show", show_folder, *command, **environment)
        assert "which was withdrawn" in done.stdout + done.stderr, command
