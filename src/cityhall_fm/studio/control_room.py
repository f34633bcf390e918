"""What every page holds: the companion, the clock, live topics, jobs, and how pages are worded and shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from cityhall_fm.production.concerned import concerned
from cityhall_fm.production.ports.studio import Act, Session
from cityhall_fm.show.concerned import Concerned
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import (
    CompanionError,
    ConflictError,
    InputError,
    NotReadyError,
    UnknownError,
)
from cityhall_fm.show.roles import Right, may
from cityhall_fm.show.text import Text
from cityhall_fm.studio.entry import Entry, csrf_of, is_csrf_of
from cityhall_fm.studio.jobs import Jobs
from cityhall_fm.studio.leafing import Leafing
from cityhall_fm.studio.live import Live
from cityhall_fm.studio.postman import Postman
from cityhall_fm.studio.visit import Visit
from cityhall_fm.studio.words import environment, explained
from cityhall_fm.texts import LANGUAGES, Catalogue
from cityhall_fm.wiring import Wired

Handler = Callable[[Visit], Response]

LANGUAGE_COOKIE: Final = "studio-language"
MOST_FORM_BYTES: Final = 1_000_000
MOST_PIECE_BYTES: Final = 8 * 2**20
_LOG: Final = logging.getLogger(__name__)


class ControlRoom:
    """The studio behind its pages."""

    def __init__(
        self,
        companion: Wired,
        entry: Entry,
        *,
        clock: Callable[[], datetime],
        address: str,
    ) -> None:
        self.companion, self.entry, self.clock, self.address = companion, entry, clock, address
        self.sign_in = companion.sign_in
        """How people come in with Slack; None where they cannot."""
        self.live = Live(self._fingerprint)
        self.jobs = Jobs(self.live, clock)
        self.leafing = Leafing(companion)
        self.postman = Postman(companion, self.leafing, clock, lambda: self.live.changed("inbox"))
        self._notices: dict[str, list[Text]] = {}
        self._templates = environment()

    # Routes

    def get(self, path: str, handler: Handler, right: Right = Right.LOOK) -> Route:
        """Make a page's route, for those who may."""

        async def answer(request: Request) -> Response:
            session = await run_in_threadpool(self.entry.session, request)
            if session is None:
                return self.stranger(request)
            visit = self._visit(request, session)
            return await run_in_threadpool(self._answer, handler, visit, right)

        return Route(path, answer, methods=["GET"])

    def post(self, path: str, handler: Handler, right: Right, *, did: str | None = None) -> Route:
        """Make the route of something that changes; `did` names how the log tells of it.

        The log fills that entry with the address's parts only: never with what somebody wrote.
        """

        async def answer(request: Request) -> Response:
            session = await run_in_threadpool(self.entry.session, request)
            if session is None:
                return self.stranger(request)
            visit = await self._filled(request, session)
            given = request.headers.get("x-csrf") or visit.form.get("csrf", "")
            if not is_csrf_of(session, given):
                return self._refused(visit, Text.of("studio.form_old"), 403)
            return await run_in_threadpool(self._do, handler, visit, right, did)

        return Route(path, answer, methods=["POST"])

    def put(self, path: str, handler: Handler, right: Right) -> Route:
        """Make the route that takes files piece by piece, each in the body of a request of its own."""

        async def answer(request: Request) -> Response:
            session = await run_in_threadpool(self.entry.session, request)
            if session is None:
                return self.stranger(request)
            if not is_csrf_of(session, request.headers.get("x-csrf", "")):
                return self._refused(self._visit(request, session), Text.of("studio.form_old"), 403)
            length = request.headers.get("content-length", "")
            if not length.isdecimal():
                raise HTTPException(411)
            if int(length) > MOST_PIECE_BYTES:
                raise HTTPException(413)
            try:
                visit = self._visit(request, session, body=await request.body())
            except ClientDisconnect as error:
                raise HTTPException(400) from error
            return await run_in_threadpool(self._answer, handler, visit, right)

        return Route(path, answer, methods=["PUT"])

    # Answers

    def show(self, visit: Visit, template: str, *, status: int = 200, **view: object) -> Response:
        """Show a page."""
        return HTMLResponse(self.word(visit, template, **view), status_code=status)

    def word(self, visit: Visit, template: str, **view: object) -> str:
        """Word a template for a visitor."""
        show = self.companion.show
        return self._templates.get_template(template).render(
            visit=visit, say=visit.say, word=visit.word, csrf=visit.csrf, show=show, may=visit.may,
            path=visit.request.url.path, zone=ZoneInfo(show.timezone), now=self.clock(),
            languages=LANGUAGES, concerned=self.concerned,
            notices=self._notices.pop(visit.session.key, []), **view,
        )  # fmt: skip

    def back(self, visit: Visit, path: str) -> Response:
        """Lead on to a page after something was done; the script, which stays, is told where."""
        if visit.request.headers.get("x-live"):
            return Response(status_code=204, headers={"x-to": path})
        return RedirectResponse(path, status_code=303)

    def tell(self, visit: Visit, name: str, /, **values: object) -> None:
        """Have the next page that they see say a sentence."""
        self._notices.setdefault(visit.session.key, []).append(Text.of(name, **values))

    def stranger(self, request: Request, error: CompanionError | None = None) -> Response:
        """Answer somebody who is not signed in; `error` is why they could not be let in."""
        if "text/html" not in request.headers.get("accept", "text/html"):
            return JSONResponse({"error": "signed out"}, 401)
        say = self.language(request)
        happened, _, advice = say.word(error.text).strip().partition("\n") if error else ("", "", "")
        page = self._templates.get_template("entry.html.j2").render(
            say=say, show=self.companion.show, sign_in=self.sign_in, happened=happened, advice=advice
        )
        return HTMLResponse(page, 403 if error else 401)

    async def lost(self, request: Request, error: Exception) -> Response:
        """Answer who came to a page that is not there, or met a fault of ours."""
        session = await run_in_threadpool(self.entry.session, request)
        if session is None:
            return self.stranger(request)
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = Text.of("studio.no_page" if status == 404 else "studio.fault")  # noqa: PLR2004 - HTTP's "not found"
        return await run_in_threadpool(self._refused, self._visit(request, session), text, status)

    def language(self, request: Request) -> Catalogue:
        """Choose their language: what they chose, else what their browser asks for, else the show's."""
        accepted = request.headers.get("accept-language", "").split(",")
        asked = (part.strip()[:2].lower() for part in accepted)
        wanted = (request.cookies.get(LANGUAGE_COOKIE, ""), *asked)
        return Catalogue(next((one for one in wanted if one in LANGUAGES), self.companion.show.language))

    def note(self, session: Session, name: str, /, **values: object) -> None:
        """Write down who did what."""
        self.companion.studio_memory.note(Act(self.clock(), session.person, Text.of(name, **values)))

    def concerned(self, number: EpisodeNumber | None = None) -> Sequence[Concerned]:
        """List what was recorded of questions that were withdrawn since, in all episodes or in one."""
        parts = self.companion
        found = concerned(inbox=parts.inbox, shelf=parts.shelf, taps=parts.taps)
        return [one for one in found if number in (None, one.episode.number)]

    # Inside

    def _visit(self, request: Request, session: Session, **more: Any) -> Visit:  # noqa: ANN401 - as Visit takes it
        return Visit(request, session, self.language(request), csrf_of(session), **more)

    async def _filled(self, request: Request, session: Session) -> Visit:
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            raise HTTPException(411)  # a body of unknown length could be endless
        if int(length) > MOST_FORM_BYTES:
            raise HTTPException(413)
        try:
            if request.headers.get("content-type", "").startswith("application/json"):
                return self._visit(request, session, json=await request.json())
            async with request.form(max_files=0, max_fields=2000) as form:
                pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        except (ValueError, ClientDisconnect) as error:
            raise HTTPException(400) from error
        lists: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            lists[name] = (*lists.get(name, ()), value)
        return self._visit(request, session, form={name: of[-1] for name, of in lists.items()}, lists=lists)

    def _answer(self, handler: Handler, visit: Visit, right: Right) -> Response:
        if not may(visit.session.role, right):
            return self._refused(visit, Text.of("studio.not_yours", role=Text.of(_role(visit))), 403)
        try:
            return handler(visit)
        except CompanionError as error:
            return self._failed(visit, error)

    def _do(self, handler: Handler, visit: Visit, right: Right, did: str | None) -> Response:
        response = self._answer(handler, visit, right)
        if did and response.status_code < 400:  # noqa: PLR2004 - HTTP's first error
            self.note(visit.session, did, **dict(visit.request.path_params))
        return response

    def _failed(self, visit: Visit, error: CompanionError) -> Response:
        status = {UnknownError: 404, ConflictError: 409, NotReadyError: 409, InputError: 422}
        code = next((code for kind, code in status.items() if isinstance(error, kind)), 503)
        more: Sequence[Text] = ()
        if isinstance(error, NotReadyError):
            more = error.missing
        elif isinstance(error, InputError):
            more = [problem.text for problem in error.problems]
        return self._refused(visit, error.text, code, more)

    def _refused(self, visit: Visit, text: Text, status: int, more: Sequence[Text] = ()) -> Response:
        error = explained(text, visit.say)
        details = [visit.word(one) for one in more]
        if "text/html" not in visit.request.headers.get("accept", "text/html"):
            told = {"error": error.happened, "advice": error.advice, "details": details}
            return JSONResponse(told, status)
        return self.show(visit, "problem.html.j2", status=status, error=error, details=details)

    def _fingerprint(self, topic: str) -> str:
        kind, _, rest = topic.partition("-")
        try:
            if kind == "inbox":
                return self.companion.studio_memory.state()
            if kind == "episode" and rest.isdigit():
                return _files(self.companion.settings.folder / "episodes", int(rest))
        except (CompanionError, OSError) as error:
            _LOG.warning("cannot look at %s: %s", kind, type(error).__name__)
        return ""


def _files(shelf: Path, number: int) -> str:
    found = sorted(path for folder in shelf.glob(f"{number:04}-*") for path in folder.iterdir())
    return "/".join(f"{path.name}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in found)


def _role(visit: Visit) -> str:
    return f"studio.role_{visit.session.role}"
