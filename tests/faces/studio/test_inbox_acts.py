"""What hosts do in the inbox: choosing, kind words, names, by whom, and taking everything back."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.show.announcement import Post, told_key
from cityhall_fm.show.asking import submission_key
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.question import Kind, Status, question_id
from cityhall_fm.show.roles import Role
from cityhall_fm.show.undoing import HELD
from studio_inbox import (
    asked,
    cards,
    direct_messages,
    status_of,
    stored,
    undo_number,
    wait_until,
    waiting_keys,
)

THREE = EpisodeNumber(3)


@pytest.fixture
def opened(lasting):
    return lasting


@pytest.fixture
def alone(open_studio):
    """A studio whose list holds nothing but the example's own."""
    return open_studio()


def test_what_is_done_with_a_button_is_taken_back_with_another(opened):
    visitor = opened.visitor()
    for act, status in (
        ("shortlist", Status.SHORTLISTED),
        ("next-time", Status.NEXT_TIME),
        ("withdraw", Status.WITHDRAWN),
        ("decline", Status.DECLINED),
    ):
        question = asked(opened)
        answer = visitor.post(f"/inbox/{question.id}/{act}", back="/inbox?page=1")
        assert answer.headers["location"] == "/inbox?page=1"
        assert status_of(opened, question) is status
        assert visitor.post("/inbox/undo", number=undo_number(visitor)).status == 303
        assert opened.companion.inbox.question(question.id) == question
        assert "元に戻しました" in visitor.get("/inbox").words


def test_a_question_goes_into_an_episode_and_out_again(opened):
    question, visitor, shelf = asked(opened), opened.visitor(), opened.companion.shelf
    before = shelf.episode(THREE).rundown
    panel = visitor.get(f"/inbox/{question.id}/slot?back=/inbox%3Fpage%3D2")
    assert 'value="3"' in panel.text
    assert 'value="/inbox?page=2"' in panel.text
    assert visitor.post(f"/inbox/{question.id}/slot", to="3", title="灯油と髙橋さん😀").status == 303
    titles = [one.title for one in shelf.episode(THREE).rundown.segments]
    assert titles[-2:] == ["灯油と髙橋さん😀", "エンディング"]
    assert "第3回の進行表" in visitor.get(f"/inbox/{question.id}").words
    visitor.post("/inbox/undo", number=undo_number(visitor))
    assert shelf.episode(THREE).rundown == before
    assert status_of(opened, question) is Status.RECEIVED


def test_what_is_in_a_rundown_is_taken_out_there_before_it_is_declined(opened):
    question, visitor = asked(opened), opened.visitor()
    visitor.post(f"/inbox/{question.id}/slot", to="3")
    page = visitor.get(f"/inbox/{question.id}")
    assert f"/inbox/{question.id}/decline" not in page.text
    for act in ("next-time", "decline"):
        refused = visitor.post(f"/inbox/{question.id}/{act}", to="declined", tell="1")
        assert (refused.status, "進行表に入っています" in refused.words) == (409, True)
    assert status_of(opened, question) is Status.SLOTTED
    assert told_key(question.id) not in waiting_keys(opened)
    visitor.post("/inbox/undo", number=undo_number(visitor))


def test_a_place_in_a_rundown_that_moved_meanwhile_is_chosen_anew(opened):
    question, visitor, shelf = asked(opened), opened.visitor(), opened.companion.shelf
    place, own = next(
        (place, one)
        for place, one in enumerate(shelf.episode(THREE).rundown.segments, 1)
        if one.question is None
    )
    before = shelf.episode(THREE).rundown
    assert f'value="3:{place}:{own.title}"' in visitor.get(f"/inbox/{question.id}/slot").text
    assert visitor.post(f"/inbox/{question.id}/slot", to=f"3:{place}:別のコーナー").status == 409
    assert visitor.post(f"/inbox/{question.id}/slot", to=f"3:99:{own.title}").status == 409
    assert visitor.post(f"/inbox/{question.id}/slot", to=f"3:{place}:{own.title}").status == 303
    assert shelf.episode(THREE).rundown.segments[place - 1].question == question.id
    visitor.post("/inbox/undo", number=undo_number(visitor))
    assert shelf.episode(THREE).rundown == before


