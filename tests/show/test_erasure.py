"""People who asked to be erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.show.erasure import Erased, fingerprint, read, written
from cityhall_fm.show.slack_thread import Reaction, UserId

from builders import ASKER, NOON, a_message, a_thread

OTHER = UserId("U0OTHER")
BEFORE = f"{int((NOON - timedelta(days=1)).timestamp())}.000100"
AFTER = f"{int((NOON + timedelta(days=1)).timestamp())}.000100"
SALT = "5a17"
ERASED = Erased({fingerprint(ASKER, SALT): NOON})


def test_what_they_wrote_is_not_read_again_and_what_they_write_later_is():
    assert ERASED.without(a_message(BEFORE)) is None
    assert ERASED.without(a_message(AFTER)) == a_message(AFTER)


def test_they_are_taken_out_of_what_others_wrote():
    words = f"<@{ASKER}> と <@{ASKER}|髙橋はな> と <@{OTHER}> へ"
    message = a_message(BEFORE, words, author=OTHER, reactions=(Reaction("tada", 2, (ASKER, OTHER)),))
    kept = ERASED.without(message)
    assert kept.mrkdwn.for_host() == f"… と … と <@{OTHER}> へ"
    assert kept.reactions == (Reaction("tada", 2, (OTHER,)),)


def test_a_thread_loses_their_replies_or_all_of_it():
    theirs, ours = a_message(BEFORE), a_message(BEFORE, author=OTHER)
    assert ERASED.without_in(a_thread(BEFORE, opening=ours, replies=(theirs, ours))).replies == (ours,)
    assert ERASED.without_in(a_thread(BEFORE, replies=(ours,))) is None


def test_a_fingerprint_shows_no_id():
    assert ASKER not in fingerprint(ASKER, SALT)
    assert fingerprint(ASKER, SALT) != fingerprint(OTHER, SALT)


def test_a_list_without_salt_still_covers_and_a_new_entry_brings_one():
    old = Erased({fingerprint(ASKER, ""): NOON})
    assert old.covers(ASKER, BEFORE)
    assert (old.salt("5a17"), ERASED.salt("other")) == ("5a17", SALT)
    both = old.and_(Erased({fingerprint(OTHER, SALT): NOON}))
    assert both.covers(ASKER, BEFORE)
    assert both.covers(OTHER, BEFORE)
    assert read(written(both)) == both


@pytest.mark.parametrize("broken", ["x", "a b c", "a$0f yesterday", "a$0f 2026-11-20"])
def test_a_list_that_is_broken_is_not_half_read(broken):
    with pytest.raises(ValueError, match=r".*"):
        read(broken)
