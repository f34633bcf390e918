"""Asking through the form: from the command to the question in the inbox, and all that can come between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.sandbox import ExpiredTrigger, FailsBefore
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.slack_app import modal
from cityhall_fm.texts import Catalogue
from commands import cityhall_fm

QUESTIONS = "ラジオへの質問"
WORDS = "雪の日の朝、佐久の保育園は何時に開きますか 😀 <!here> & *太字*"


def a_form(member, words=""):
    return member.command("/fm", words, channel=QUESTIONS).modal()


def sent(member, words, **fields):
    form = a_form(member).fill("words", words)
    for name, value in fields.items():
        form.fill(name, value)
    assert not form.submit().problem
    return form


def test_a_question_goes_from_the_command_to_the_inbox_with_its_consent(scene):
    takahashi = scene.as_member("takahashi")
    form = a_form(takahashi, "灯油は")
    assert form.fields["質問やおたより"] == "灯油は"
    assert scene.companion.rules.consent_wording in form.text
    form.fill("words", WORDS).fill("naming", "ラジオネーム").fill("radio_name", "雪うさぎ")
    form.fill("reading", "ゆきうさぎ").fill("department", "子育て課").fill("extras", ["contact"])
    assert not form.submit().problem
    (question,) = scene.wait_for(scene.questions)
    assert (question.kind, question.status, question.asker) == (Kind.QUESTION, Status.RECEIVED, takahashi.id)
    assert question.words.for_host() == WORDS
    assert question.asker_name.for_host() == "髙橋はな😀"
    consent = question.consent
    assert (consent.naming, consent.radio_name.for_host()) == (Naming.RADIO_NAME, "雪うさぎ")
    assert consent.wording == scene.companion.rules.consent_wording
    given = scene.companion.app_memory.submission(question.id)
    assert (given.department, given.may_contact, given.publicly) == ("子育て課", True, False)
    scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
    (receipt,) = takahashi.direct()
    assert (question.thread.channel[0], question.thread.ts) == ("D", receipt.ts)
    assert "はじめての" in str(receipt.blocks)
    assert scene.wait_for(lambda: scene.emoji(question)) == {"eyes"}
    assert not scene.world.messages(QUESTIONS)


@pytest.mark.parametrize(
    ("name", "language", "begins"),
    [
        ("takahashi", "ja", "いただいた質問は"),
        ("saku", "en", "What you send"),
        ("amelie", "fr", "Votre message"),
    ],
)
def test_everybody_reads_and_agrees_to_the_promise_in_their_language(scene, name, language, begins):
    member, promises = scene.as_member(name), scene.companion.rules.wordings
    form = a_form(member, "When does it snow in 佐久?")
    assert promises[language].startswith(begins)
    assert promises[language] in form.text
    assert not form.submit().problem
    (question,) = scene.wait_for(scene.questions)
    assert question.consent.wording == promises[language]
    scene.wait_for(lambda: "change_name" in str(member.direct()[0].blocks))
    again = member.press("change_name", on=member.direct()[0]).modal()
    assert promises[language] in again.text
    assert not again.submit().problem
    scene.wait_for(lambda: len(scene.companion.keeping.consents([question.id])[question.id]) == 2)
    assert scene.questions()[0].consent.wording == promises[language]


def test_forms_speak_their_readers_language_in_a_process_that_does_not_know_it_yet(scene):
    amelie, promises = scene.as_member("amelie"), scene.companion.rules.wordings

    def started_again():
        scene.desk.voice.languages.forget(amelie.id)

    form = a_form(amelie, "Où acheter du bois à 佐久 ?")
    form.fill("naming", "radio_name")
    started_again()
    assert list(form.submit().errors.values()) == [
        "Écrivez un nom de radio, ou choisissez « Anonyme » ci-dessus."
    ]
    assert not form.fill("naming", "anonymous").submit().problem
    scene.wait_for(scene.questions)
    (receipt,) = amelie.direct()
    scene.wait_for(lambda: "change_name" in str(amelie.direct()[0].blocks))
    started_again()
    again = amelie.press("change_name", on=receipt).modal()
    assert (again.title, promises["fr"] in again.text) == ("Comment vous nommer", True)
    started_again()
    assert list(again.fill("naming", "radio_name").submit().errors.values()) == [
        "Écrivez un nom de radio, ou choisissez « Anonyme » ci-dessus."
    ]
    assert not again.fill("radio_name", "Bûche").submit().problem
    scene.wait_for(lambda: scene.questions()[0].consent.radio_name)
    assert scene.questions()[0].consent.wording == promises["fr"]


@pytest.mark.parametrize("carries", ["", "anyway", "C1-1763600400.000100"])
def test_a_form_that_was_opened_before_forms_carried_a_language_still_works(carries):
    otherwise = Catalogue("en")
    before, now = {"private_metadata": carries}, {"private_metadata": f"fr {carries}"}
    assert (modal.language_of(before, otherwise), modal.carried(before)) == (otherwise, carries)
    assert (modal.language_of(now, otherwise).language, modal.carried(now)) == ("fr", carries)


def test_what_was_shown_is_kept_also_where_the_wording_changed_meanwhile(by_socket):
    rules = by_socket.companion.rules
    form = a_form(by_socket.as_member("saku"), "When does it snow?")
    changed = replace(rules, wordings={**rules.wordings, "en": "Something else."})
    by_socket.companion.settings = replace(by_socket.companion.settings, collecting=changed)
    assert not form.submit().problem
    (question,) = by_socket.wait_for(by_socket.questions)
    assert question.consent.wording == rules.wordings["en"]


def test_nothing_is_chosen_for_the_asker(scene):
    sent(scene.as_member("takahashi"), "ストーブの掃除は?", radio_name="雪うさぎ")
    (question,) = scene.wait_for(scene.questions)
    assert (question.consent.naming, question.consent.radio_name) == (Naming.ANONYMOUS, None)


def test_refusals_stand_under_their_fields_and_the_draft_stays(scene):
    takahashi = scene.as_member("takahashi")
    form = a_form(takahashi).fill("words", "　！ ").fill("naming", "ラジオネーム")
    errors = form.submit().errors
    assert set(errors) == {"質問やおたより", "ラジオネーム"}
    form.fill("words", "雪" * 2001).fill("radio_name", "う" * 41)
    assert "2000" in form.submit().errors["質問やおたより"]
    assert "40" in form.errors["ラジオネーム"]
    form.fill("words", "灯油のタンクの大きさは?").fill("radio_name", "𠮷田うさぎ")
    assert form.submit().errors == {}
    (question,) = scene.wait_for(scene.questions)
    assert question.consent.radio_name.for_host() == "𠮷田うさぎ"


def test_the_radio_name_is_remembered_until_its_consent_is_withdrawn(scene):
    takahashi = scene.as_member("takahashi")
    sent(
        takahashi,
        "ひとつめの話",
        naming="ラジオネーム",
        radio_name="雪うさぎ",
        reading="ゆきうさぎ",
    )
    scene.wait_for(scene.questions)
    takahashi.modal.close()
    form = takahashi.shortcut("ask").modal()
    assert (form.fields["ラジオネーム"], form.fields["ラジオネームの読み(ひらがな)"]) == (
        "雪うさぎ",
        "ゆきうさぎ",
    )
    form.close()
    scene.wait_for(lambda: "取り下げる" in str(takahashi.direct()[0].blocks))
    assert not takahashi.press("withdraw", on=takahashi.direct()[0]).problem
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    assert takahashi.shortcut("ask").modal().fields["ラジオネーム"] == ""


def test_a_public_question_stands_in_the_channel_without_a_name_and_stays_its_askers(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    sent(takahashi, WORDS, extras=["publicly"])
    (question,) = scene.wait_for(scene.questions)
    (post,) = scene.world.messages(QUESTIONS)
    assert (question.thread.ts, post.user) == (post.ts, scene.world.user("fm").id)
    assert "髙橋" not in str(post.blocks)
    saku.reply(QUESTIONS, post.ts, "わたしも知りたいです")
    scene.settle()
    scene.wait_for(lambda: scene.questions()[0].thread.replies)
    (now,) = scene.questions()
    assert (now.asker, now.words, now.asker_name) == (takahashi.id, question.words, question.asker_name)
    scene.wait_for(lambda: "取り下げる" in str(takahashi.direct()[0].blocks))
    takahashi.modal.close()
    takahashi.press("withdraw", block_id=question.id)
    scene.wait_for(lambda: "雪の日" not in str(scene.world.messages(QUESTIONS)[0].blocks))


def test_links_only_are_held_back_for_the_host(scene, show_folder):
    takahashi = scene.as_member("takahashi")
    sent(takahashi, "https://example.jp/ http://example.com/a", extras=["publicly"])
    scene.wait_for(scene.questions)
    scene.wait_for(lambda: "リンクだけ" in takahashi.modal.text)
    assert not scene.world.messages(QUESTIONS)
    scene.as_member("saku").say(QUESTIONS, "https://example.jp/sale")
    scene.wait_for(lambda: len(scene.questions()) == 2)
    for question in scene.questions():
        shown = cityhall_fm("--show", show_folder, "inbox", "show", question.id).stdout
        assert "Nothing but links, so it stands on no shelf" in shown
    assert cityhall_fm("--show", show_folder, "inbox", "list").stdout.count("links only, held back") == 2
    assert "q-" not in cityhall_fm("--show", show_folder, "inbox", "list", "--shelf", "waiting").stdout
    cityhall_fm("--show", show_folder, "inbox", "shortlist", question.id)
    assert question.id in cityhall_fm("--show", show_folder, "inbox", "list", "--shelf", "waiting").stdout


def test_an_answered_question_is_offered_privately_and_can_be_asked_anyway(scene):
    takahashi = scene.as_member("takahashi")
    form = sent(takahashi, "佐久平から東京まで新幹線で通えますか?")
    offer = scene.wait_for(
        lambda: takahashi.modal and "お答えしました 第1回" in takahashi.modal.text and takahashi.modal
    )
    assert "https://fm.example.jp/1/#t=" in offer.text
    assert scene.questions() == []
    assert offer.fields["質問やおたより"] == "佐久平から東京まで新幹線で通えますか?"
    assert offer.view.body["submit"]["text"] == "それでも質問する"
    assert not form.submit().problem
    assert scene.wait_for(scene.questions)


def test_so_many_a_day_and_no_more_and_the_draft_is_kept(scene):
    takahashi = scene.as_member("takahashi")
    for number in range(5):
        sent(takahashi, f"{number}番目の話")
        scene.wait_for(lambda number=number: len(scene.questions()) == number + 1)
        scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
        takahashi.modal.close()
        scene.clock.pass_hours(0.1)
    sent(takahashi, "六つめの話")
    scene.wait_for(lambda: "5件まで" in takahashi.modal.text)
    assert takahashi.modal.fields["質問やおたより"] == "六つめの話"
    scene.clock.pass_hours(25)
    takahashi.modal.submit()
    scene.wait_for(lambda: len(scene.questions()) == 6)


def test_who_is_blocked_is_told_so_and_nothing_is_kept(mode, start, show_folder, sandbox):
    manifest = show_folder / "feeds" / "show.toml"
    saku = sandbox.as_member("saku")
    manifest.write_text(
        manifest.read_text("utf-8").replace("blocked = []", f'blocked = ["{saku.id}"]'), "utf-8"
    )
    scene = start(mode)
    sent(saku, "buy now")
    scene.wait_for(lambda: "not open to you" in saku.modal.text)
    assert scene.questions() == []
    assert saku.direct() == []
    saku.modal.close()
    saku.say(QUESTIONS, "buy now, in Saku")
    scene.as_member("takahashi").say(QUESTIONS, "灯油は月にいくら")
    scene.settle()
    scene.wait_for(scene.questions)
    assert [one.words.for_host() for one in scene.questions()] == ["灯油は月にいくら"]
    assert saku.whispers() == []


@pytest.mark.parametrize(
    ("name", "title"), [("saku", "Write to the show"), ("amelie", "Écrire à l’émission")]
)
def test_each_member_reads_their_own_language(scene, name, title):
    assert a_form(scene.as_member(name)).title == title


def test_a_trigger_that_expired_is_told_kindly(scene):
    takahashi = scene.as_member("takahashi")
    scene.sandbox.faults.add("views.open", ExpiredTrigger())
    assert "もう一度" in takahashi.command("/fm", "灯油は", channel=QUESTIONS).told()


def test_a_question_that_cannot_be_stored_is_never_called_received(scene):
    takahashi = scene.as_member("takahashi")
    scene.sandbox.faults.add("chat.postMessage", FailsBefore(), times=9)
    sent(takahashi, "書きかけの話")
    scene.wait_for(lambda: "消えていません" in takahashi.modal.text)
    assert takahashi.modal.fields["質問やおたより"] == "書きかけの話"
    assert scene.questions() == []
    scene.sandbox.faults.clear()
    takahashi.modal.submit()
    scene.wait_for(lambda: len(scene.questions()) == 1)


def test_what_was_typed_is_there_again_after_the_form_was_closed(scene):
    takahashi = scene.as_member("takahashi")
    form = a_form(takahashi).fill("words", "書きかけの 佐久の話 😀").fill("naming", "ラジオネーム")
    form.fill("radio_name", "雪うさぎ").close()
    again = scene.wait_for(
        lambda: scene.companion.app_memory.draft(takahashi.id, since=scene.clock.now_less(1))
    )
    assert again.words.for_host() == "書きかけの 佐久の話 😀"
    form = takahashi.shortcut("ask").modal()
    assert (form.fields["質問やおたより"], form.fields["ラジオネーム"]) == (
        "書きかけの 佐久の話 😀",
        "雪うさぎ",
    )
    assert "書きかけた文" in form.text
    assert not form.submit().problem
    scene.wait_for(scene.questions)
    scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
    takahashi.modal.close()
    assert takahashi.shortcut("ask").modal().fields["質問やおたより"] == ""


def test_a_draft_is_its_writers_alone_and_for_seven_days(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    a_form(takahashi).fill("words", "ひみつの下書き").close()
    scene.wait_for(lambda: scene.companion.keeping.draft(takahashi.id))
    assert "ひみつ" not in str(saku.shortcut("ask").modal().fields)
    scene.clock.pass_hours(7 * 24 + 1)
    assert takahashi.shortcut("ask").modal().fields["質問やおたより"] == ""
    takahashi.modal.close()


def test_what_follows_never_arrives_before_the_acknowledgement(scene):
    takahashi = scene.as_member("takahashi")
    for number in range(4):
        form = a_form(takahashi)
        scene.sandbox.calls.clear()
        assert not form.fill("words", f"{number}: 佐久平から東京まで新幹線で通えますか?").submit().problem
        assert "お答えしました 第1回" in takahashi.modal.text  # with the acknowledgement itself
        assert scene.sandbox.count("views.update") == 0
        takahashi.modal.close()