def test_a_topic_needs_a_title_of_the_hosts_own(opened):
    topic, visitor = asked(opened, kind=Kind.TOPIC), opened.visitor()
    refused = visitor.post(f"/inbox/{topic.id}/slot", to="3", title="")
    assert refused.status == 409
    assert visitor.post(f"/inbox/{topic.id}/slot", to="").status == 409
    assert status_of(opened, topic) is Status.RECEIVED


def test_the_kind_words_are_shown_before_they_go_and_go_after_a_while(opened):
    question, visitor, before = asked(opened), opened.visitor(), direct_messages(opened)
    panel = visitor.get(f"/inbox/{question.id}/decline?reason=theme")
    usual = re.search(r"<textarea[^>]*>([^<]*)</textarea>", panel.text)[1]
    assert "今回のテーマとは少し離れた" in usual
    visitor.post(
        f"/inbox/{question.id}/decline", to="declined", tell="1", reason="theme",
        words="佐久の髙橋さん、次の冬にまた!😀\r\n待っています。",
    )  # fmt: skip
    assert "お知らせはまだ送っていません" in visitor.get("/inbox").words
    time.sleep(1.2)
    assert direct_messages(opened) == before
    opened.clock.now += HELD
    said = wait_until(lambda: direct_messages(opened)[len(before) :])[0]
    assert "佐久の髙橋さん、次の冬にまた!😀\n待っています。" in said
    assert "またのおたよりを、心からお待ちしています。" in said
    assert wait_until(lambda: "お知らせ済み" in visitor.get(f"/inbox/{question.id}").words)
    assert "お知らせはありません" in visitor.get(f"/inbox/{question.id}/decline").words


def test_undo_takes_the_message_back_before_it_goes(opened):
    question, visitor, before = asked(opened), opened.visitor(), direct_messages(opened)
    visitor.post(f"/inbox/{question.id}/decline", to="next_time", tell="1", reason="")
    assert told_key(question.id) in waiting_keys(opened)
    visitor.post("/inbox/undo", number=undo_number(visitor))
    opened.clock.now += HELD + timedelta(seconds=5)
    time.sleep(1.2)
    assert direct_messages(opened) == before
    assert opened.companion.ledger.posted(told_key(question.id)) is None
    assert status_of(opened, question) is Status.RECEIVED


def test_a_held_message_goes_after_a_restart_too(alone):
    opened = alone
    question, visitor = asked(opened), opened.visitor()
    visitor.post(f"/inbox/{question.id}/decline", to="declined", tell="1", reason="time")
    opened.room.postman.end()
    opened.clock.now += HELD
    time.sleep(1.2)
    assert direct_messages(opened) == []
    again = type(opened.room.postman)(opened.companion, opened.room.leafing, opened.clock, lambda: None)
    again.begin()
    try:
        assert len(wait_until(lambda: direct_messages(opened))) == 1
    finally:
        again.end()


def test_who_cannot_be_told_is_declined_in_silence(opened):
    topic, visitor = asked(opened, kind=Kind.TOPIC), opened.visitor()
    panel = visitor.get(f"/inbox/{topic.id}/decline")
    assert "お知らせはありません" in panel.words
    assert "<textarea" not in panel.text
    assert visitor.post(f"/inbox/{topic.id}/decline", to="declined", tell="1").status == 409
    assert status_of(opened, topic) is Status.RECEIVED
    assert visitor.post(f"/inbox/{topic.id}/decline", to="declined").status == 303


def test_a_consent_is_noted_with_its_words_and_taken_back(opened):
    question, visitor = asked(opened), opened.visitor()
    given = {
        "naming": "radio_name",
        "radio_name": "髙橋😀",
        "reading": "たかはし",
        "wording": "電話でうかがいました。",
    }
    assert visitor.post(f"/inbox/{question.id}/consent", **given).status == 303
    noted = opened.companion.inbox.question(question.id).consent
    assert (noted.naming, noted.radio_name, noted.wording) == (
        Naming.RADIO_NAME,
        Private("髙橋😀"),
        "電話でうかがいました。",
    )
    assert "ラジオネーム 髙橋😀さん" in visitor.get(f"/inbox/{question.id}").words
    visitor.post("/inbox/undo", number=undo_number(visitor))
    assert opened.companion.inbox.question(question.id).consent == question.consent
    assert visitor.post(f"/inbox/{question.id}/consent", naming="radio_name").status == 409
    assert visitor.post(f"/inbox/{question.id}/consent", naming="x").status == 409


