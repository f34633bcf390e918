"""The pinned button, the welcome, the wait, the no: each once, privately, in the reader's language."""

from __future__ import annotations

import json

import pytest

from cityhall_fm.production.deliver import deliver
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.say import _for_reader
from cityhall_fm.sandbox import FailsAfter, FailsBefore, RateLimited
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.consent import public_name, quote
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.notes import Asked, Part
from cityhall_fm.show.outbox import telling, thanking
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import ChannelId
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.slack_app.serving import _reassure
from commands import cityhall_fm

from builders import a_published_episode

QUESTIONS, CHAT = "ラジオへの質問", "雑談"


@pytest.fixture
def command(show_folder, sandbox):
    def run(*arguments):
        done = cityhall_fm(
            *("--show", show_folder, *arguments),
            SLACK_BOT_TOKEN="xoxb-sandbox",
            SLACK_API_URL=sandbox.api_url,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def asked(scene, by="takahashi", words="薪ストーブの煙突は、だれが掃除しますか"):
    scene.as_member(by).say(QUESTIONS, words)
    scene.wait_for(lambda: any(one.words.for_host() == words for one in scene.questions()))
    return next(one for one in scene.questions() if one.words.for_host() == words)


def asked_in_private(scene, by="takahashi", words="ひみつではない質問"):
    form = scene.as_member(by).command("/fm", words, channel=CHAT).modal()
    assert not form.submit().problem
    scene.wait_for(lambda: any(one.words.for_host() == words for one in scene.questions()))
    return next(one for one in scene.questions() if one.words.for_host() == words)


def test_the_button_is_pinned_once_and_opens_the_form(scene, command):
    assert "is pinned" in command("slack", "pin")
    assert "up to date" in command("slack", "pin")
    (message,) = scene.world.messages(QUESTIONS)
    assert scene.world.pins(QUESTIONS) == [message.ts]
    form = scene.as_member("amelie").press("open_form", on=message).modal()
    assert form.title == "Écrire à l’émission"
    scene.world.delete(QUESTIONS, message.ts)
    command("slack", "pin")
    (again,) = scene.world.messages(QUESTIONS)
    assert (again.ts != message.ts, scene.world.pins(QUESTIONS)) == (True, [again.ts])
    assert scene.questions() == []  # what the app pins is no question


def test_a_button_whose_answer_was_lost_is_not_pinned_twice(scene, show_folder, sandbox, command):
    scene.sandbox.faults.add("chat.postMessage", FailsAfter())
    lost = cityhall_fm(
        *("--show", show_folder, "slack", "pin"),
        SLACK_BOT_TOKEN="xoxb-sandbox",
        SLACK_API_URL=sandbox.api_url,
    )
    assert lost.returncode == 1
    command("slack", "pin")
    assert len(scene.world.messages(QUESTIONS)) == len(scene.world.pins(QUESTIONS)) == 1


@pytest.mark.parametrize(
    ("who", "welcome"),
    [("takahashi", "ようこそ番組へ"), ("saku", "Welcome!"), ("amelie", "Bienvenue")],
)
def test_a_first_question_is_welcomed_in_ones_own_language(scene, who, welcome):
    asked(scene, who)
    member = scene.as_member(who)
    (greeting,) = scene.wait_for(member.whispers)
    assert welcome in str(greeting.blocks)
    assert member.press("change_name", on=greeting).modal()


def test_the_show_words_its_welcome_itself(scene, show_folder):
    (show_folder / "templates").mkdir(exist_ok=True)
    block = {"type": "section", "text": {"type": "plain_text", "text": "佐久へようこそ"}}
    own = json.dumps({"text": "佐久へようこそ", "blocks": [block]}, ensure_ascii=False)
    (show_folder / "templates" / "greeting.json.j2").write_text(own, "utf-8")
    asked_in_private(scene)
    takahashi = scene.as_member("takahashi")
    scene.wait_for(lambda: takahashi.direct() and "佐久へようこそ" in str(takahashi.direct()[0].blocks))


def test_a_welcome_that_is_broken_stops_no_question(scene, show_folder):
    (show_folder / "templates").mkdir(exist_ok=True)
    (show_folder / "templates" / "greeting.json.j2").write_text("{% broken", "utf-8")
    asked_in_private(scene)
    asked(scene, "saku", "And in a channel?")
    scene.settle()
    assert len(scene.questions()) == 2
    assert {type(one).__name__ for one in scene.desk.voice.problems} == {"InputError"}


def test_who_waits_too_long_hears_so_once_and_kindly(scene):
    asked(scene, "saku", "When does it snow?")
    asked_in_private(scene, "takahashi")
    declined = asked(scene, "amelie", "Où acheter du bois ?")
    scene.companion.inbox.set_status(declined.id, Status.DECLINED, at=scene.clock())
    before = {who: len(scene.as_member(who).direct()) for who in ("takahashi", "saku", "amelie")}
    scene.companion.keeping.since([one.id for one in scene.questions()], now=scene.clock())
    for days, more in ((29, 0), (2, 1), (40, 1)):
        scene.clock.pass_hours(days * 24)
        _reassure(scene.companion, scene.desk, scene.clock())
        now = {who: len(scene.as_member(who).direct()) for who in before}
        assert now == {who: count + more for who, count in before.items()}
    assert "お待たせして" in scene.as_member("takahashi").direct()[-1].text
    assert "keep you waiting" in scene.as_member("saku").direct()[-1].text
    assert "sa place à l’antenne" in scene.as_member("amelie").direct()[-1].text  # no silence after a no
    assert scene.desk.voice.problems == []


def test_whom_slack_had_no_time_for_hears_the_promised_word_the_next_day(scene):
    question = asked(scene, "saku", "When does it snow?")
    scene.settle()
    scene.companion.keeping.since([question.id], now=scene.clock())
    scene.clock.pass_hours(31 * 24)
    scene.sandbox.faults.add("chat.postMessage", RateLimited(600))
    for told in (0, 1, 1):
        _reassure(scene.companion, scene.desk, scene.clock())
        assert len(scene.as_member("saku").direct()) == told
    assert [one.text.name for one in scene.desk.voice.problems] == ["slack.rate_limited"]


def test_what_was_late_when_it_came_to_us_is_left_to_the_host(scene):
    question = asked(scene)
    scene.clock.pass_hours(60 * 24)
    scene.companion.keeping.since([question.id], now=scene.clock())
    _reassure(scene.companion, scene.desk, scene.clock())
    assert scene.as_member("takahashi").direct() == []


def test_a_no_is_told_in_the_hosts_own_words_and_the_askers_language(scene, command):
    question = asked(scene, "saku", "Where is the post office?")
    own = ("--text", "It is next to the station, and open until six.")
    preview = command("inbox", "decline", question.id, "--preview", *own)
    assert "next to the station" in preview
    assert scene.as_member("saku").direct() == []
    command("inbox", "decline", question.id, "--tell", *own)
    (told,) = scene.as_member("saku").direct()
    assert told.text == preview.rstrip("\n")
    assert ("Thank you" in told.text, "sorry" in told.text) == (True, False)


def test_home_gives_the_reason_that_was_told_in_kind_words(scene, command):
    question = asked(scene)
    command("inbox", "decline", question.id, "--tell", "--reason", "time")
    takahashi = scene.as_member("takahashi")
    takahashi.open_home()
    scene.wait_for(
        lambda: (
            takahashi.home()
            and "収まりきりませんでした" in json.dumps(takahashi.home().body, ensure_ascii=False)
        )
    )


def test_home_gives_the_reason_while_the_hosts_own_words_still_wait_to_be_sent(scene):
    question = asked(scene, "saku", "Where is the post office?")
    companion = scene.companion
    companion.inbox.set_status(question.id, Status.DECLINED, at=scene.clock())
    about = "declined/time\n駅の隣です 佐久 😀/\n六時まで"
    companion.outbox.put([telling(question.id, about)], at=scene.clock())
    saku = scene.as_member("saku")
    saku.open_home()
    home = scene.wait_for(saku.home)
    assert ("not everything fitted" in str(home.body), "駅の隣" in str(home.body)) == (True, False)
    assert scene.desk.voice.problems == []


def test_questions_asked_in_private_show_no_channel_of_anybodys(scene, command):
    question = asked_in_private(scene)
    for form in ((), ("--json",)):
        listed = command("inbox", "list", "--shelf", "quiet-departments", *form)
        assert question.id in listed
        assert question.thread.channel not in listed
    assert "through the app" in command("inbox", "list", "--shelf", "quiet-departments")
    assert [one["channel"] for one in json.loads(command("inbox", "list", "--json"))] == [None]


def test_a_question_stands_under_the_department_that_its_asker_chose(by_socket, command):
    form = by_socket.as_member("takahashi").command("/fm", "保育園の申し込みは?", channel=CHAT).modal()
    assert not form.fill("department", "子育て課").submit().problem
    by_socket.wait_for(by_socket.questions)
    shown = command("inbox", "list", "--shelf", "quiet-departments")
    assert ("子育て課" in shown, "through the app" in shown) == (True, False)
    assert "too few askers" in shown  # one is no number


def receipt_posted(scene, question):
    part = Part(
        "煙突",
        Timecode.of_seconds(12),
        asked=Asked(public_name(None, question.asker_name), quote(question.consent, question.words)),
        question=question.id,
    )
    words = scene.companion.renderer.receipt(scene.companion.show, a_published_episode(2), part)
    place = question.thread
    post = Post(
        PostKey(f"receipt/x/{question.id}"), ChannelId(place.channel), words.text, words.blocks, place.ts
    )
    posted = scene.companion.desk.post(post)
    return scene.world.message(posted.channel, posted.ts)


def test_ones_mind_is_changed_on_the_receipt_of_the_answer_too_and_by_nobody_else(scene):
    question = asked(scene)
    receipt = receipt_posted(scene, question)
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    assert "Only whoever wrote it" in saku.press("withdraw", on=receipt).told()
    assert scene.questions()[0].status is Status.RECEIVED
    form = takahashi.press("change_name", on=receipt).modal()
    form.fill("naming", "ラジオネーム").fill("radio_name", "雪うさぎ").submit()
    scene.wait_for(lambda: scene.questions()[0].consent.radio_name)
    assert not takahashi.press("withdraw", on=receipt).problem
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: "取り下げられました" in scene.world.message(QUESTIONS, receipt.ts).text)


