"""Taps of the on-air card, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.on_air import Tap, TapKind

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
THREE = EpisodeNumber(3)
TAP = Tap(
    "a", TapKind.BEGIN, 1_795_400_000_123, -3_600_007, segment="s-佐久😀", jump=True, undoes="b", shift=-1800
)


def test_taps_are_read_back_as_they_were_in_the_order_of_their_times(database):
    later = replace(TAP, id="b", tapped=TAP.tapped + 5)
    database.taps.keep(THREE, [later, TAP], person="U0HANA", at=NOON)
    assert database.taps.taps(THREE) == [TAP, later]
    assert database.taps.taps(EpisodeNumber(4)) == []


def test_a_tap_that_comes_again_stays_as_it_first_came(database):
    database.taps.keep(THREE, [TAP], person="U0HANA", at=NOON)
    database.taps.keep(THREE, [replace(TAP, tapped=1)], person="U0KEN", at=NOON)
    database.taps.keep(THREE, [], person="U0KEN", at=NOON)
    assert database.taps.taps(THREE) == [TAP]
