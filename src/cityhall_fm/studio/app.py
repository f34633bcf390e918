"""The studio as a web application: its pages, gathered behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from cityhall_fm.show.roles import Right, Role
from cityhall_fm.studio.control_room import LANGUAGE_COOKIE, ControlRoom
from cityhall_fm.studio.entry import LOCAL, Entry
from cityhall_fm.studio.guard import Guard
from cityhall_fm.studio.pages import PAGES
from cityhall_fm.studio.visit import Visit
from cityhall_fm.texts import LANGUAGES
from cityhall_fm.wiring import Wired

_YEAR: Final = 365 * 24 * 3600


def control_room(companion: Wired, *, clock: Callable[[], datetime], address: str) -> ControlRoom:
    """Make what the pages hold, reached at an address such as `http://127.0.0.1:8430`."""
    entry = Entry(companion.studio_memory, clock, https=address.startswith("https://"))
    return ControlRoom(companion, entry, clock=clock, address=address)


def create_app(room: ControlRoom, *, addresses: Collection[str]) -> Starlette:
    """Make the application; `addresses` are all those that its people may use for it."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            room.live.end()

    return Starlette(
        routes=[*_entrances(room), *_pages(room)],
        exception_handlers={404: room.lost, 500: room.lost},
        middleware=[Middleware(Guard, addresses=addresses)],
        lifespan=lifespan,
    )


def _pages(room: ControlRoom) -> Sequence[BaseRoute]:
    return [route for page in PAGES for route in page(room)]


def _entrances(room: ControlRoom) -> Sequence[BaseRoute]:
    def enter(request: Request) -> Response:
        if not room.entry.use_link(request.query_params.get("link", "")):
            return room.stranger(request)
        response = RedirectResponse("/", 303)
        session = room.entry.let_in(response, person=LOCAL, name="", role=Role.PRODUCER)
        room.note(session, "studio.did_enter")
        return response

    def leave(visit: Visit) -> Response:
        response = room.back(visit, "/")
        room.entry.leave(response, visit.session)
        return response

    def language(visit: Visit) -> Response:
        response = room.back(visit, _own_path(visit.form.get("back", "/")))
        if visit.form.get("language") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, visit.form["language"], max_age=_YEAR, samesite="lax")
        return response

    async def live(request: Request) -> Response:
        if room.entry.session(request) is None:
            return room.stranger(request)
        topics = tuple(request.query_params.get("topics", "").split(",")[:20])
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(room.live.events(topics), media_type="text/event-stream", headers=headers)

    return [
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
        Route("/enter", enter),
        room.post("/leave", leave, Right.LOOK, did="studio.did_leave"),
        room.post("/language", language, Right.LOOK),
        Route("/live", live),
    ]


def _own_path(path: str) -> str:
    """Stay here: what begins with two slashes, of either kind, is another site to a browser."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else "/"
