"""A podcast app that never stops asking: it notes every feed that is not whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from botocore.exceptions import ClientError

_PAUSE: Final = 0.03
"""Seconds between two questions."""
_AGAIN: Final = 0.25
"""Seconds after which the enclosures of a feed that was read before are asked for once more."""


@dataclass
class Reader:
    """What it saw: how often it read, and what was wrong."""

    reads: int = 0
    asked: int = 0
    """How often an enclosure was asked for."""
    invalid: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    kinds: set[bytes] = field(default_factory=set)
    looked: dict[bytes, float] = field(default_factory=dict)
    """When the enclosures of each feed were last asked for."""

    @property
    def content_hashes(self) -> int:
        return len(self.kinds)


@contextmanager
def reading(client: Any, bucket: str, prefix: str, public_url: str) -> Iterator[Reader]:
    """Poll the feed until the block ends; every enclosure that it names is asked for, again and again."""
    seen, stop = Reader(), threading.Event()
    feed = client.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": f"{prefix}/feed.xml"}, ExpiresIn=86_400
    )

    def is_there(key: str, length: int) -> str:
        try:
            found = client.head_object(Bucket=bucket, Key=f"{prefix}/{key}")
        except ClientError:
            return key
        return "" if found["ContentLength"] == length else f"{key} has another length"

    def poll() -> None:
        try:
            with closing(_Line(feed)) as line:
                while not stop.wait(_PAUSE):
                    look(line.ask(), public_url, is_there, seen)
        except Exception as error:  # noqa: BLE001 - a reader that gave up has seen nothing since
            seen.invalid.append(f"the reader ended: {error!r}")

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(10)
        seen.looked.clear()
        with closing(_Line(feed)) as line:
            look(line.ask(), public_url, is_there, seen)


def look(
    answer: tuple[int, bytes], public_url: str, is_there: Callable[[str, int], str], seen: Reader
) -> None:
    """Read the feed once, as an app would."""
    status, content = answer
    seen.reads += 1
    if status != HTTPStatus.OK:
        seen.invalid.append(f"status {status}")
        return
    now = time.monotonic()
    if now - seen.looked.get(content, -_AGAIN) < _AGAIN:
        return
    seen.looked[content] = now
    try:
        root = ET.fromstring(content)  # noqa: S314 - our own
    except ET.ParseError as error:
        seen.invalid.append(str(error))
        return
    if root.tag != "rss" or not root.findall("channel/item"):
        seen.invalid.append("no episode")
    for enclosure in root.iter("enclosure"):
        seen.asked += 1
        key = enclosure.get("url", "").removeprefix(f"{public_url}/")
        if wrong := is_there(key, int(enclosure.get("length", 0))):
            seen.missing.append(wrong)
    seen.kinds.add(content)


class _Line:
    """One connection to the server, kept open: boto3's own would cost as much as what is tortured."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._path = f"{parts.path}?{parts.query}"

    def ask(self) -> tuple[int, bytes]:
        for again in (True, False):
            try:
                self._connection.request("GET", self._path)
                with self._connection.getresponse() as answer:
                    return answer.status, answer.read()
            except (HTTPException, ConnectionError):  # the server may hang up between two questions
                self._connection.close()
                if not again:
                    raise
        raise AssertionError

    def close(self) -> None:
        self._connection.close()
