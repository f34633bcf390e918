"""What was recorded of a withdrawn question is told with episode and second, until it is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.production.concerned import concerned
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.on_air import Tap, TapKind
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import NOON, a_consent, a_question, an_enclosure, an_episode
from fakes.inbox import FakeInbox
from fakes.shelf import FakeShelf

AT = Timecode.parse("12:34")
WITHDRAWN = replace(a_question(), status=Status.WITHDRAWN)


class Taps:
    def __init__(self, *taps):
        self._taps = taps

    def taps(self, number):  # noqa: ARG002 - as the port has it
        return self._taps


def found(question, *, at=AT, silent=False, taps=(), only=None, **changes):
    rundown = Rundown((Segment("はじめに", at=Timecode(0)), Segment("灯油", at=at, question=question.id)))
    shelf = FakeShelf(an_episode(rundown=rundown, **changes), silent=(7,) if silent else ())
    return concerned(inbox=FakeInbox([question]), shelf=shelf, taps=Taps(*taps), only=only)


@pytest.mark.parametrize(
    "made",
    [
        {"published_at": NOON, "silent": True},
        {"enclosure": an_enclosure(7), "silent": True},
        {"taps": [Tap("t", TapKind.BEGIN, 1)], "silent": True},
        {},
    ],
    ids=["out", "mastered", "tapped", "recorded"],
)
def test_whatever_holds_it_in_sound_is_told_with_its_second(made):
    (one,) = found(WITHDRAWN, **made)
    assert (one.question, one.episode.number, one.at) == (WITHDRAWN.id, 7, AT)
    for language in LANGUAGES:
        assert "12:34" in Catalogue(language).word(one.text)


def test_a_rundown_that_nobody_recorded_needs_no_cutting():
    assert found(WITHDRAWN, silent=True) == ()


def test_what_its_asker_does_not_want_used_is_told_too():
    refused = replace(a_question(), consent=a_consent(Naming.DO_NOT_USE))
    assert len(found(refused)) == 1


def test_what_may_be_used_and_what_is_no_longer_in_the_rundown_is_not_told():
    assert found(a_question()) == ()
    inbox, shelf = FakeInbox([WITHDRAWN]), FakeShelf(an_episode(published_at=NOON))
    assert concerned(inbox=inbox, shelf=shelf, taps=Taps()) == ()


def test_one_question_is_looked_for_alone_and_an_unknown_time_says_so():
    assert found(WITHDRAWN, only="q-other") == ()
    (one,) = found(WITHDRAWN, at=None, only=WITHDRAWN.id)
    assert one.at is None
    assert "–:––" in Catalogue("ja").word(one.text)
