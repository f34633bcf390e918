"""Changes to a rundown, each made to it as it stands, whoever else changed it meanwhile.

A change names its segment by what the person saw of it. Segments that nobody else touched merge; where the
same one is different by now, there is a Clash, and the person chooses. A place is only a landmark: it moves
with the segments around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from cityhall_fm.show.airtime import Airtime
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.rundown import Rundown, Segment

DESCRIBED: Final = (
    "title", "summary", "notes", "season", "department", "topics", "planned_for", "people", "bites",
    "promises",
)  # fmt: skip
"""What a person may change of an episode besides its rundown; each by itself."""
_LETTERS: Final = 16
"""Of a fingerprint: 64 bits, for a few dozen segments."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A segment as somebody saw it: its place from 1, and fingerprints of all of it and of its title."""

    place: int
    whole: str
    title: str
    question: str = ""

    @classmethod
    def of(cls, segment: Segment, place: int) -> Seen:
        return cls(place, _print(segment), _print(segment.title), segment.question or "")

    @classmethod
    def read(cls, written: str) -> Seen:
        """Read what a page brought back; ValueError where no page of ours wrote it."""
        place, whole, title, question = written.split(".")
        return cls(int(place), whole, title, question)

    def __str__(self) -> str:
        return f"{self.place}.{self.whole}.{self.title}.{self.question}"


@dataclass(frozen=True, slots=True)
class Add:
    """Put a new segment before another, or at the end."""

    segment: Segment
    before: Seen | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a segment out."""

    seen: Seen


@dataclass(frozen=True, slots=True)
class Move:
    """Put a segment before another, or at the end."""

    seen: Seen
    before: Seen | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Give a segment another content, in its place."""

    seen: Seen
    segment: Segment


