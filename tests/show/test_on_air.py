"""Taps become times: in any order, as often as they arrive, from several hands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cityhall_fm.show.on_air import (
    TOGETHER,
    Tap,
    TapKind,
    following,
    keys_of,
    on_air,
    planned_length,
)
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from thorough import examples

START = 1_795_400_000_000
KEYS = ("s-opening", "q-7k2m9x4p", "q-xmqpev6a", "s-ending")


def tap(name: str, kind: TapKind, seconds: float, segment: str = "", **more) -> Tap:
    return Tap(name, kind, START + round(seconds * 1000), segment=segment, **more)


def begin(name: str, seconds: float, segment: str, **more) -> Tap:
    return tap(name, TapKind.BEGIN, seconds, segment, **more)


SYNC = tap("sync", TapKind.SYNC, 0)
SHOW = (SYNC, begin("a", 2, KEYS[0]), begin("b", 63.8, KEYS[1]), begin("c", 200, KEYS[2]))


def starts(*taps: Tap) -> dict[str, float]:
    return {key: at.seconds for key, at in on_air(taps).starts.items()}


def test_each_tap_is_its_segments_time_since_the_first_one():
    assert starts(*SHOW) == {KEYS[0]: 2.0, KEYS[1]: 63.8, KEYS[2]: 200.0}
    assert on_air(SHOW).current == KEYS[2]


def test_before_the_first_tap_nothing_has_a_time():
    assert on_air([begin("a", 2, KEYS[0])]).starts == {}
    assert on_air([]).began is None


def test_the_clock_of_each_device_is_put_right():
    late_phone = begin("b", 63.8 - 3600, KEYS[1], offset=3_600_000)
    assert starts(SYNC, late_phone) == {KEYS[1]: 63.8}


def test_two_hands_at_once_are_one_tap():
    assert starts(SYNC, begin("b", 60, KEYS[1]), begin("z", 61.2, KEYS[1])) == {KEYS[1]: 60.0}


def test_the_second_hand_does_not_begin_the_next_segment():
    """Its screen had moved on in between, so that the same button meant another segment."""
    assert starts(SYNC, begin("b", 60, KEYS[1]), begin("z", 60.9, KEYS[2])) == {KEYS[1]: 60.0}


def test_a_second_hand_at_the_start_does_not_begin_the_opening():
    assert starts(SYNC, begin("z", 0.7, KEYS[0])) == {}


def test_whoever_chooses_another_segment_at_once_means_it():
    taken = starts(SYNC, begin("b", 60, KEYS[1]), begin("z", 60.9, KEYS[2], jump=True))
    assert taken == {KEYS[1]: 60.0, KEYS[2]: 60.9}


def test_a_segment_that_begins_again_later_has_its_later_time():
    assert starts(*SHOW, begin("d", 300, KEYS[1], jump=True))[KEYS[1]] == 300.0


def test_an_undone_tap_never_was_and_neither_was_its_double():
    twice = begin("z", 200.5, KEYS[2])
    undo = tap("u", TapKind.UNDO, 203, undoes="c")
    assert starts(*SHOW, twice, undo) == {KEYS[0]: 2.0, KEYS[1]: 63.8}
    assert on_air([*SHOW, undo]).current == KEYS[1]


@pytest.mark.parametrize("kind", [TapKind.SYNC, TapKind.BEGIN, TapKind.END])
def test_whoever_undoes_a_tap_undoes_it_also_where_another_hand_was_sooner_unknown_to_them(kind):
    ours, theirs = tap("ours", kind, 200.5, KEYS[2]), tap("theirs", kind, 200.45, KEYS[2])
    undo = tap("u", TapKind.UNDO, 202, undoes="ours")
    before = [one for one in SHOW[:2] if one.kind is not kind]

    assert on_air([*before, ours, theirs]).counted[-1:] == (theirs,)
    assert on_air([*before, ours, undo, theirs]) == on_air(before)


def test_after_an_undo_the_same_segment_can_begin_at_once():
    undo = tap("u", TapKind.UNDO, 200.4, undoes="c")
    assert starts(*SHOW, undo, begin("d", 201, KEYS[2]))[KEYS[2]] == 201.0


def test_an_undo_by_a_clock_that_is_behind_still_counts():
    assert KEYS[2] not in starts(*SHOW, tap("u", TapKind.UNDO, 199, undoes="c"))


def test_what_is_left_out_has_no_time_until_it_begins_after_all():
    skip = tap("s", TapKind.SKIP, 100, KEYS[2])
    assert on_air([*SHOW[:3], skip]).skipped == {KEYS[2]}
    assert starts(*SHOW[:3], skip, begin("d", 400, KEYS[2], jump=True))[KEYS[2]] == 400.0


def test_the_segment_that_is_on_air_cannot_be_left_out():
    assert on_air([*SHOW, tap("s", TapKind.SKIP, 210, KEYS[2])]).skipped == frozenset()


def test_nothing_begins_after_the_end_until_that_is_undone():
    end, late = tap("e", TapKind.END, 300), begin("d", 310, KEYS[3])
    assert KEYS[3] not in starts(*SHOW, end, late)
    assert on_air([*SHOW, end]).ended == Timecode.parse("5:00")
    assert starts(*SHOW, end, tap("u", TapKind.UNDO, 305, undoes="e"), late)[KEYS[3]] == 310.0


def test_recording_again_forgets_the_first_try():
    again, sync = tap("again", TapKind.AGAIN, 400), tap("sync2", TapKind.SYNC, 410)
    assert starts(*SHOW, again, sync, begin("f", 415, KEYS[0])) == {KEYS[0]: 5.0}


def test_a_shift_moves_all_times_and_none_before_the_beginning():
    later = tap("h", TapKind.SHIFT, 999, shift=1800)
    earlier = tap("i", TapKind.SHIFT, 999, shift=-3000)
    assert starts(*SHOW, later)[KEYS[0]] == 3.8
    assert starts(*SHOW, earlier) == {KEYS[0]: 0.0, KEYS[1]: 60.8, KEYS[2]: 197.0}


def test_a_shift_before_the_recording_does_not_move_it():
    assert starts(tap("h", TapKind.SHIFT, -9, shift=1800), *SHOW)[KEYS[0]] == 2.0


def test_the_next_segment_passes_over_what_was_or_will_not_be():
    now = on_air([*SHOW[:2], tap("s", TapKind.SKIP, 3, KEYS[1])])
    assert following(KEYS, now) == KEYS[2]
    assert following(KEYS, now, unusable={KEYS[2]}) == KEYS[3]
    assert following(KEYS[:1], now) is None
    assert following(KEYS, on_air([])) == KEYS[0]


def test_a_segment_is_known_wherever_it_is_moved():
    one, two = Segment("髙橋さんの😀話"), Segment("問い", question=QuestionId(KEYS[1]))
    forwards, backwards = keys_of(Rundown((one, two))), keys_of(Rundown((two, one)))
    assert forwards == backwards[::-1]
    assert forwards[1] == KEYS[1]


def test_a_plan_without_a_length_is_as_long_as_its_words():
    assert planned_length(Segment("灯油", length=Timecode.parse("3:00"))) == Timecode.parse("3:00")
    assert planned_length(Segment("灯油", summary="あ" * 100), asked="あ" * 50) == Timecode.parse("0:30")
    assert planned_length(Segment("灯油", summary="あ" * 100, script="あ" * 50)) == Timecode.parse("0:10")
    assert planned_length(Segment("😀")) == Timecode(0)


TAPS = some.lists(
    some.builds(
        Tap,
        some.text("abcdefgh", min_size=1, max_size=2),
        some.sampled_from(TapKind),
        some.integers(START, START + 60_000),
        some.integers(-2000, 2000),
        segment=some.sampled_from(KEYS),
        jump=some.booleans(),
        undoes=some.text("abcdefgh", min_size=1, max_size=2),
        shift=some.integers(-5000, 5000),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


@settings(max_examples=examples(40))
@given(TAPS, some.randoms())
def test_order_of_arrival_and_repetition_change_nothing(taps, chance):
    arrived = [*taps, *taps[: len(taps) // 2]]
    chance.shuffle(arrived)
    assert on_air(arrived) == on_air(taps)


@settings(max_examples=examples(40))
@given(TAPS)
def test_no_time_is_negative_and_nothing_is_both_on_air_and_left_out(taps):
    now = on_air(taps)
    assert not now.skipped & {*now.starts, now.current}
    assert all(at.milliseconds >= 0 for at in now.starts.values())
    assert now.starts == {} or now.began is not None


@settings(max_examples=examples(40))
@given(TAPS)
def test_taps_of_the_big_button_are_never_closer_than_one_hand_can_mean(taps):
    pressed = [
        one for one in on_air(taps).counted if one.kind in (TapKind.SYNC, TapKind.BEGIN) and not one.jump
    ]
    begun = [one for one in on_air(taps).counted if one.kind in (TapKind.SYNC, TapKind.BEGIN)]
    for before, after in pairwise(begun):
        if after in pressed and after.kind is TapKind.BEGIN:
            assert after.at - before.at >= TOGETHER


@settings(max_examples=examples(40))
@given(TAPS)
def test_undoing_every_tap_leaves_nothing(taps):
    taps = [one for one in taps if one.kind is not TapKind.AGAIN]
    undos = [
        Tap(f"undo-{one.id}", TapKind.UNDO, START + 70_000, undoes=one.id)
        for one in taps
        if one.kind is not TapKind.UNDO
    ]
    assert on_air([*taps, *undos]).counted == ()


@pytest.mark.parametrize("kind", TapKind)
def test_one_tap_alone_breaks_nothing(kind):
    assert on_air([tap("x", kind, 1, KEYS[0])]).starts == {}
