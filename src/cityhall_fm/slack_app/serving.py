"""Running the app: over Socket Mode, or over signed HTTP; what was missed meanwhile is collected first."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cityhall_fm.production.collect import A_NIGHT, collect
from cityhall_fm.production.keep_voices import keep_voices
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.purge import purge
from cityhall_fm.production.reassure import reassure
from cityhall_fm.production.take_back import queue_taking_back
from cityhall_fm.show.episode import in_rundowns
from cityhall_fm.show.errors import CompanionError, NotReadyError, SlackError
from cityhall_fm.show.slack_app import REQUEST_PATH
from cityhall_fm.slack_app.app import STATUS_SECONDS, FrontDesk, create_app
from cityhall_fm.slack_app.rounds import Rounds
from cityhall_fm.wiring import Wired

_LEAVING_SECONDS: Final = 5.0
_MOST_WAITS: Final = 3
AWAY_SECONDS: Final = 60.0
"""Slack sends an event again at once, after a minute and after five: a minute without a line loses some."""
_WATCH_SECONDS: Final = 5.0
_WITHOUT_PAUSE: Final = 20
_PAUSE_SECONDS: Final = 2.4
COLLECT_SECONDS: Final = 24 * 3600.0
"""Slack's events may get lost; a whole collection finds what they left out."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def demand_tokens(companion: Wired, *, over_http: bool) -> None:
    """Make sure before anything runs that it can: NotReadyError or SlackError for a missing token."""
    slack = companion.settings.slack
    if not slack.token:
        raise SlackError("slack.no_token")
    if over_http and not slack.signing_secret:
        raise NotReadyError("slack_app.no_signing_secret")
    if not over_http and not slack.app_token:
        raise NotReadyError("slack_app.no_app_token")


@contextmanager
def desk_at_work(
    companion: Wired,
    *,
    clock: Callable[[], datetime] = _utc_now,
    status_seconds: float = STATUS_SECONDS,
    collecting: bool = True,
    told: Callable[[CompanionError], None] | None = None,
) -> Iterator[tuple[App, FrontDesk]]:
    """Hold the app and the desk behind it, which hears, collects and shows status until the block ends."""
    client = WebClient(companion.settings.slack.token, companion.settings.slack.api_url)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=_MOST_WAITS))
    app, desk = create_app(companion, client, clock=clock, told=told)
    desk.collecting = Rounds("collecting", Collecting(companion, desk, clock).make)
    desk.status_seconds = status_seconds
    desk.start()
    if collecting:
        desk.collecting.start()
    try:
        yield app, desk
    finally:
        desk.close()
        desk.collecting.stop(_LEAVING_SECONDS)


@contextmanager
def over_socket(companion: Wired, app: App, desk: FrontDesk) -> Iterator[None]:
    """Connect over Socket Mode; SlackError where Slack refuses.

    After a connection that was lost for long, what happened meanwhile is collected.
    """
    handler = SocketModeHandler(app, companion.settings.slack.app_token, logger=app.logger)
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise SlackError("slack_app.not_connected", error=str(error.response.get("error"))) from error
    except OSError as error:
        raise SlackError("slack_app.not_connected", error=type(error).__name__, retryable=True) from error
    watch = Rounds("socket", SocketWatch(handler.client.is_connected, desk.collecting.wish, time.time).look)
    watch.start()
    try:
        yield
    finally:
        watch.stop(_LEAVING_SECONDS)
        _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """Close the connection at once.

    slack_sdk waits for the thread that listens, which listens three seconds at a time; what is said now is
    not acknowledged either way, and Slack says it again.
    """
    client = handler.client
    client.auto_reconnect_enabled, client.closed = False, True
    listening = client.current_session.sock if client.current_session else None
    if listening is not None:
        with suppress(OSError):  # it hung up first
            listening.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class SocketWatch:
    """Looks whether the connection stands, and has collected what came while it did not for long.

    Also where nobody looked for long: then this machine was asleep.
    """

    connected: Callable[[], bool]
    collect: Callable[[], None]
    seconds: Callable[[], float]
    _stood_at: float | None = None

    def look(self) -> float:
        """Look once; tells after how many seconds to look again."""
        if self.connected():
            now = self.seconds()
            if self._stood_at is not None and now - self._stood_at >= AWAY_SECONDS:
                self.collect()
            self._stood_at = now
        return _WATCH_SECONDS