@dataclass(frozen=True, slots=True)
class Describe:
    """Change what is said of the episode: by name, a fingerprint of what was seen and what it becomes."""

    changes: Mapping[str, tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Several:
    """Changes that belong together: all are made, or none."""

    changes: tuple[Change, ...]


Change: TypeAlias = Add | Remove | Move | Rewrite | Describe | Several


@dataclass(frozen=True, slots=True)
class Clash:
    """What a change met that the person had not seen: nothing was changed."""

    change: Change
    now: Segment | None = None
    """The segment as it is now; None where it is gone, or where fields of the episode clash."""
    seen: Seen | None = None
    """What names it now."""
    fields: Mapping[str, object] | None = None
    """The episode's fields that are different by now, by name."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """An episode after a change."""

    episode: Episode
    places: tuple[int | None, ...]
    """For each segment, where it was before, from 0; None for a new one."""
    undo: Change
    """What takes the change back, under the same rule."""
    at: int | None = None
    """The place from 1 of the segment that was changed, if it is there."""


def arranged(episode: Episode, change: Change) -> Arranged | Clash:
    """Make one change to an episode as it stands."""
    match change:
        case Add():
            return _add(episode, change)
        case Several():
            return _several(episode, change)
        case Describe():
            return _describe(episode, change)
        case _:
            return _of_one(episode, change)


def seen(rundown: Rundown) -> Sequence[Seen]:
    """Name each segment as it is now."""
    return [Seen.of(segment, place) for place, segment in enumerate(rundown.segments, 1)]


def closing(rundown: Rundown, airtime: Airtime) -> Seen | None:
    """Find the corner that closes the show, where it stands last."""
    last = seen(rundown)[-1:]
    return last[0] if last and airtime.closes(rundown.segments[-1]) else None


def field_seen(episode: Episode, name: str) -> str:
    """Name what stands in a field of the episode now."""
    return _print(getattr(episode, name))


def value_seen(value: object) -> str:
    """Name what would stand in a field."""
    return _print(value)


def differing(one: Segment, other: Segment) -> Sequence[str]:
    """Name the fields in which two versions of a segment differ."""
    return [field.name for field in fields(Segment) if getattr(one, field.name) != getattr(other, field.name)]


def _add(episode: Episode, change: Add) -> Arranged:
    segments = list(episode.rundown.segments)
    place = _landmark(segments, change.before)
    places: list[int | None] = list(range(len(segments)))
    segments.insert(place, change.segment)
    places.insert(place, None)
    return _result(episode, segments, places, Remove(Seen.of(change.segment, place + 1)), place + 1)


def _of_one(episode: Episode, change: Remove | Move | Rewrite) -> Arranged | Clash:
    segments = list(episode.rundown.segments)
    places: list[int | None] = list(range(len(segments)))
    here = _find(segments, change.seen)
    if here is None:
        kin = _kin(segments, change.seen)
        if kin is None:
            return Clash(change)
        if isinstance(change, Rewrite) and segments[kin] == change.segment:  # somebody wrote the same
            return _result(episode, segments, places, Several(()), kin + 1)
        return Clash(change, segments[kin], Seen.of(segments[kin], kin + 1))
    if isinstance(change, Rewrite):
        undo: Change = Rewrite(Seen.of(change.segment, here + 1), segments[here])
        segments[here] = change.segment
        return _result(episode, segments, places, undo, here + 1)
    next_one = _name(segments, here + 1)
    taken, was = segments.pop(here), places.pop(here)
    if isinstance(change, Remove):
        return _result(episode, segments, places, Add(taken, next_one), None)
    place = _landmark(segments, change.before)
    segments.insert(place, taken)
    places.insert(place, was)
    return _result(episode, segments, places, Move(Seen.of(taken, place + 1), next_one), place + 1)


def _describe(episode: Episode, change: Describe) -> Arranged | Clash:
    wanted = {name: value for name, (_, value) in change.changes.items() if name in DESCRIBED}
    clashing = {
        name: getattr(episode, name)
        for name, (before, value) in change.changes.items()
        if field_seen(episode, name) != before and getattr(episode, name) != value
    }
    if clashing:
        return Clash(change, fields=clashing)
    undo = Describe({name: (_print(value), getattr(episode, name)) for name, value in wanted.items()})
    after = replace(episode, **wanted)  # type: ignore[arg-type]  # names of DESCRIBED only
    return _result(after, episode.rundown.segments, range(len(episode.rundown.segments)), undo, None)


def _several(episode: Episode, change: Several) -> Arranged | Clash:
    now = episode
    places: Sequence[int | None] = range(len(episode.rundown.segments))
    undo: list[Change] = []
    at = None
    for one in change.changes:
        made = arranged(now, one)
        if isinstance(made, Clash):
            return replace(made, change=change)
        now, at = made.episode, made.at
        places = [None if place is None else places[place] for place in made.places]
        undo.insert(0, made.undo)
    return _result(now, now.rundown.segments, places, Several(tuple(undo)), at)


def _result(
    episode: Episode,
    segments: Sequence[Segment],
    places: Sequence[int | None],
    undo: Change,
    at: int | None,
) -> Arranged:
    return Arranged(replace(episode, rundown=Rundown(tuple(segments))), tuple(places), undo, at)


def _find(segments: Sequence[Segment], wanted: Seen) -> int | None:
    """Find the very same segment; of several that are alike, the one nearest to where it was."""
    same = [place for place, segment in enumerate(segments) if _print(segment) == wanted.whole]
    return min(same, key=lambda place: abs(place + 1 - wanted.place), default=None)


def _kin(segments: Sequence[Segment], wanted: Seen) -> int | None:
    """Find what has become of a segment: that of its question, else of its title, else none.

    What merely stands in its place now may be another's: better to miss it than to write over that.
    """
    known = list(enumerate(segments))
    asked = [place for place, one in known if wanted.question and one.question == wanted.question]
    titled = [place for place, one in known if _print(one.title) == wanted.title]
    return min(asked or titled, key=lambda place: abs(place + 1 - wanted.place), default=None)


def _landmark(segments: Sequence[Segment], before: Seen | None) -> int:
    """Find the place before a segment, or before what has become of it; the end where there is none."""
    if before is None:
        return len(segments)
    place = _find(segments, before)
    if place is None:
        place = _kin(segments, before)
    return min(before.place - 1, len(segments)) if place is None else place


def _name(segments: Sequence[Segment], place: int) -> Seen | None:
    return Seen.of(segments[place], place + 1) if place < len(segments) else None


def _print(value: object) -> str:
    if isinstance(value, datetime):  # the same moment, however its offset is written
        value = value.astimezone(UTC)
    return fingerprint(value)[:_LETTERS]
