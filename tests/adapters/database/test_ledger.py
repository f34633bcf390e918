"""What every ledger does: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cityhall_fm.show.announcement import Posted, PostKey, announcement_key
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.slack_thread import Ts

from builders import CHANNEL, NOON

SEVEN, EIGHT = EpisodeNumber(7), EpisodeNumber(8)
KEY = announcement_key(Guid("佐久-7"))
LATER = NOON + timedelta(minutes=5)


def test_an_episode_that_nothing_was_done_for_has_no_steps(ledger):
    assert ledger.steps(SEVEN) == {}


def test_the_latest_outcome_of_a_step_counts_whatever_the_clock_said(ledger):
    ledger.record(SEVEN, "master", "失敗", at=LATER)
    ledger.record(SEVEN, "publish", "12", at=LATER)
    ledger.record(SEVEN, "master", "できた 🎙", at=NOON)
    ledger.record(EIGHT, "master", "別の回", at=LATER)

    assert ledger.steps(SEVEN) == {"master": "できた 🎙", "publish": "12"}


def test_a_step_is_told_for_every_episode_that_took_it(ledger):
    ledger.record(SEVEN, "dated", "2026-11-30", at=NOON)
    ledger.record(EIGHT, "dated", "2026-12-15", at=LATER)
    ledger.record(SEVEN, "dated", "", at=NOON)
    ledger.record(EIGHT, "master", "佐久", at=LATER)

    assert ledger.outcomes("dated") == {SEVEN: "", EIGHT: "2026-12-15"}


def test_the_first_intention_is_the_one_that_is_told(ledger):
    assert ledger.intend(KEY, at=NOON) == NOON
    assert ledger.intend(KEY, at=LATER) == NOON
    assert ledger.intend(KEY, at=LATER).tzinfo is not None


def test_what_was_claimed_is_not_claimed_again_at_the_same_time_either(ledger):
    assert ledger.claim(KEY, at=NOON)
    assert not ledger.claim(KEY, at=NOON)
    assert not ledger.claim(KEY, at=LATER)
    assert ledger.intend(KEY, at=LATER) == NOON
    assert ledger.posted(KEY) is None


def test_what_certainly_was_not_posted_may_be_claimed_again_and_a_post_stays(ledger):
    ledger.claim(KEY, at=NOON)
    ledger.unclaim(KEY)
    assert ledger.claim(KEY, at=LATER)
    posted = Posted(KEY, CHANNEL, Ts("1763600400.000100"))
    ledger.remember(posted, at=LATER)
    ledger.unclaim(KEY)
    assert ledger.posted(KEY) == posted
    assert not ledger.claim(KEY, at=LATER)


def test_what_was_only_intended_was_not_posted(ledger):
    ledger.intend(KEY, at=NOON)

    assert ledger.posted(KEY) is None


def test_a_post_is_remembered_with_its_place(ledger):
    posted = Posted(KEY, CHANNEL, Ts("1763600400.000100"))
    ledger.intend(KEY, at=NOON)

    ledger.remember(posted, at=LATER)

    assert ledger.posted(KEY) == posted
    assert ledger.intend(KEY, at=LATER) == NOON


def test_a_post_that_nobody_intended_is_remembered_too(ledger):
    posted = Posted(KEY, CHANNEL, Ts("1763600400.000100"))

    ledger.remember(posted, at=LATER)

    assert ledger.posted(KEY) == posted
    assert ledger.posted(announcement_key(Guid("other"))) is None


def test_posts_are_found_by_how_their_keys_begin(ledger):
    posted = Posted(PostKey("submission/V_1/public"), CHANNEL, Ts("1763600400.000100"))
    ledger.remember(posted, at=NOON)
    ledger.remember(replace(posted, key=PostKey("submissionX/V_1")), at=NOON)
    ledger.intend(PostKey("submission/V_2"), at=NOON)

    assert ledger.all_posted("submission/") == [posted]
    assert ledger.all_posted("submission_") == []