def test_a_receipt_in_private_speaks_its_readers_language(scene):
    companion = scene.companion
    private, public = asked_in_private(scene, "amelie"), asked(scene, "saku")
    spoken = [
        _for_reader(thanking(Guid("x"), EpisodeNumber(1), question)[0], companion).language
        for question in (private, public)
    ]
    assert spoken == ["fr", companion.show.language]


def test_a_receipt_in_private_comes_once_though_slack_lost_its_answer(by_socket, sandbox):
    companion, question = by_socket.companion, asked_in_private(by_socket)
    receipt, _ = thanking(Guid("佐久-1"), EpisodeNumber(1), question)
    companion.outbox.put([receipt], at=by_socket.clock())
    sandbox.faults.add("chat.postMessage", FailsAfter())

    said = [
        deliver(
            waiting=companion.outbox.waiting(EpisodeNumber(1)),
            word=lambda _: Words("お答えしました 🎙", ()),
            since=by_socket.clock(),
            outbox=companion.outbox,
            ledger=companion.ledger,
            workspace=companion.workspace,
            inbox=companion.inbox,
            now=by_socket.clock(),
            pause=lambda _: None,
        )
        for _ in range(2)
    ]

    in_private = by_socket.world.messages(question.thread.channel)
    assert [one.text for one in in_private].count("お答えしました 🎙") == 1
    assert [len(each.in_doubt) for each in said] == [1, 0]


