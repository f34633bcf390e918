"""How open pages learn that something changed: server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from threading import Lock
from typing import Final

_LOOK_SECONDS: Final = 0.25
_LOOK_OUTSIDE_SECONDS: Final = 2.0
_SIGN_OF_LIFE_SECONDS: Final = 15.0

Fingerprint = Callable[[str], str]
"""Tells how a topic stands, also where another process or an editor changed it; empty for unknown ones."""


class Live:
    """Topics, such as `inbox` or `episode-3`, and how often each has changed here."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        self._fingerprint = fingerprint
        self._changes: Counter[str] = Counter()
        self._news: dict[str, object] = {}
        self._lock = Lock()
        self._ended = False

    def changed(self, topic: str, news: object = None) -> None:
        """Tell every page that shows a topic; `news` is plain data that it may show without asking again."""
        with self._lock:
            self._changes[topic] += 1
            self._news[topic] = news

    def end(self) -> None:
        """Let all listening pages go, so that the server can stop."""
        self._ended = True

    async def events(self, topics: tuple[str, ...]) -> AsyncIterator[str]:
        """Yield an event for each change of one of the topics, until the page goes away."""
        known = {topic: self._changes[topic] for topic in topics}
        outside = await asyncio.to_thread(self._outside, topics)
        quiet = unlooked = 0.0
        yield "retry: 1000\n\n"
        while not self._ended:
            await asyncio.sleep(_LOOK_SECONDS)
            quiet, unlooked = quiet + _LOOK_SECONDS, unlooked + _LOOK_SECONDS
            changed = {topic for topic in topics if self._changes[topic] != known[topic]}
            if unlooked >= _LOOK_OUTSIDE_SECONDS:
                unlooked = 0.0
                now = await asyncio.to_thread(self._outside, topics)
                changed |= {topic for topic in topics if now[topic] != outside[topic]}
                outside = now
            for topic in sorted(changed):
                known[topic] = self._changes[topic]
                quiet = 0.0
                data = json.dumps({"topic": topic, "news": self._news.get(topic)}, ensure_ascii=False)
                yield f"event: changed\ndata: {data}\n\n"
            if quiet >= _SIGN_OF_LIFE_SECONDS:
                quiet = 0.0
                yield ": here\n\n"

    def _outside(self, topics: tuple[str, ...]) -> Mapping[str, str]:
        return {topic: self._fingerprint(topic) for topic in topics}
