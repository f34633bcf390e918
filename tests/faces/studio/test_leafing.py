"""A large inbox is read once; afterwards only what changed is, and nothing of it is ever old."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.demo.folder import prepare
from cityhall_fm.settings import read_settings
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import Status, question_id
from cityhall_fm.show.slack_thread import Reaction
from cityhall_fm.studio.leafing import Leafing
from cityhall_fm.wiring import Wired

from builders import CHANNEL, NOON, a_consent, a_message, a_question, a_thread


@pytest.fixture
def companion(tmp_path):
    prepare(tmp_path / "番組", public_url="http://127.0.0.1:9")
    companion = Wired(read_settings(tmp_path / "番組", {}))
    threads = [a_thread(f"17636{number:05}.000100") for number in range(30)]
    companion.inbox.store([], [a_question(thread=one, id=question_id(CHANNEL, one.ts)) for one in threads])
    return companion


def test_whatever_changes_is_seen_as_a_whole_reading_would_see_it(companion):
    leafing = Leafing(companion)
    one, two, three = companion.inbox.questions()[:3]
    fresh = a_thread("1763700000.000100")

    def edit():
        opening = replace(
            one.thread.opening, mrkdwn=Private("佐久の髙橋😀"), reactions=(Reaction("tada", 1),)
        )
        companion.inbox.store([], [replace(one, thread=replace(one.thread, opening=opening))])

    def reply():
        replies = (a_message("1763900000.000100", "私も"),)
        companion.inbox.store([], [replace(two, thread=replace(two.thread, replies=replies))])

    for change in (
        lambda: None,
        edit,
        reply,
        lambda: companion.inbox.set_status(three.id, Status.SHORTLISTED, at=NOON),
        lambda: companion.inbox.set_consent(two.id, a_consent(Naming.RADIO_NAME, radio_name=Private("冬"))),
        lambda: companion.inbox.store([], [a_question(thread=fresh, id=question_id(CHANNEL, fresh.ts))]),
        lambda: companion.inbox.store([], [replace(one, words=Private(""), asker_name=Private(""))]),
    ):
        change()
        assert list(leafing.inbox().questions) == companion.inbox.questions()


def test_what_stayed_is_not_read_again(companion):
    leafing = Leafing(companion)
    before = leafing.inbox()
    assert leafing.inbox() is before
    companion.inbox.set_status(before.questions[0].id, Status.SHORTLISTED, at=NOON)
    after = leafing.inbox()
    assert after.questions[0].status is Status.SHORTLISTED
    assert all(old is new for old, new in zip(before.questions[1:], after.questions[1:], strict=True))


def test_a_text_that_changed_is_searched_anew(companion):
    leafing = Leafing(companion)
    question = leafing.inbox().questions[0]
    assert "髙橋" not in leafing.text_of(question)
    opening = replace(question.thread.opening, mrkdwn=Private("りんご"))
    changed = replace(question, words=Private("りんご"), thread=replace(question.thread, opening=opening))
    companion.inbox.store([], [changed])
    again = leafing.inbox().by_id[question.id]
    assert "りんご" in leafing.text_of(again)
