"""The way in for recordings: piece by piece, so that nothing is lost on a bad line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock
from typing import Final

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.receive_recording import Coming, receive, received, set_aside
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.recording_files import Use
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_ID: Final = re.compile(r"[\w-]{4,64}", re.ASCII)
_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)
"""RFC 9110, section 14.4."""


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make where files arrive, where it is asked how far they are, and how one is not used after all.

    `HEAD …/recordings/NAME?file=ID` tells `upload-offset`; `PUT` brings what follows, with `Content-Range`.
    """
    one_at_a_time = Lock()
    companion = room.companion
    arrived: dict[str, str] = {}
    """Files that became whole, by their ids: a sender may not have heard of it."""

    def standing(visit: Visit) -> Response:
        number, id_ = EpisodeNumber(visit.number()), _id(visit)
        if id_ in arrived and companion.shelf.place(number, arrived[id_]).exists():
            return Response(headers={"upload-complete": "?1"})
        size = received(number, id_, shelf=companion.shelf, arrivals=companion.arrivals)
        return Response(headers={"upload-offset": str(size), "upload-complete": "?0"})

    def piece(visit: Visit) -> Response:
        number, headers = EpisodeNumber(visit.number()), visit.request.headers
        match = _RANGE.fullmatch(headers.get("content-range", ""))
        first, last, length = map(int, match.groups()) if match else (0, 0, 0)
        use = visit.asked("use", Use.RECORDING)
        if not match or last - first + 1 != len(visit.body) or use not in set(Use):
            raise InputError("studio_sound.bad_piece", path=visit.place("name"))
        coming = Coming(_id(visit), visit.place("name"), Use(use), length)
        with one_at_a_time:
            now = receive(
                number, coming, visit.body, at=first, shelf=companion.shelf, arrivals=companion.arrivals,
                suite=companion.suite, sha256=headers.get("x-sha256", ""),
                most_bytes=companion.settings.studio.recording_bytes,
            )  # fmt: skip
        if now.path is None:
            return JSONResponse({"size": now.size}, headers={"upload-offset": str(now.size)})
        arrived[coming.id] = now.path.name
        room.note(visit.session, "studio_sound.did_bring", number=number)
        room.live.changed(f"episode-{number}")
        return JSONResponse({"size": now.size, "name": now.path.name, "sha256": now.sha256}, 201)

    def aside(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        name = visit.form.get("name", "")
        set_aside(number, name, shelf=companion.shelf, arrivals=companion.arrivals)
        room.tell(visit, "studio_sound.set_aside", name=name)
        room.live.changed(f"episode-{number}")
        return room.back(visit, f"/episodes/{number}/sound")

    return [
        room.get("/episodes/{number:int}/recordings/{name:path}", standing),
        room.put("/episodes/{number:int}/recordings/{name:path}", piece, Right.AIR),
        room.post("/episodes/{number:int}/set-aside", aside, Right.AIR, did="studio_sound.did_set_aside"),
    ]


def _id(visit: Visit) -> str:
    id_ = visit.asked("file")
    if not _ID.fullmatch(id_):
        raise InputError("studio_sound.bad_piece", path=visit.place("name"))
    return id_
