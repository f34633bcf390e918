"""The on-air card: taps during the recording, and the times that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.reading_time import reading_seconds
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

TOGETHER: Final = 1500
"""Milliseconds within which two taps are one: two people pressed at once, or a finger bounced."""


class TapKind(StrEnum):
    """What a tap says."""

    SYNC = "sync"
    """The recording starts now."""
    BEGIN = "begin"
    """A segment begins."""
    SKIP = "skip"
    """A segment is left out."""
    UNDO = "undo"
    """An earlier tap did not count."""
    END = "end"
    """The recording is over."""
    AGAIN = "again"
    """All of it is recorded anew: no earlier tap counts."""
    SHIFT = "shift"
    """All times lie later, or earlier, by what somebody heard in the recording."""


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap; `id` was made where it was tapped, so that it counts once however often it arrives.

    `tapped` is that device's clock in milliseconds since 1970, `offset` how far the studio's clock is ahead
    of it, both as they were at that moment.
    """

    id: str
    kind: TapKind
    tapped: int
    offset: int = 0
    segment: str = ""
    """The key of the segment that it is about."""
    jump: bool = False
    """Whether the segment was chosen by hand, and not by the one big button."""
    undoes: str = ""
    shift: int = 0
    """Milliseconds."""

    @property
    def at(self) -> int:
        """When it was tapped by the studio's clock, in milliseconds since 1970."""
        return self.tapped + self.offset


@dataclass(frozen=True, slots=True)
class OnAir:
    """What taps mean; times are the recording's, as far as it is known when that began."""

    counted: tuple[Tap, ...] = ()
    """Those that count, in the order of their times."""
    began: int | None = None
    """When the recording started, by the studio's clock."""
    ended: Timecode | None = None
    starts: Mapping[str, Timecode] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    current: str | None = None


def on_air(taps: Iterable[Tap]) -> OnAir:
    """Tell what taps mean, in whatever order and however often they arrived.

    The first SYNC is the start of the recording; each BEGIN is its segment's time, and the latest of one
    segment counts. What comes within a second and a half of the tap before is the same tap from another
    hand, unless it chose another segment itself; whichever of the two is undone, both are. Nothing begins
    after the END, unless that is undone.
    """
    counted = _counted(taps)
    began = next((tap.at for tap in counted if tap.kind is TapKind.SYNC), None)
    shift = sum(tap.shift for tap in counted if tap.kind is TapKind.SHIFT)
    starts: dict[str, Timecode] = {}
    skipped: set[str] = set()
    current, ended = None, None
    for tap in counted:
        if tap.kind is TapKind.SKIP and tap.segment != current:
            skipped.add(tap.segment)
        if began is None:
            continue
        at = Timecode(max(0, tap.at - began + shift))
        if tap.kind is TapKind.BEGIN:
            starts[tap.segment], current = at, tap.segment
            skipped.discard(tap.segment)
        elif tap.kind is TapKind.END:
            ended = at
    for segment in skipped:
        starts.pop(segment, None)
    return OnAir(tuple(counted), began, ended, starts, frozenset(skipped), current)


def keys_of(rundown: Rundown) -> tuple[str, ...]:
    """Name each segment so that it is known wherever it is moved: by its question, else by its title.

    >>> segments = Segment("オープニング"), Segment("ふつおた"), Segment("ふつおた")
    >>> len(set(keys_of(Rundown(segments))))
    3
    """
    seen: Counter[str] = Counter()
    keys = []
    for segment in rundown.segments:
        name = segment.question or f"s-{fingerprint(segment.title)[:12]}"
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(keys)


def following(keys: Sequence[str], now: OnAir, *, unusable: Collection[str] = ()) -> str | None:
    """Find what begins with the next tap: the first after the current one that is still to come."""
    after = keys.index(now.current) + 1 if now.current in keys else 0
    done = {*now.starts, *now.skipped, *unusable}
    return next((key for key in keys[after:] if key not in done), None)


def planned_length(segment: Segment, *, asked: str = "") -> Timecode:
    """Take the length that was planned, else as long as script and question take to read.

    >>> str(planned_length(Segment("灯油", summary="あ" * 100)))
    '0:20'
    """
    if segment.length is not None:
        return segment.length
    return Timecode.of_seconds(reading_seconds(f"{asked}\n{segment.script or segment.summary}"))


def _counted(taps: Iterable[Tap]) -> list[Tap]:
    once = {tap.id: tap for tap in taps}
    counted: list[Tap] = []
    undone: set[str] = set()
    doubles: dict[str, str] = {}
    for tap in sorted(once.values(), key=lambda tap: (tap.at, tap.id)):
        if tap.kind is TapKind.UNDO:
            undone.add(tap.undoes)
            counted = [other for other in counted if other.id not in (tap.undoes, doubles.get(tap.undoes))]
        elif tap.kind is TapKind.AGAIN:
            counted = []
        elif tap.id in undone:
            continue
        elif _counts(tap, counted):
            counted.append(tap)
        else:
            doubles.update((tap.id, other.id) for other in counted if _is_same(tap, other))
    return counted


def _is_same(tap: Tap, before: Tap) -> bool:
    """Tell whether one tap is the other one from another hand, which may not have known of it."""
    same = (tap.kind, tap.segment) == (before.kind, before.segment)
    return same and tap.at - before.at < TOGETHER


def _counts(tap: Tap, before: Sequence[Tap]) -> bool:
    kinds = {other.kind for other in before}
    if tap.kind in (TapKind.SYNC, TapKind.END):
        return tap.kind not in kinds
    if tap.kind is TapKind.SHIFT:
        return TapKind.SYNC in kinds
    if tap.kind is not TapKind.BEGIN:
        return True
    if TapKind.END in kinds:
        return False
    last = next((one for one in reversed(before) if one.kind in (TapKind.SYNC, TapKind.BEGIN)), None)
    if last is None or tap.at - last.at >= TOGETHER:
        return True
    return tap.jump and tap.segment != last.segment
