"""Chapters and soundbites on the wave: moved, shifted, picked; all times are the finished audio's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.arrange import arrange
from cityhall_fm.production.on_air import shift_times
from cityhall_fm.show.arranging import Change, Clash, Describe, Rewrite, Seen, Several, field_seen, seen
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import ConflictError, InputError
from cityhall_fm.show.mastering import Bite
from cityhall_fm.show.on_air import Tap, TapKind
from cityhall_fm.show.roles import Right
from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_SHORTEST, _LONGEST = Timecode.of_seconds(15), Timecode.of_seconds(120)
"""Podcasting 2.0: soundbite."""
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Row:
    """A segment with its time in the finished audio; `seen` names it as it is shown."""

    place: int
    title: str
    at: Timecode | None
    seen: str


@dataclass(frozen=True, slots=True)
class PickedBite:
    """A soundbite with its ends in the finished audio."""

    title: str
    start: Timecode
    end: Timecode
    name: str
    """What tells it from the others."""


@dataclass(frozen=True, slots=True)
class Wave:
    """What is laid over the waveform."""

    duration: Timecode
    rows: Sequence[Row]
    bites: Sequence[PickedBite]
    shift_id: str


def wave(episode: Episode) -> Wave | None:
    """Lay an episode's chapters and soundbites over its finished audio; None before there is any."""
    if episode.enclosure is None:
        return None
    rows = [
        Row(place, segment.title, None if segment.at is None else episode.finished(segment.at), str(name))
        for place, (segment, name) in enumerate(
            zip(episode.rundown.segments, seen(episode.rundown), strict=True), 1
        )
    ]
    bites = [
        PickedBite(
            bite.title, episode.finished(bite.at), episode.finished(bite.at) + bite.length, _name(bite)
        )
        for bite in episode.bites
    ]
    return Wave(episode.enclosure.duration, rows, bites, uuid4().hex)


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make what changes chapters and soundbites."""

    def done(visit: Visit, said: str) -> Response:
        number = visit.number()
        room.live.changed(f"episode-{number}")
        room.tell(visit, said)
        return room.back(visit, f"/episodes/{number}/sound")

    def change(episode: Episode, changes: Change) -> None:
        companion = room.companion
        made = arrange(
            episode.number, changes, shelf=companion.shelf, inbox=companion.inbox, now=room.clock()
        )
        if isinstance(made, Clash):
            raise ConflictError("studio_sound.changed_meanwhile")

    def times(visit: Visit) -> Response:
        episode = room.companion.shelf.episode(EpisodeNumber(visit.number()))
        change(episode, Several(tuple(_rewrites(visit, episode))))
        return done(visit, "studio_sound.times_kept")

    def shift(visit: Visit) -> Response:
        companion = room.companion
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        segment = _segment(episode, visit.form.get("seen", ""))
        if segment.at is None or not _ID.fullmatch(visit.form.get("id", "")):
            raise InputError("studio_sound.bad_time", path="", written="")
        really = _recorded(episode, _time(visit.form.get("really", "")))
        tap = Tap(
            visit.form["id"], TapKind.SHIFT, round(room.clock().timestamp() * 1000),
            shift=really.milliseconds - segment.at.milliseconds,
        )  # fmt: skip
        shift_times(
            episode.number, tap, person=visit.session.person, memory=companion.taps, shelf=companion.shelf,
            now=room.clock(),
        )  # fmt: skip
        return done(visit, "studio_sound.shifted")

    def pick(visit: Visit) -> Response:
        episode = room.companion.shelf.episode(EpisodeNumber(visit.number()))
        start, end = _time(visit.form.get("start", "")), _time(visit.form.get("end", ""))
        length = Timecode(max(0, end.milliseconds - start.milliseconds))
        if not _SHORTEST <= length <= _LONGEST:
            raise InputError("studio_sound.bite_length", path="")
        bite = Bite(_recorded(episode, start), length, visit.form.get("title", "").strip())
        bites = (*(one for one in episode.bites if _name(one) != _name(bite)), bite)
        change(episode, Describe({"bites": (field_seen(episode, "bites"), bites)}))
        return done(visit, "studio_sound.bite_kept")

    def drop(visit: Visit) -> Response:
        episode = room.companion.shelf.episode(EpisodeNumber(visit.number()))
        bites = tuple(one for one in episode.bites if _name(one) != visit.form.get("name"))
        change(episode, Describe({"bites": (field_seen(episode, "bites"), bites)}))
        return done(visit, "studio_sound.bite_dropped")

    place = "/episodes/{number:int}"
    return [
        room.post(f"{place}/times", times, Right.WRITE, did="studio_sound.did_times"),
        room.post(f"{place}/shift", shift, Right.WRITE, did="studio_sound.did_shift"),
        room.post(f"{place}/bites", pick, Right.WRITE, did="studio_sound.did_bite"),
        room.post(f"{place}/bites/drop", drop, Right.WRITE, did="studio_sound.did_drop_bite"),
    ]


def _rewrites(visit: Visit, episode: Episode) -> Sequence[Rewrite]:
    changes = []
    for field, name in visit.form.items():
        row = field.removeprefix("seen-")
        written, before = visit.form.get(f"at-{row}", "").strip(), visit.form.get(f"was-{row}", "")
        if row == field or written == before:
            continue
        at = _recorded(episode, _time(written)) if written else None
        changes.append(Rewrite(_seen(name), replace(_segment(episode, name), at=at)))
    return changes


def _segment(episode: Episode, name: str) -> Segment:
    """Find a segment as it was seen; ConflictError where it is another by now."""
    wanted = _seen(name)
    for segment, now in zip(episode.rundown.segments, seen(episode.rundown), strict=True):
        if now.whole == wanted.whole and (now.place == wanted.place or now.question == wanted.question):
            return segment
    raise ConflictError("studio_sound.changed_meanwhile")


def _seen(written: str) -> Seen:
    try:
        return Seen.read(written)
    except ValueError as error:
        raise ConflictError("studio_sound.changed_meanwhile") from error


def _time(written: str) -> Timecode:
    try:
        return Timecode.parse(written)
    except ValueError as error:
        raise InputError("studio_sound.bad_time", path="", written=written[:20]) from error


def _recorded(episode: Episode, at: Timecode) -> Timecode:
    return episode.enclosure.placement.recorded(at) if episode.enclosure else at


def _name(bite: Bite) -> str:
    return f"{bite.at.milliseconds}-{bite.length.milliseconds}"
