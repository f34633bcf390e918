"""The sandbox on loopback: Slack's Web API under /api/, the page beside it."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cityhall_fm.sandbox.acting import Actor
from cityhall_fm.sandbox.attempts import Delivery
from cityhall_fm.sandbox.dispatch import Answer, Call, Desk
from cityhall_fm.sandbox.faults import Faults
from cityhall_fm.sandbox.member import Member
from cityhall_fm.sandbox.openid import openid_routes
from cityhall_fm.sandbox.page import page_routes
from cityhall_fm.sandbox.page_acting import acting_routes
from cityhall_fm.sandbox.refusals import Received
from cityhall_fm.sandbox.text import well_formed
from cityhall_fm.sandbox.wire import wire_routes
from cityhall_fm.sandbox.world import World

_LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0
_FORM_TYPE = "application/x-www-form-urlencoded"
_READABLE_TYPES = frozenset({_FORM_TYPE, "application/json", ""})


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    desk: Desk
    page_url: str

    @property
    def api_url(self) -> str:
        """The base_url for slack_sdk."""
        return f"{self.page_url}api/"

    @property
    def world(self) -> World:
        return self.desk.world

    @property
    def faults(self) -> Faults:
        return self.desk.faults

    @property
    def calls(self) -> list[Call]:
        """Every request so far, oldest first; may be cleared."""
        return self.desk.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent to apps so far, every attempt, oldest first; may be cleared."""
        return self.desk.post.deliveries

    def as_member(self, id_or_name: str) -> Member:
        """Lend somebody's hands and eyes."""
        return Member(Actor(self.world, self.desk.post, id_or_name))

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until every event was acknowledged or waits for its next attempt; tell if it came to that.

        Bolt acknowledges an event before its listener has run: wait for what the listener does, too.
        """
        return self.desk.post.settle(seconds)

    def wait_for_sockets(self, count: int = 1, *, seconds: float = 5.0) -> bool:
        """Wait until the apps hold at least so many Socket Mode connections; tell if it came to that."""
        return self.desk.post.sockets.wait_for(count, seconds)

    def end_sockets(self, reason: Literal["warning", "refresh_requested"] = "refresh_requested") -> None:
        """Tell the apps to reconnect, as Slack does every few hours."""
        self.desk.post.sockets.announce_end(reason)

    def drop_sockets(self) -> int:
        """Cut every connection without a word; return how many there were."""
        return self.desk.post.sockets.drop()

    def verify_request_urls(self) -> dict[str, bool]:
        """Send the url_verification challenge to the apps' request URLs; tell which answered it."""
        return self.desk.post.verify_request_urls()

    def start_over(self, world: World) -> None:
        """Serve another world at the same address; faults and calls begin anew."""
        self.desk.start_over(world)
        world.page_url = self.page_url

    def count(self, method: str) -> int:
        """Count the calls of one method."""
        return sum(call.method == method for call in self.calls)


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[Sandbox]:
    """Serve a world on loopback until the block ends; port 0 takes a free one."""
    desk = Desk(world)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        world.page_url = f"http://{_LOOPBACK}:{listener.getsockname()[1]}/"
        config = uvicorn.Config(
            create_app(desk),
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            desk.post.start()
            yield Sandbox(desk, world.page_url)
        finally:
            desk.post.stop()
            server.should_exit = True
            thread.join()


def create_app(desk: Desk) -> Starlette:
    """Build the web application: one route for all methods, and the page."""

    async def api(request: Request) -> Response:
        answer = desk.answer(await _received(request))
        if answer.delay_seconds:
            await asyncio.sleep(answer.delay_seconds)
        return _response(answer)

    return Starlette(
        routes=[
            *openid_routes(desk),
            Route("/api/{method}", api, methods=["GET", "POST"]),
            *wire_routes(desk),
            *page_routes(lambda: desk.world),
            *acting_routes(desk),
        ],
    )


async def _received(request: Request) -> Received:
    encoding = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given: dict[str, Any] = dict(request.query_params)
    malformed = encoding not in _READABLE_TYPES
    try:
        in_body = _parsed(await request.body(), encoding)
    except ValueError:
        in_body, malformed = {}, True
    given |= in_body
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    other_token = str(given.pop("token", ""))
    return Received(
        method=request.path_params["method"],
        token=token.strip() if scheme.lower() == "bearer" else other_token,
        arguments={name: well_formed(value) for name, value in given.items()},
        encoding=encoding if in_body or malformed else "",  # slack_sdk names a type for empty bodies too
        malformed=malformed,
    )


def _parsed(body: bytes, encoding: str) -> Mapping[str, Any]:
    text = body.decode()
    if not text.strip():
        return {}
    if encoding != "application/json":
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    parsed = json.loads(text)
    if not isinstance(parsed, dict):
        raise ValueError(text)  # noqa: TRY004 - malformed is malformed
    return parsed


def _response(answer: Answer) -> Response:
    return Response(
        json.dumps(answer.body),
        status_code=answer.status,
        headers=dict(answer.headers),
        media_type="application/json; charset=utf-8",
    )


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.005)
