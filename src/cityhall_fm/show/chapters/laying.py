"""Times laid on a rundown: what a file says, on the segments it belongs to."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from cityhall_fm.show.clean import cut, in_bytes, one_line
from cityhall_fm.show.rundown import Chapter, Rundown, Segment
from cityhall_fm.show.timecode import Timecode

_LONGEST_TITLE: Final = 1000
"""Bytes, as in `episode.md`."""


class How(StrEnum):
    """Why a time belongs to a segment."""

    TITLE = "title"
    ORDER = "order"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment (counted from 1) and its time before and now."""

    position: int
    title: str
    before: Timecode | None
    at: Timecode
    how: How

    @property
    def changed(self) -> bool:
        return self.before != self.at


@dataclass(frozen=True, slots=True)
class Laid:
    """The rundown with its times, what was placed, and which marks found no segment."""

    rundown: Rundown
    placed: tuple[Placed, ...]
    left_over: tuple[Chapter, ...] = ()

    @property
    def changed(self) -> tuple[Placed, ...]:
        return tuple(placed for placed in self.placed if placed.changed)


def lay(rundown: Rundown, marks: Sequence[Chapter], *, untitled: Callable[[int], str]) -> Laid:
    """Lay marks, timed in the recording, on the rundown's segments: by title first, then in order.

    A mark whose title is a segment's (whatever its width, case, spaces and punctuation) belongs to it. The
    others fill, one after the other, the segments that are free between those; what finds none is left
    over. Segments without a mark keep the time they have. An empty rundown takes a segment from each mark,
    with its title, link and image; `untitled` words the title of one that has none, by its position.

    >>> rundown = Rundown((Segment("はじめに"), Segment("灯油"), Segment("おわりに")))
    >>> marks = [Chapter(Timecode(0), ""), Chapter(Timecode(9000), ""), Chapter(Timecode(60_000), "おわりに")]
    >>> [(one.title, str(one.at), one.how.value) for one in lay(rundown, marks, untitled=str).placed]
    [('はじめに', '0:00', 'order'), ('灯油', '0:09', 'order'), ('おわりに', '1:00', 'title')]
    """
    ordered = sorted(marks, key=lambda mark: mark.at)
    if not rundown.segments:
        return _new(ordered, untitled)
    by_title = _by_title(rundown, ordered)
    places = by_title | _in_order(len(rundown.segments), len(ordered), by_title)
    segments = list(rundown.segments)
    placed: list[Placed] = []
    for mark, place in sorted(places.items(), key=lambda pair: pair[1]):
        segment, at = segments[place], ordered[mark].at
        how = How.TITLE if mark in by_title else How.ORDER
        placed.append(Placed(place + 1, segment.title, segment.at, at, how))
        segments[place] = replace(segment, at=at)
    left_over = tuple(mark for number, mark in enumerate(ordered) if number not in places)
    return Laid(Rundown(tuple(segments)), tuple(placed), left_over)


def _new(marks: Sequence[Chapter], untitled: Callable[[int], str]) -> Laid:
    segments = [
        Segment(
            cut(one_line(mark.title), _LONGEST_TITLE, in_bytes) or untitled(position),
            at=mark.at,
            url=mark.url,
            image=mark.image,
        )
        for position, mark in enumerate(marks, 1)
    ]
    placed = [
        Placed(position, segment.title, None, mark.at, How.NEW)
        for position, (segment, mark) in enumerate(zip(segments, marks, strict=True), 1)
    ]
    return Laid(Rundown(tuple(segments)), tuple(placed))


def _by_title(rundown: Rundown, marks: Sequence[Chapter]) -> dict[int, int]:
    """Find marks (by their number) whose title is a segment's; of twins, the first belongs to the first."""
    free: dict[str, list[int]] = {}
    for place, segment in enumerate(rundown.segments):
        free.setdefault(_folded(segment.title), []).append(place)
    found: dict[int, int] = {}
    for number, mark in enumerate(marks):
        places = free.get(_folded(mark.title)) if mark.title.strip() else None
        if places:
            found[number] = places.pop(0)
    return found


def _in_order(segments: int, marks: int, known: dict[int, int]) -> dict[int, int]:
    """Give the other marks the free segments between their neighbours', so that times stay in order."""
    taken = set(known.values())
    before = [segments] * (marks + 1)
    for number in reversed(range(marks)):
        before[number] = known.get(number, before[number + 1])
    found: dict[int, int] = {}
    after = -1
    for number in range(marks):
        if number in known:
            after = known[number]
            continue
        place = next((place for place in range(after + 1, before[number]) if place not in taken), None)
        if place is not None:
            found[number] = after = place
            taken.add(place)
    return found


def _folded(title: str) -> str:
    """Fold what people write differently without meaning it.

    >>> _folded("灯油代は、月にいくら？") == _folded("灯油代は 月に いくら?")
    True
    """
    plain = unicodedata.normalize("NFKC", one_line(title)).casefold()
    return "".join(letter for letter in plain if letter.isalnum()) or plain
