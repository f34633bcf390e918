"""The rundown of an episode: what comes in which order, how long it takes, who is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.arrange import arrange, close_last
from cityhall_fm.production.curate import slot
from cityhall_fm.production.write_script import script_of
from cityhall_fm.show.airtime import total
from cityhall_fm.show.arranging import (
    DESCRIBED,
    Add,
    Arranged,
    Change,
    Clash,
    Describe,
    Move,
    Remove,
    Rewrite,
    Seen,
    Several,
    closing,
    differing,
    seen,
    value_seen,
)
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.consent import Naming, quote
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.question import Question, Status
from cityhall_fm.show.roles import Right
from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages.rundown_form import SHOWN, described_in, seen_in, segment_in
from cityhall_fm.studio.visit import Visit

_PATH: Final = "/episodes/{number:int}/rundown"
_MOST_UNDONE: Final = 50
_ROLES: Final = ("host", "co-host", "guest", "reporter", "announcer")


@dataclass(frozen=True, slots=True)
class Row:
    """One segment on the page; `reading` and `length` in seconds and as a time."""

    segment: Segment
    seen: Seen
    reading: Timecode
    length: Timecode
    begins: Timecode
    """When it comes, if all before it takes as long as planned."""
    question: Question | None

    @property
    def naming(self) -> Naming | None:
        return self.question.consent.naming if self.question and self.question.consent else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question on the shortlist; `title` is its first sentence where the asker lets it be read."""

    question: Question
    title: str


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page and everything that changes on it."""
    desk = _Desk(room)
    buttons = {
        "add": (desk.add, "studio_rundown.did_arrange"),
        "take": (desk.take, "studio_rundown.did_arrange"),
        "rewrite": (desk.rewrite, "studio_rundown.did_rewrite"),
        "move": (desk.move, "studio_rundown.did_arrange"),
        "remove": (desk.remove, "studio_rundown.did_arrange"),
        "describe": (desk.describe, "studio_rundown.did_describe"),
        "corners": (desk.corners, "studio_rundown.did_arrange"),
        "undo": (desk.undo, "studio_rundown.did_undo"),
    }
    return [
        room.get(_PATH, desk.page),
        room.get(f"{_PATH}/clash", desk.clash),
        *(room.post(f"{_PATH}/{name}", act, Right.WRITE, did=did) for name, (act, did) in buttons.items()),
    ]


class _Desk:
    """What the buttons do; how each person takes back what they did, and what they have yet to choose."""

    def __init__(self, room: ControlRoom) -> None:
        self._room = room
        self._undos: dict[tuple[str, int], list[Change]] = {}
        self._clashes: dict[str, Clash] = {}

    def page(self, visit: Visit) -> Response:
        episode = _episode(self._room, visit)
        rows = _rows(self._room, episode)
        airtime = self._room.companion.settings.airtime
        titles = {row.segment.title for row in rows}
        return self._room.show(
            visit, "rundown.html.j2", **_about(self._room, episode), rows=rows,
            total=total((row.length for row in rows), airtime), airtime=airtime,
            reading=Timecode(sum(row.reading.milliseconds for row in rows)),
            shortlist=_shortlist(self._room), values=_values(episode),
            corners=[corner for corner in airtime.corners if corner.title not in titles],
            may_undo=bool(self._undos.get((visit.session.key, episode.number))),
        )  # fmt: skip

    def _done(self, visit: Visit, change: Change, told: str, **values: object) -> Response:
        """Make a change, tell of it, and remember how it is taken back."""
        number = EpisodeNumber(visit.number())
        companion = self._room.companion
        made = arrange(number, change, shelf=companion.shelf, inbox=companion.inbox, now=self._room.clock())
        if isinstance(made, Clash):
            if isinstance(change, Move | Remove):
                self._room.tell(visit, "studio_rundown.changed_meanwhile")
                return self._room.back(visit, _path(number))
            self._clashes[visit.session.key] = made
            return self._room.back(visit, f"{_path(number)}/clash")
        self._clashes.pop(visit.session.key, None)
        self._remember(visit, number, made.undo)
        if made.at is not None:
            values.setdefault("place", made.at)
        self._room.tell(visit, told, **values)
        self._changed(number)
        return self._room.back(visit, _path(number))

    def _remember(self, visit: Visit, number: int, undo: Change) -> None:
        self._undos.setdefault((visit.session.key, number), []).append(undo)
        del self._undos[visit.session.key, number][:-_MOST_UNDONE]

    def _changed(self, number: int) -> None:
        for topic in (f"episode-{number}", "inbox", "episodes"):
            self._room.live.changed(topic)

    def add(self, visit: Visit) -> Response:
        segment = segment_in(visit)
        ending = closing(_episode(self._room, visit).rundown, self._room.companion.settings.airtime)
        return self._done(visit, Add(segment, ending), "studio_rundown.added", title=segment.title)

    def rewrite(self, visit: Visit) -> Response:
        one = seen_in(visit, "seen")
        known = _found(self._room, visit, one)
        segment = segment_in(visit, known)
        if segment == known:
            return self._room.back(visit, _path(visit.number()))
        return self._done(visit, Rewrite(one, segment), "studio_rundown.rewritten", title=segment.title)

    def move(self, visit: Visit) -> Response:
        before = seen_in(visit, "before") if visit.form.get("before") else None
        title = visit.form.get("title", "")
        return self._done(visit, Move(seen_in(visit, "seen"), before), "studio_rundown.moved", title=title)

    def remove(self, visit: Visit) -> Response:
        title = visit.form.get("title", "")
        return self._done(visit, Remove(seen_in(visit, "seen")), "studio_rundown.removed", title=title)

    def take(self, visit: Visit) -> Response:
        companion, number = self._room.companion, EpisodeNumber(visit.number())
        segment = slot(
            visit.form.get("question", ""), number, shelf=companion.shelf, inbox=companion.inbox,
            links=links, now=self._room.clock(), title=one_line(visit.form.get("title", "")) or None,
        )  # fmt: skip
        close_last(
            number, companion.settings.airtime, shelf=companion.shelf, inbox=companion.inbox,
            now=self._room.clock(),
        )  # fmt: skip
        rundown = companion.shelf.episode(number).rundown
        added = next(one for one in seen(rundown) if one.question == segment.question)
        self._remember(visit, number, Remove(added))
        self._room.tell(visit, "studio_rundown.added", title=segment.title, place=added.place)
        self._changed(number)
        return self._room.back(visit, _path(number))

    def describe(self, visit: Visit) -> Response:
        episode = _episode(self._room, visit)
        wanted = described_in(visit, episode, ZoneInfo(self._room.companion.show.timezone))
        changes = {
            name: (visit.form[f"seen_{name}"], value)
            for name, value in wanted.items()
            if visit.form.get(f"seen_{name}") not in (None, value_seen(value))
        }
        if not changes:
            return self._room.back(visit, _path(episode.number))
        return self._done(visit, Describe(changes), "studio_rundown.described")

    def corners(self, visit: Visit) -> Response:
        episode = _episode(self._room, visit)
        known = {segment.title for segment in episode.rundown.segments}
        missing = [one for one in self._room.companion.settings.airtime.corners if one.title not in known]
        if not missing:
            return self._room.back(visit, _path(episode.number))
        first = next(iter(seen(episode.rundown)), None)
        adds = [Add(one, first if place == 0 else None) for place, one in enumerate(missing)]
        return self._done(visit, Several(tuple(adds)), "studio_rundown.corners_added", count=len(missing))

    def undo(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        waiting = self._undos.get((visit.session.key, number), [])
        if waiting:
            companion = self._room.companion
            made = arrange(
                number, waiting.pop(), shelf=companion.shelf, inbox=companion.inbox, now=self._room.clock()
            )
            self._room.tell(
                visit,
                "studio_rundown.undone" if isinstance(made, Arranged) else "studio_rundown.cannot_undo",
            )
            self._changed(number)
        return self._room.back(visit, _path(number))

    def clash(self, visit: Visit) -> Response:
        episode = _episode(self._room, visit)
        met = self._clashes.get(visit.session.key)
        if met is None:
            return self._room.back(visit, _path(episode.number))
        return self._room.show(
            visit, "rundown_clash.html.j2", **_about(self._room, episode), **_clash(met, episode)
        )


def _path(number: int) -> str:
    return f"/episodes/{number}/rundown"


def _episode(room: ControlRoom, visit: Visit) -> Episode:
    return room.companion.shelf.episode(EpisodeNumber(visit.number()))


def _about(room: ControlRoom, episode: Episode) -> dict[str, Any]:
    return {
        "episode": episode,
        "roles": _ROLES,
        "departments": room.companion.settings.slack.asking.departments,
        "place": _path(episode.number),
        "seen_fields": {name: value_seen(getattr(episode, name)) for name in DESCRIBED},
    }


def _rows(room: ControlRoom, episode: Episode) -> Sequence[Row]:
    inbox = room.companion.inbox
    known = inbox.known(episode.rundown.questions)
    rows: list[Row] = []
    begins = Timecode(0)
    parts = script_of(room.companion.show, episode, inbox=inbox).parts
    for part, one in zip(parts, seen(episode.rundown), strict=True):
        reading = Timecode.of_seconds(round(part.seconds))
        question = known.get(part.segment.question) if part.segment.question else None
        rows.append(Row(part.segment, one, reading, part.length, begins, question))
        begins += part.length
    return rows


def _shortlist(room: ControlRoom) -> Sequence[Candidate]:
    chosen = room.companion.inbox.questions(statuses=frozenset({Status.SHORTLISTED}))
    return [_candidate(question) for question in chosen if question.usable]


def _candidate(question: Question) -> Candidate:
    released = quote(question.consent, question.words)
    sentence = re.search(r".+?(?:[。！？!?]|\n|$)", released.words.strip()) if released else None
    return Candidate(question, _bare(sentence[0])[:60] if sentence else "")


def _bare(sentence: str) -> str:
    """Make a title of a sentence: without the emoji that it began with, and its full stop."""
    line = one_line(sentence).rstrip("。.")
    return re.sub(r"^[^\w「『(]+", "", line) or line


def _values(episode: Episode) -> Mapping[str, object]:
    return {name: getattr(episode, name) for name in DESCRIBED}


def _clash(met: Clash, episode: Episode) -> Mapping[str, Any]:
    """Lay both versions side by side, and what a form needs to choose."""
    if met.fields is not None and isinstance(met.change, Describe):
        mine = {name: value for name, (_, value) in met.change.changes.items()}
        now = {name: getattr(episode, name) for name in met.fields}
        return {"mine": None, "values": {**_values(episode), **mine}, "theirs": now, "fields": mine}
    if not isinstance(met.change, Rewrite):
        raise NotReadyError("studio_rundown.nothing_to_choose")
    mine_now = met.change.segment
    if met.now:
        mine_now = replace(met.now, **{name: getattr(mine_now, name) for name in SHOWN})
    names = differing(met.now, mine_now) if met.now else ()
    return {"mine": mine_now, "theirs": met.now, "seen": met.seen, "names": names}


def _found(room: ControlRoom, visit: Visit, one: Seen) -> Segment | None:
    """Find what a form is about, for those fields that it does not show."""
    rundown = _episode(room, visit).rundown
    same = [
        known for known, name in zip(rundown.segments, seen(rundown), strict=True) if name.whole == one.whole
    ]
    return same[0] if same else None
