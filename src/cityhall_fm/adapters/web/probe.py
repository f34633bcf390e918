"""Asks servers as podcast apps do and tells what they answer: bounded in time and bytes, never inward."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from cityhall_fm import __version__
from cityhall_fm.adapters.web.opening import as_sent, asking_opener
from cityhall_fm.show.errors import WebError
from cityhall_fm.show.feed_check.web import Answer

if TYPE_CHECKING:
    from urllib.response import addinfourl

_MOST_HOPS: Final = 10
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BLOCK: Final = 64 * 1024
_PATIENCE: Final = 15.0
"""Seconds that one server may be silent."""


class UrllibProbe:
    """Fulfils WebProbe; `seconds` is what all questions together may take.

    What the first question leads to decides whether addresses within one's own network may be asked: a
    feed from the internet must not send anybody there.
    """

    def __init__(self, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds
        self._inward: bool | None = None
        self._opener = asking_opener()

    def ask(
        self,
        url: str,
        *,
        most_bytes: int,
        method: str = "GET",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        """Ask, following redirections; an answer of any status is an answer."""
        here, hops = url, list[int]()
        while True:
            try:
                answer = self._once(here, method, headers, most_bytes)
            except _NoAnswerError as none:
                return Answer(url, 0, failure=none.failure, final_url=here, hops=tuple(hops))
            status, sent, content, whole = answer
            target = sent.get("location", "")
            if status not in _REDIRECTS or not target:
                return Answer(url, status, sent, content, whole, here, tuple(hops))
            hops.append(status)
            if len(hops) > _MOST_HOPS:
                return Answer(url, 0, failure="endless_hops", final_url=here, hops=tuple(hops))
            here = urljoin(here, target)

    def _once(
        self, url: str, method: str, headers: Mapping[str, str], most_bytes: int
    ) -> tuple[int, Mapping[str, str], bytes, bool]:
        left = self._until - self._clock()
        if left <= 0:
            raise _NoAnswerError("out_of_time")
        self._refuse_inward(url)
        request = urllib.request.Request(  # noqa: S310 - only handlers of http and https are there
            _address(url),
            method=method,
            headers={"User-Agent": f"cityhall-fm/{__version__}", "Accept": "*/*", **headers},
        )
        try:
            with self._opener.open(request, timeout=min(_PATIENCE, left)) as answer:
                content, whole = self._read(answer, most_bytes)
                known = {name.lower(): value for name, value in reversed(answer.headers.items())}
                return answer.status, MappingProxyType(known), content, whole
        except urllib.error.URLError as error:
            reason = error.reason if isinstance(error.reason, Exception) else error
            raise _NoAnswerError(_failure(reason)) from error
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise _NoAnswerError(_failure(error)) from error

    def _read(self, answer: addinfourl, most_bytes: int) -> tuple[bytes, bool]:
        blocks: list[bytes] = []
        length = 0
        while length < most_bytes:
            block = answer.read1(min(_BLOCK, most_bytes - length))
            if not block:
                return b"".join(blocks), True
            blocks.append(block)
            length += len(block)
            if self._clock() > self._until:
                raise _NoAnswerError("out_of_time")
        return b"".join(blocks), not answer.read1(1)

    def _refuse_inward(self, url: str) -> None:
        inward = _is_inward(url)
        if self._inward is None:
            self._inward = inward
        elif inward and not self._inward:
            raise _NoAnswerError("inward")


class _NoAnswerError(Exception):
    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


def _address(url: str) -> str:
    try:
        return as_sent(url.partition("#")[0])
    except WebError as error:
        raise _NoAnswerError("unreachable") from error


def _is_inward(url: str) -> bool:
    """Tell whether a name leads into one's own network; one that cannot be looked up here does not."""
    try:
        host = urlsplit(url).hostname or ""
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # behind a proxy names are looked up there
        return False
    return any(not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)


def _failure(reason: BaseException) -> str:
    match reason:
        case ssl.SSLCertVerificationError():
            return "tls"
        case TimeoutError():
            return "silent"
        case _:
            return "unreachable"