def serve_http(app: App, *, host: str, port: int, told: Callable[[str], None]) -> None:
    """Take signed requests until Ctrl-C."""
    web = signed_http(app)
    told(f"http://{host}:{port}{REQUEST_PATH}")
    uvicorn.Server(
        uvicorn.Config(web, host=host, port=port, log_level="critical", access_log=False, lifespan="off")
    ).run()


def signed_http(app: App) -> Starlette:
    """Make what answers Slack's requests, those with its signature only."""

    async def answer(request: Request) -> Response:
        # Bolt waits for a listener's acknowledgement: here, and nobody else's request could come in.
        asked = to_bolt_request(request, await request.body())
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    return Starlette(routes=[Route(REQUEST_PATH, answer, methods=["POST"])])


@dataclass(slots=True)
class Collecting:
    """A whole collection a day, and what is due each day beside it.

    Each step is done whatever became of the others: a channel that was renamed stops no word from being
    forgotten. A round of which one failed is made again after a minute, then after more.
    """

    companion: Wired
    desk: FrontDesk
    clock: Callable[[], datetime]
    _failures: int = 0

    def make(self) -> float:
        carefully = self.desk.voice.carefully
        went_well = [carefully(step) for step in self._steps()]
        self.desk.status.wish()
        if all(went_well):
            self._failures = 0
            return COLLECT_SECONDS
        self._failures += 1
        return collect_again_after(self._failures)

    def _steps(self) -> Sequence[Callable[[], object]]:
        """Name what is done, in order; what a collection finds withdrawn is forgotten with it."""
        parts, desk, clock = self.companion, self.desk, self.clock
        return (
            lambda: _purge(parts, clock()),
            lambda: _collect(parts, clock()),
            lambda: _purge(parts, clock()),
            lambda: _queue_taking_back(parts, clock()),
            lambda: _keep_voices(parts, desk),
            lambda: _reassure(parts, desk, clock()),
            desk.welcoming.catch_up,
            desk.consenting.tell_hosts,
        )


def leaving_room(sleep: Callable[[float], None] = time.sleep) -> Callable[[], None]:
    """Make a pause that leaves half of Slack's patience to the events that come in meanwhile.

    The first few need none; from then on it keeps to 25 of the 50 requests a minute for replies.
    """
    asked = count(1)

    def pause() -> None:
        if next(asked) > _WITHOUT_PAUSE:
            sleep(_PAUSE_SECONDS)

    return pause


def collect_again_after(failures: int) -> float:
    """Tell how many seconds to wait after so many collections that failed.

    >>> [collect_again_after(failures) / 60 for failures in (1, 2, 3, 6, 7, 1000)]
    [1.0, 2.0, 4.0, 32.0, 60.0, 60.0]
    """
    return min(60.0 * 2.0 ** min(failures - 1, 10), 3600.0)


def _collect(companion: Wired, now: datetime) -> None:
    companion.desk.look_again()
    collect(
        source=companion.desk,
        inbox=companion.inbox,
        rules=companion.rules,
        in_rundowns=in_rundowns(companion.shelf.episodes()),
        now=now,
        emoji=companion.emoji,
        progress=Silence(),
        keeping=companion.keeping,
        again=A_NIGHT,
        pause=leaving_room(),
    )


def _purge(companion: Wired, now: datetime) -> None:
    purge(
        inbox=companion.inbox,
        shelf=companion.shelf,
        keeping=companion.keeping,
        retention=companion.settings.retention,
        now=now,
        voices=companion.voices,
    )


def _queue_taking_back(companion: Wired, now: datetime) -> None:
    queue_taking_back(
        inbox=companion.inbox,
        keeping=companion.keeping,
        ledger=companion.ledger,
        outbox=companion.outbox,
        now=now,
    )


def _keep_voices(companion: Wired, desk: FrontDesk) -> None:
    kept = keep_voices(inbox=companion.inbox, voices=companion.voices, source=companion.clips)
    for error in kept.refused:
        desk.voice.complain(error)


def _reassure(companion: Wired, desk: FrontDesk, now: datetime) -> None:
    """Write to those who wait for longer than was promised."""
    done = reassure(
        inbox=companion.inbox,
        keeping=companion.keeping,
        ledger=companion.ledger,
        outbox=companion.outbox,
        workspace=companion.desk,
        renderer=companion.renderer,
        show_for=lambda user: desk.voice.show_in(desk.voice.say(user)),
        within=timedelta(days=companion.settings.slack.answer_within_days),
        now=now,
    )
    for error in done.refused:
        desk.voice.complain(error)