def test_what_somebody_else_did_since_is_not_overwritten(opened):
    question, visitor = asked(opened), opened.visitor()
    visitor.post(f"/inbox/{question.id}/shortlist")
    number = undo_number(visitor)
    opened.visitor(Role.HOST, person="U0OTHER").post(f"/inbox/{question.id}/next-time")
    refused = visitor.post("/inbox/undo", number=number)
    assert refused.status == 409
    assert "そのあとで変更された" in refused.words
    assert status_of(opened, question) is Status.NEXT_TIME


def test_whoever_only_looks_changes_nothing(opened):
    question, viewer = asked(opened), opened.visitor(Role.VIEWER, person="U0LOOKS")
    page = viewer.get("/inbox")
    assert cards(page)
    assert 'action="/inbox/' not in page.text
    acts = [
        f"{question.id}/{act}" for act in ("shortlist", "slot", "next-time", "decline", "withdraw", "consent")
    ]
    for path in (*acts, "undo", "collect"):
        assert viewer.post(f"/inbox/{path}", to="3", naming="anonymous", number="1").status == 403
    for panel in ("slot", "decline", "consent"):
        assert viewer.get(f"/inbox/{question.id}/{panel}").status == 403
    assert opened.companion.inbox.question(question.id) == question
    assert (
        opened.visitor(Role.EDITOR, person="U0WRITES").post(f"/inbox/{question.id}/shortlist").status == 303
    )


def test_the_log_tells_what_was_done_and_no_words(opened):
    question, visitor = asked(opened), opened.visitor()
    visitor.post(f"/inbox/{question.id}/decline", to="declined", tell="1", words="髙橋さんへの秘密のことば")
    visitor.post(f"/inbox/{question.id}/consent", naming="radio_name", radio_name="秘密の名前")
    log = visitor.get("/acts").words
    assert f"質問 {question.id} を見送りました" in log
    assert "秘密" not in log


def test_a_forged_way_back_stays_in_the_inbox(opened):
    question, visitor = asked(opened), opened.visitor()
    for back in ("https://evil.example/", "//evil.example", "/leave", "/inboxevil"):
        answer = visitor.post(f"/inbox/{question.id}/shortlist", back=back)
        assert answer.headers["location"] == "/inbox"


def test_many_hosts_pressing_at_once_do_each_thing_once(opened):
    question = asked(opened)
    hosts = [opened.visitor(Role.HOST, person=f"U{number}") for number in range(4)]
    statuses = []
    threads = [
        threading.Thread(
            target=lambda one=one: statuses.append(one.post(f"/inbox/{question.id}/shortlist").status)
        )
        for one in hosts
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert set(statuses) == {303}
    assert status_of(opened, question) is Status.SHORTLISTED


def sent_by_the_form(opened, words="雪道の佐久の保育園は何時から😀"):
    """Bring in a question that somebody sent by the app's form: it stands in their direct messages."""
    question = asked(opened, words=words)
    workspace, key = opened.companion.workspace, submission_key(question.id)
    posted = workspace.post(Post(key, workspace.direct(question.asker), words, ()))
    opened.companion.ledger.remember(posted, at=opened.clock())
    thread = replace(
        question.thread,
        channel=posted.channel,
        opening=replace(question.thread.opening, ts=posted.ts),
    )
    id_ = question_id(posted.channel, posted.ts)
    return stored(opened, replace(question, id=id_, thread=thread))


def test_withdrawing_takes_the_words_from_slack_a_minute_later_until_which_it_can_be_undone(opened):
    question, visitor = sent_by_the_form(opened), opened.visitor()
    words = question.words.for_host()
    visitor.post(f"/inbox/{question.id}/withdraw")
    assert "お知らせはまだ送っていません" in visitor.get("/inbox").words
    visitor.post("/inbox/undo", number=undo_number(visitor))
    assert status_of(opened, question) is Status.RECEIVED
    visitor.post(f"/inbox/{question.id}/withdraw")
    assert words in direct_messages(opened)
    opened.clock.now += HELD
    assert wait_until(lambda: words not in direct_messages(opened))
    assert any("取り下げられました" in text for text in direct_messages(opened))


def test_nothing_but_links_is_marked_until_somebody_takes_it_up(opened):
    question, visitor = asked(opened, words="https://example.jp/佐久 😀"), opened.visitor()
    assert "リンクだけ" in visitor.get(f"/inbox/{question.id}").words
    visitor.post(f"/inbox/{question.id}/shortlist")
    assert "リンクだけ" not in visitor.get(f"/inbox/{question.id}").words
