"""The web as podcast apps use it: bounded, resumed where it broke off, addresses sent as they were written.

The standard library's client sends the bytes of an address unchanged and knows the proxies of city offices;
urllib3 would rewrite percent signs, and signed addresses of media would no longer be valid.
"""

from __future__ import annotations

import re
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from cityhall_fm import __version__
from cityhall_fm.adapters.web.opening import UNSATISFIABLE, as_sent, opener, shown, web_errors
from cityhall_fm.adapters.web.part import Part
from cityhall_fm.production.ports.moving import Fetched
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.show.errors import WebError

if TYPE_CHECKING:
    from email.message import Message
    from urllib.response import addinfourl

_BLOCK: Final = 64 * 1024
_FRUITLESS: Final = 3
"""Attempts in a row that bring nothing new, and then it is given up."""
_MOST_ATTEMPTS: Final = 40
_LONGEST_WAIT: Final = 60.0
_PARTIAL: Final = 206
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+)")
_PAGES: Final = ("text/html", "application/xhtml+xml")
_GotT = TypeVar("_GotT")


class UrllibWeb:
    """Fulfils Web; `wait` is what it does between attempts, `timeout` is in seconds of silence."""

    def __init__(self, *, timeout: float = 30.0, wait: Callable[[float], None] = time.sleep) -> None:
        self._timeout = timeout
        self._wait = wait

    def fetch(self, url: str, *, most_bytes: int) -> Fetched:
        """Fetch a document whole; WebError where it cannot be had."""

        def attempt() -> Fetched:
            with self._opened(url, {}) as answer:
                content = b"".join(_blocks(answer, url, most_bytes))
                expected = _content_length(answer)
                if expected is not None and len(content) < expected:
                    raise _broken_off(url, len(content), expected)
                content = _unpacked(content, url, most_bytes)
                return Fetched(answer.geturl(), content)

        return self._patiently(attempt, lambda: 0)

    def download(self, url: str, *, to: Path, most_bytes: int, progress: Progress) -> None:
        """Download a file whole; what an earlier attempt left in `.part` is continued, not fetched again.

        It is continued only where the server can tell that it is still the same file (RFC 9110, If-Range).
        Raises WebError, and InputError where the disk refuses.
        """
        part = Part(to)
        self._patiently(lambda: self._continued(url, part, most_bytes, progress), lambda: part.length)
        part.finish()

    def _patiently(self, attempt: Callable[[], _GotT], reached: Callable[[], int]) -> _GotT:
        """Try until it succeeds, as long as each attempt or two gets further."""
        best, fruitless = reached(), 0
        for _ in range(_MOST_ATTEMPTS):
            try:
                return attempt()
            except WebError as error:
                if not error.retryable:
                    raise
                fruitless = 0 if reached() > best else fruitless + 1
                best = max(best, reached())
                if fruitless >= _FRUITLESS:
                    raise
                self._wait(min(error.wait or 2.0**fruitless, _LONGEST_WAIT))
        return attempt()

    def _continued(self, url: str, part: Part, most_bytes: int, progress: Progress) -> None:
        with self._opened(url, part.conditions(url), part.discard) as answer:
            total = _content_length(answer)
            if answer.status == _PARTIAL:
                match = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
                if not match or int(match[1]) != part.length:
                    part.discard()
                    raise WebError("web.wrong_range", retryable=True, url=shown(url))
                total = int(match[2])
            else:
                part.begin(url, _validator(answer.headers))
            try:
                for block in _blocks(answer, url, most_bytes - part.length):
                    if not part.length:
                        _refuse_page(block, answer, url)
                    part.add(block)
                    progress.advance(part.length, total or 0)
            except WebError as error:
                if not error.retryable:
                    part.discard()
                raise
            if total is not None and part.length != total:
                if part.length > total:
                    part.discard()
                raise _broken_off(url, part.length, total)

    @contextmanager
    def _opened(
        self, url: str, headers: Mapping[str, str], unsatisfiable: Callable[[], None] = lambda: None
    ) -> Iterator[addinfourl]:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked
            as_sent(url),
            headers={"User-Agent": f"cityhall-fm/{__version__}", "Accept": "*/*", **headers},
        )
        try:
            with web_errors(url):
                answer = opener().open(request, timeout=self._timeout)
        except WebError as error:
            if error.text.values.get("code") == UNSATISFIABLE:
                unsatisfiable()
            raise
        with answer:
            yield answer


def _blocks(answer: addinfourl, url: str, most_bytes: int) -> Iterator[bytes]:
    length = 0
    while True:
        with web_errors(url):
            block = answer.read(_BLOCK)
        if not block:
            return
        length += len(block)
        if length > most_bytes:
            raise WebError("web.too_large", url=shown(url), megabytes=f"{most_bytes / 1e6:.0f}")
        yield block


def _content_length(answer: addinfourl) -> int | None:
    written = answer.headers.get("Content-Length", "").strip()
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    return int(written) if written.isascii() and written.isdigit() and not chunked else None


def _media_type(answer: addinfourl) -> str:
    return str(answer.headers.get_content_type()) if answer.headers.get("Content-Type") else ""


def _validator(headers: Message) -> str:
    """Choose what If-Range may carry: a strong ETag, or else a date (RFC 9110, 13.1.5)."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")


def _refuse_page(beginning: bytes, answer: addinfourl, url: str) -> None:
    if _media_type(answer) in _PAGES and beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise WebError("web.a_page", url=shown(url))


def _unpacked(content: bytes, url: str, most_bytes: int) -> bytes:
    """Undo gzip, which some servers send unasked; never into more than was allowed."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    packed = zlib.decompressobj(wbits=31)
    try:
        unpacked = packed.decompress(content, most_bytes)
    except zlib.error:
        return content
    if packed.unconsumed_tail:
        raise WebError("web.too_large", url=shown(url), megabytes=f"{most_bytes / 1e6:.0f}")
    return unpacked


def _broken_off(url: str, received: int, expected: int) -> WebError:
    return WebError("web.broken_off", retryable=True, url=shown(url), received=received, expected=expected)