def test_an_author_whom_slack_did_not_let_us_ask_is_asked_later_and_once(scene):
    author, saku = scene.as_member("takahashi"), scene.as_member("saku")
    message = author.say(CHAT, "雪かきの道具は、秋のうちに買うと安いです")
    scene.sandbox.faults.add("conversations.open", FailsBefore(), times=99)
    assert "asked, once" in saku.message_shortcut("hand_on", CHAT, message.ts).told()
    assert author.direct() == []
    scene.sandbox.faults.clear()

    def asked():  # a round of the app's own may be at it, and still be refused
        scene.clock.pass_hours(0.2)
        scene.desk.consenting.ask_authors()
        return author.direct()

    scene.wait_for(asked)
    scene.desk.consenting.ask_authors()
    scene.settle()
    assert len(author.direct()) == 1


def test_an_author_who_left_is_complained_of_once_and_one_in_trouble_after_ever_longer_pauses(scene):
    author, saku, faults = scene.as_member("takahashi"), scene.as_member("saku"), scene.sandbox.faults
    gone, waiting = [author.say(CHAT, words) for words in ("雪かきの道具 😀", "りんごの剪定")]
    scene.world.change_user("takahashi", deleted=True)
    told = saku.message_shortcut("hand_on", CHAT, gone.ts).told()
    assert ("Suggested" in told, "asked, once" in told) == (True, False)
    scene.settle()
    scene.desk.consenting.ask_authors()
    assert [one.text.values["error"] for one in scene.desk.voice.problems] == ["user_disabled"]
    assert scene.companion.app_memory.to_ask() == {}
    scene.world.change_user("takahashi", deleted=False)
    faults.add("conversations.open", FailsBefore(), times=999)
    saku.message_shortcut("hand_on", CHAT, waiting.ts).told()
    scene.settle()
    before = len(scene.desk.voice.problems)
    for _ in range(3):
        scene.desk.consenting.ask_authors()
    assert len(scene.desk.voice.problems) == before
    scene.clock.pass_hours(0.2)
    scene.desk.consenting.ask_authors()
    assert len(scene.desk.voice.problems) == before + 1


def test_an_author_whose_answer_slack_lost_is_never_asked_twice(scene):
    author, saku = scene.as_member("takahashi"), scene.as_member("saku")
    message = author.say(CHAT, "りんごの剪定は二月です")
    scene.sandbox.faults.add("chat.postMessage", FailsAfter())
    saku.message_shortcut("hand_on", CHAT, message.ts).told()
    for _ in range(2):
        scene.desk.consenting.ask_authors()
    scene.clock.pass_hours(1)
    saku.message_shortcut("hand_on", CHAT, message.ts).told()
    assert len(author.direct()) == 1
