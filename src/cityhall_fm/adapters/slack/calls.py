"""Calls of Slack's Web API: patient when told to wait, paged to the end, every error translated."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

from cityhall_fm.adapters.slack.errors import error_code, slack_errors
from cityhall_fm.production.ports.slack import Pausing
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_json import Json, objects

Sleep = Callable[[float], None]
Argument = str | int | bool
Fine = frozenset[str]

SLACK_API: Final = "https://slack.com/api/"
_TOKEN: Final = re.compile(r"[!-~]+")
_MOST_WAITS: Final = 10
_MOST_RETRIES: Final = 3
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429


class Calls:
    """A token's way to Slack.

    What reads is tried again after a lost connection or Slack's own trouble; what speaks is not, since the
    message may have been stored: whoever posts looks for it first. Both wait as long as Slack asks, up to
    `longest_wait_seconds` at a time.
    """

    def __init__(
        self,
        token: str | None,
        base_url: str | None,
        *,
        sleep: Sleep,
        timeout_seconds: int = 30,
        longest_wait_seconds: float = 120,
    ) -> None:
        self._token = (token or "").strip()
        self._base_url = base_url or SLACK_API
        self.where = urlsplit(self._base_url).hostname or self._base_url
        self._sleep = sleep
        self._timeout_seconds = timeout_seconds
        self._longest_wait_seconds = longest_wait_seconds
        self._reader = self._client([_WaitsAsTold(sleep, longest_wait_seconds), _TriesAgain(sleep)])

    def read(self, method: str, *, place: str = "", fine: Fine = frozenset(), **arguments: Argument) -> Json:
        """Ask for something; `place` is for the error's text, an answer named in `fine` counts as empty."""
        return self._call(self._reader, method, {"params": arguments}, place, fine)[0]

    def read_with_headers(self, method: str) -> tuple[Json, Mapping[str, str]]:
        """Ask for something, and hear the answer's headers too, by their names in lower case."""
        return self._call(self._reader, method, {}, "", frozenset())

    def pages(
        self, method: str, items: str, *, place: str = "", fine: Fine = frozenset(), **arguments: Argument
    ) -> Iterator[Sequence[Json]]:
        """Ask for a list, page by page until Slack names no next one: a short page is not the end."""
        cursor, seen = "", set[str]()
        while True:
            at_cursor: dict[str, Argument] = {"cursor": cursor} if cursor else {}
            answer = self.read(method, place=place, fine=fine, **arguments, **at_cursor)
            yield objects(answer.get(items))
            metadata = answer.get("response_metadata")
            cursor = str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""
            if not cursor:
                return
            if cursor in seen:
                raise SlackError("slack.unreadable", where=self.where, retryable=True)
            seen.add(cursor)

    def write(
        self,
        method: str,
        arguments: Mapping[str, object],
        *,
        place: str = "",
        fine: Fine = frozenset(),
        pausing: Pausing = nullcontext,
    ) -> Json:
        """Say something, once; each pause for which Slack asks is made within `pausing`."""

        def sleep(seconds: float) -> None:
            with pausing():
                self._sleep(seconds)

        writer = self._client([_WaitsAsTold(sleep, self._longest_wait_seconds)])
        return self._call(writer, method, {"json": dict(arguments)}, place, fine)[0]

    def _call(
        self, client: WebClient, method: str, body: Mapping[str, Any], place: str, fine: Fine
    ) -> tuple[Json, Mapping[str, str]]:
        self._check_token()
        with slack_errors(method, where=self.where, place=place):
            try:
                answer = client.api_call(method, **body)
                data: object = answer.data
            except SlackApiError as error:
                if error_code(error) in fine:
                    return {}, {}
                raise
            if not isinstance(data, dict):
                raise ValueError("not an object")  # noqa: TRY004 - it came over the wire
            return data, {name.lower(): str(value) for name, value in answer.headers.items()}

    def _check_token(self) -> None:
        if not self._token:
            raise SlackError("slack.no_token")
        if not _TOKEN.fullmatch(self._token):  # http.client would quote it in its complaint
            raise SlackError("slack.bad_token", error="invalid_auth")

    def _client(self, patience: list[RetryHandler]) -> WebClient:
        client = WebClient(
            self._token,
            self._base_url,
            timeout=self._timeout_seconds,
            logger=_silent_logger(),
            retry_handlers=patience,
        )
        if is_loopback(self.where):
            client.proxy = None  # slack_sdk reads HTTPS_PROXY, but not NO_PROXY
        return client


class _WaitsAsTold(RetryHandler):
    """429: comes back after the seconds that Slack names, unless those are too many."""

    def __init__(self, sleep: Sleep, longest_wait_seconds: float) -> None:
        super().__init__(_MOST_WAITS)
        self._sleep = sleep
        self._longest_wait_seconds = longest_wait_seconds

    def _can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002
        request: HttpRequest,  # noqa: ARG002
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> bool:
        return (
            response is not None
            and response.status_code == _TOO_MANY
            and _retry_after(response) <= self._longest_wait_seconds
        )

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> None:
        state.next_attempt_requested = True
        self._sleep(_retry_after(response) if response else 1)
        state.increment_current_attempt()


class _TriesAgain(RetryHandler):
    """A lost connection, a time-out or a 5xx: a few more tries, each after a longer pause."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__(_MOST_RETRIES)
        self._sleep = sleep

    def _can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002
        request: HttpRequest,  # noqa: ARG002
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None:
            return response.status_code >= _SERVER_ERROR
        return isinstance(error, OSError | HTTPException)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002
        response: HttpResponse | None = None,  # noqa: ARG002
        error: Exception | None = None,  # noqa: ARG002
    ) -> None:
        state.next_attempt_requested = True
        self._sleep(0.5 * 2**state.current_attempt)
        state.increment_current_attempt()


def _retry_after(response: HttpResponse) -> float:
    values = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), [])
    text = values if isinstance(values, str) else values[0] if values else ""
    return float(text) if text.isascii() and text.isdigit() else 1.0


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _silent_logger() -> logging.Logger:
    """Make a logger that says nothing: slack_sdk would write whole messages into its own."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    return logger
