"""Taps of the on-air card -> Rundown and Inbox: when each segment came, which questions were recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.production.ports.episodes import EpisodeShelf, Rewritten
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.on_air import TapMemory
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.on_air import OnAir, Tap, keys_of, on_air
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Rundown
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Noted:
    """How the recording stands, and which of the taps were new."""

    now: OnAir
    new: tuple[Tap, ...]


def note_taps(
    number: EpisodeNumber,
    taps: Sequence[Tap],
    *,
    person: str,
    memory: TapMemory,
    shelf: EpisodeShelf,
    inbox: Inbox,
    now: datetime,
) -> Noted:
    """Write what taps mean into `episode.md` and into the inbox, and keep them.

    Only what these taps change is written: a time that somebody corrected by hand stays, unless its own
    segment is tapped. Sent again, they change nothing. They are kept last, so that a crash before that
    lets the sender send them again.
    """
    rundown = shelf.episode(number).rundown
    known = {tap.id: tap for tap in memory.taps(number)}
    new = tuple({tap.id: tap for tap in taps if tap.id not in known}.values())
    before, after = on_air(known.values()), on_air([*known.values(), *new])
    if new:
        _write_times(number, before.starts, after.starts, shelf)
        _set_statuses(rundown, before.starts, after.starts, inbox, now)
        memory.keep(number, new, person=person, at=now)
    return Noted(after, new)


def shift_times(
    number: EpisodeNumber,
    tap: Tap,
    *,
    person: str,
    memory: TapMemory,
    shelf: EpisodeShelf,
    now: datetime,
) -> None:
    """Move all times of an episode by a tap's `shift`, and with them what is tapped from now on.

    The beginning of the recording stops what would lie before it. Done again with the same tap, it changes
    nothing.
    """
    if any(tap.id == other.id for other in memory.taps(number)):
        return

    def moved(_: str, at: Timecode | None) -> Timecode | None:
        return None if at is None else Timecode(max(0, at.milliseconds + tap.shift))

    _rewrite(number, moved, shelf)
    memory.keep(number, [tap], person=person, at=now)


def _write_times(
    number: EpisodeNumber,
    before: Mapping[str, Timecode],
    after: Mapping[str, Timecode],
    shelf: EpisodeShelf,
) -> None:
    def tapped(key: str, at: Timecode | None) -> Timecode | None:
        return at if before.get(key) == after.get(key) else after.get(key)

    _rewrite(number, tapped, shelf)


def _rewrite(
    number: EpisodeNumber, time_of: Callable[[str, Timecode | None], Timecode | None], shelf: EpisodeShelf
) -> None:
    """Give every segment the time that a rule makes of its key and its present time."""

    def timed(episode: Episode) -> Rewritten | None:
        known = episode.rundown
        pairs = zip(keys_of(known), known.segments, strict=True)
        segments = tuple(replace(segment, at=time_of(key, segment.at)) for key, segment in pairs)
        if segments == known.segments:
            return None
        return Rewritten(replace(episode, rundown=Rundown(segments)), tuple(range(len(segments))))

    shelf.rewrite(number, timed)


def _set_statuses(
    rundown: Rundown,
    before: Mapping[str, Timecode],
    after: Mapping[str, Timecode],
    inbox: Inbox,
    now: datetime,
) -> None:
    questions = inbox.known(rundown.questions)

    def move(keys: Iterable[str], now_is: Status, becomes: Status) -> None:
        for key in keys:
            question = questions.get(QuestionId(key))
            if question and question.status is now_is:
                inbox.set_status(question.id, becomes, at=now)

    move(after.keys() - before.keys(), Status.SLOTTED, Status.RECORDED)
    # No life of a question goes this way but by a mistaken tap that is taken back.
    move(before.keys() - after.keys(), Status.RECORDED, Status.SLOTTED)
