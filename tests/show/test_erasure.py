"""People who asked to be erased."""

from __future__ import annotations

from datetime import timedelta

from cityhall_fm.show.erasure import Erased, fingerprint
from cityhall_fm.show.slack_thread import Reaction, UserId

from builders import ASKER, NOON, a_message, a_thread

OTHER = UserId("U0OTHER")
BEFORE = f"{int((NOON - timedelta(days=1)).timestamp())}.000100"
AFTER = f"{int((NOON + timedelta(days=1)).timestamp())}.000100"
ERASED = Erased({fingerprint(ASKER): NOON})


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
    assert ASKER not in fingerprint(ASKER)
    assert fingerprint(ASKER) != fingerprint(OTHER)
