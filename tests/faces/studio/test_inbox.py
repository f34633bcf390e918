"""The inbox as hosts see it: cards, shelves, search, voices, and collecting."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from cityhall_fm.production.curate import move
from cityhall_fm.show.asking import Corner, Submission
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.question import Status, question_id
from cityhall_fm.show.slack_thread import ChannelId, Clip
from studio_inbox import asked, cards, stored, wait_until

from builders import a_message, a_question, a_thread

HOSTILE = "<script>alert(1)</script> 佐久の髙橋です😀\n" + "長い" * 300


@pytest.fixture
def opened(lasting):
    return lasting


def test_a_card_shows_the_thread_as_in_slack_and_what_the_asker_agreed_to(opened):
    consent = Consent(
        Naming.RADIO_NAME,
        "読みます",
        opened.clock.now,
        Private("冬の入門生"),
        Private("ふゆのにゅうもんせい"),
    )
    question = asked(opened, words=HOSTILE, consent=consent)
    stored_words = HOSTILE.replace("<", "&lt;").replace(">", "&gt;") + " :radio: *太字*"
    opening = replace(question.thread.opening, mrkdwn=Private(stored_words))
    replies = (a_message("1763600500.000100", "長野も雪です"),)
    stored(opened, replace(question, thread=replace(question.thread, opening=opening, replies=replies)))
    submission = Submission(Private(""), Corner.LETTER, department="建設課", may_contact=True)
    opened.companion.app_memory.keep_submission(question.id, submission)
    page = opened.visitor().get(f"/inbox/{question.id}")
    assert "<script>alert" not in page.text
    for shown in (
        "<script>alert(1)</script> 佐久の髙橋です😀",
        "📻 太字",
        "長野も雪です",
        "ラジオネーム 冬の入門生さん",
        "読み ふゆのにゅうもんせい",
        "建設課",
        "ふつおた",
        "連絡してもよい",
        "日待っています",
    ):
        assert shown in page.words


def test_shelves_filters_and_search_find_what_they_say(opened):
    opening = a_message(words="佐久市の髙橋です。灯油はトウユ?")
    thread = a_thread(channel=ChannelId("C0ALONE9"), opening=opening)
    question = stored(opened, a_question(id="q-a10ne000", words=opening.mrkdwn.for_host(), thread=thread))
    visitor = opened.visitor()
    for words in ("佐久", "高橋 とうゆ", "ﾄｳﾕ"):
        assert cards(visitor.get(f"/inbox?channel=C0ALONE9&q={quote(words)}")) == [question.id]
    assert "見つかりませんでした" in visitor.get(f"/inbox?q={quote('小諸のりんご園')}").words
    assert cards(visitor.get(f"/inbox?channel={question.thread.channel}")) == [question.id]
    move(question.id, Status.SHORTLISTED, inbox=opened.companion.inbox, now=opened.clock())
    assert question.id in cards(visitor.get("/inbox?status=shortlisted"))
    assert cards(visitor.get("/inbox?status=received&channel=C0ALONE9")) == []
    for shelf in ("first-time", "waiting", "quiet-departments", "popular", "nonsense"):
        assert visitor.get(f"/inbox?shelf={shelf}").status == 200
    assert "少ないため、数は示しません" in visitor.get("/inbox?shelf=quiet-departments").words
    opened.companion.app_memory.keep_submission(question.id, Submission(department="髙橋さんの課 <b>"))
    stored(opened, replace(question, words=Private("灯油の買い方")))
    assert "髙橋さんの課 <b> 質問した方が少ない" in visitor.get("/inbox?shelf=quiet-departments").words
    assert visitor.get("/inbox?page=999999999999&status=x&channel=%00").status == 200


def test_how_many_joined_in_is_not_told_of_two(opened):
    question, visitor = asked(opened), opened.visitor()
    for people, told in ((2, False), (3, True)):
        replies = [
            a_message(f"176361000{number}.000100", "私も", author=f"U0JOIN{number}")
            for number in range(people)
        ]
        stored(opened, replace(question, thread=replace(question.thread, replies=tuple(replies))))
        assert ("人の反響" in visitor.get(f"/inbox/{question.id}").words) is told


def test_a_long_inbox_comes_in_pages(opened):
    many = ChannelId("C0MANY99")
    threads = [a_thread(f"17635{number:05}.000100", channel=many) for number in range(45)]
    questions = [a_question(thread=one, id=question_id(many, one.ts)) for one in threads]
    opened.companion.inbox.store([], questions)
    visitor = opened.visitor()
    first = visitor.get(f"/inbox?channel={many}")
    assert cards(first) == [one.id for one in reversed(questions)][:20]
    assert "45件 1 / 3 ページ" in first.words
    assert cards(visitor.get(f"/inbox?channel={many}&page=3")) == [one.id for one in reversed(questions)][40:]


def test_collecting_tells_what_came_in(open_studio):
    opened = open_studio(collecting=False)
    visitor = opened.visitor()
    assert "まだ何も届いていません" in visitor.get("/inbox").words
    assert visitor.post("/inbox/collect").status == 303
    assert wait_until(lambda: not opened.room.jobs.job("collect").running, 30)
    page = visitor.get("/inbox")
    assert "集め終わりました。新しい質問" in page.words
    assert cards(page)
    visitor.post("/inbox/collect")
    assert wait_until(lambda: not opened.room.jobs.job("collect").running, 30)
    assert "新しいものはありませんでした" in visitor.get("/inbox").words


def test_a_voice_is_heard_by_hosts_alone_and_in_parts(opened):
    clip = Clip("F0VOICE", "audio/mp4", 10, 3.2, Private(""), Private("灯油代は月に"))
    thread = a_thread(channel=ChannelId("D0HANA"), opening=replace(a_message(), clips=(clip,)))
    question = stored(opened, a_question(id="q-v01ce000", thread=thread))
    visitor = opened.visitor()
    assert "まだこのコンピューターに届いていません" in visitor.get(f"/inbox/{question.id}").words
    opened.companion.voices.keep(question.id, clip, b"0123456789")
    page = visitor.get(f"/inbox/{question.id}")
    address = f"/voices/{question.id}/F0VOICE"
    assert f'src="{address}"' in page.text
    assert "聞き取り: 灯油代は月に" in page.words
    whole, part = visitor.get(address), visitor.get(address, range="bytes=2-4")
    assert (whole.status, whole.text, whole.headers["content-type"]) == (200, "0123456789", "audio/mp4")
    assert (part.status, part.text) == (206, "234")
    assert visitor.get(f"/voices/{question.id}/F0OTHER").status == 404
    assert type(visitor)(opened.address).get(address).status == 401


def test_answers_that_exist_are_named_with_their_second(opened):
    answered = next(one for one in opened.companion.shelf.episodes() if one.published_at)
    part = next(one for one in answered.rundown.segments if one.question)
    question = asked(opened, words=f"{part.title} {part.summary}")
    page = opened.visitor().get(f"/inbox/{question.id}")
    assert "似た質問にお答えしています" in page.words
    assert part.title in page.words
    assert f"{opened.companion.show.public_url}/{answered.number}/#t=" in page.text


def test_the_pages_speak_other_languages(opened):
    visitor, question = opened.visitor(), asked(opened)
    for language in ("en", "fr"):
        for path in ("", *(f"/{question.id}{panel}" for panel in ("", "/decline", "/slot", "/consent"))):
            page = visitor.get(f"/inbox{path}", **{"accept-language": language})
            assert page.status == 200
            assert f'<html lang="{language}"' in page.text
