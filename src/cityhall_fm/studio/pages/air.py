"""The on-air card: one big button while the show is recorded, on every desk and phone at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import uuid4

from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.on_air import Noted, note_taps
from cityhall_fm.show.consent import public_name, quote
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.on_air import OnAir, Tap, TapKind, following, keys_of, on_air, planned_length
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_ID: Final = re.compile(r"[\w-]{1,64}", re.ASCII)
_KEY: Final = re.compile(r"[\w-]{0,64}", re.ASCII)
_WORKER: Final = Path(__file__).parents[1] / "static" / "air-worker.js"
_MOST_TAPS: Final = 500
_MOST_MILLISECONDS: Final = 10**13
"""Beyond any clock: the year 2286."""
_TAPPED: Final = frozenset(set(TapKind) - {TapKind.SHIFT})
"""A shift is heard in the recording, not tapped."""


@dataclass(frozen=True, slots=True)
class Line:
    """A segment as the card shows it; `name` is what may be said on air, with its reading."""

    key: str
    title: str
    name: str | None
    reading: str | None
    asked: bool
    length: int
    """Milliseconds: as planned, else as long as it takes to read."""
    usable: bool


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the card, the clock that devices set themselves by, and where taps arrive."""
    one_at_a_time = Lock()
    companion = room.companion

    def card(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        lines = _lines(room, episode)
        now = on_air(companion.taps.taps(episode.number))
        following_ = _following(lines, now)
        return room.show(
            visit, "air.html.j2", episode=episode, lines=lines, on_air=now, following=following_,
            state=json.dumps(_state(room, episode, lines), ensure_ascii=False),
            tap_id=lambda: uuid4().hex, last=_last(now), titles={line.key: line.title for line in lines},
        )  # fmt: skip

    def clock(_: Visit) -> Response:
        return JSONResponse({"now": _milliseconds(room.clock())})

    def state(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        return JSONResponse(_state(room, episode, _lines(room, episode)))

    def taps(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        noted = note(visit, number, _read_all(visit.json))
        return JSONResponse({"kept": [tap.id for tap in noted.new], "taps": _told(room, number)})

    def tap(visit: Visit) -> Response:
        """Take a tap of a page without script: at the time at which it arrives."""
        number = EpisodeNumber(visit.number())
        note(visit, number, [_read({**visit.form, "at": _milliseconds(room.clock()), "offset": 0})])
        return room.back(visit, f"/episodes/{number}/air")

    def note(visit: Visit, number: EpisodeNumber, taps: Sequence[Tap]) -> Noted:
        with one_at_a_time:
            noted = note_taps(
                number, taps, person=visit.session.person, memory=companion.taps, shelf=companion.shelf,
                inbox=companion.inbox, now=room.clock(),
            )  # fmt: skip
        if noted.new:
            room.live.changed(f"air-{number}", {"taps": _told(room, number)})
            room.live.changed(f"episode-{number}")
            room.live.changed("inbox")
            room.postman.show_statuses(companion.shelf.episode(number).rundown.questions)
        for kind in {one.kind for one in noted.new} & _LOGGED.keys():
            room.note(visit.session, _LOGGED[kind], number=number)
        return noted

    def worker(visit: Visit) -> Response:
        allowed = {"service-worker-allowed": f"/episodes/{visit.number()}/air"}
        return FileResponse(_WORKER, media_type="text/javascript", headers=allowed)

    return [
        room.get("/episodes/{number:int}/air", card),
        room.get("/episodes/{number:int}/air/clock", clock),
        room.get("/episodes/{number:int}/air/state", state),
        room.get("/episodes/{number:int}/air/worker.js", worker),
        room.post("/episodes/{number:int}/air/taps", taps, Right.AIR),
        room.post("/episodes/{number:int}/air/tap", tap, Right.AIR),
    ]


_LOGGED: Final[Mapping[TapKind, str]] = {
    TapKind.SYNC: "studio_air.did_sync",
    TapKind.AGAIN: "studio_air.did_again",
    TapKind.END: "studio_air.did_end",
}


def _lines(room: ControlRoom, episode: Episode) -> Sequence[Line]:
    known = room.companion.inbox.known(episode.rundown.questions)
    lines = []
    for key, segment in zip(keys_of(episode.rundown), episode.rundown.segments, strict=True):
        question = known.get(segment.question) if segment.question else None
        name = public_name(question.consent, question.asker_name) if question else None
        asked = quote(question.consent, question.words) if question else None
        lines.append(
            Line(
                key,
                segment.title,
                name.name if name else None,
                name.reading if name else None,
                asked=question is not None,
                length=planned_length(segment, asked=asked.words if asked else "").milliseconds,
                usable=question is None or question.usable,
            )
        )
    return lines


def _following(lines: Sequence[Line], now: OnAir) -> Line | None:
    unusable = [line.key for line in lines if not line.usable]
    key = following([line.key for line in lines], now, unusable=unusable)
    return next((line for line in lines if line.key == key), None)


def _last(now: OnAir) -> Tap | None:
    """Find what an undo takes back; a shift is taken back where it was made."""
    return next((tap for tap in reversed(now.counted) if tap.kind is not TapKind.SHIFT), None)


def _state(room: ControlRoom, episode: Episode, lines: Sequence[Line]) -> Mapping[str, object]:
    return {
        "now": _milliseconds(room.clock()),
        "segments": [
            {
                "key": line.key, "title": line.title, "name": line.name, "reading": line.reading,
                "asked": line.asked, "length": line.length, "usable": line.usable,
            }
            for line in lines
        ],
        "taps": _told(room, episode.number),
    }  # fmt: skip


def _told(room: ControlRoom, number: EpisodeNumber) -> list[dict[str, object]]:
    """Tell taps as the card's script reckons with them; it puts clocks right as we do."""
    return [
        {
            "id": tap.id, "kind": tap.kind.value, "at": tap.tapped, "offset": tap.offset,
            "segment": tap.segment, "jump": tap.jump, "undoes": tap.undoes, "shift": tap.shift,
        }
        for tap in room.companion.taps.taps(number)
    ]  # fmt: skip


def _read_all(sent: Any) -> Sequence[Tap]:  # noqa: ANN401 - whatever came
    taps = sent.get("taps") if isinstance(sent, dict) else None
    if not isinstance(taps, list) or len(taps) > _MOST_TAPS:
        raise _bad()
    return [_read(one) for one in taps]


def _read(sent: Any) -> Tap:  # noqa: ANN401 - whatever came
    if not isinstance(sent, dict):
        raise _bad()
    words = {name: str(sent.get(name, "")) for name in ("id", "kind", "segment", "undoes")}
    right = _ID.fullmatch(words["id"]) and all(_KEY.fullmatch(words[one]) for one in ("segment", "undoes"))
    if not right or words["kind"] not in _TAPPED:
        raise _bad()
    jump = sent.get("jump") in (True, "yes")
    tapped, offset = _whole(sent.get("at")), _whole(sent.get("offset", 0))
    kind = TapKind(words["kind"])
    if kind in (TapKind.BEGIN, TapKind.SKIP) and not words["segment"]:
        raise _bad()
    return Tap(words["id"], kind, tapped, offset, words["segment"], jump=jump, undoes=words["undoes"])


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST_MILLISECONDS:
        raise _bad()
    return value


def _bad() -> InputError:
    return InputError("studio_air.bad_tap", path="")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
