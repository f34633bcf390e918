"""An archive of feeds in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cityhall_fm.show.episode import Key
from cityhall_fm.show.kept_feed import Conditions, KeptFeed, LiveFeed, Rollback


class FakeFeedArchive:
    """Keeps everything by its place."""

    def __init__(self) -> None:
        self._conditions: dict[str, Conditions] = {}
        self._feeds: dict[tuple[str, str], KeptFeed] = {}
        self._unsettled: set[tuple[str, str]] = set()
        self._live: dict[str, LiveFeed] = {}
        self._outlines: dict[str, str] = {}
        self._rollbacks: dict[str, Rollback] = {}
        self._sendings: dict[tuple[str, int], frozenset[Key]] = {}
        self._last_sending = 0

    def conditions(self, endpoint: str) -> Conditions | None:
        return self._conditions.get(endpoint)

    def note_conditions(self, endpoint: str, conditions: Conditions) -> None:
        self._conditions[endpoint] = conditions

    def intend(self, where: str, feed: KeptFeed) -> KeptFeed:
        self._unsettled.add((where, feed.sha256))
        return replace(self._feeds.setdefault((where, feed.sha256), feed))

    def confirm(self, where: str, feed: LiveFeed, *, at: datetime, outline: str = "") -> None:  # noqa: ARG002
        self._outlines[where] = outline
        self._unsettled = {one for one in self._unsettled if one[0] != where}
        before = self._live.get(where)
        self._live[where] = replace(feed, heard_media=before.heard_media if before else frozenset())

    def outline(self, where: str) -> str:
        return self._outlines.get(where, "")

    def live(self, where: str) -> LiveFeed | None:
        return self._live.get(where)

    def note_heard(self, where: str, sha256: str, media: Collection[str]) -> None:
        if (live := self._live.get(where)) and live.sha256 == sha256:
            self._live[where] = replace(live, heard=True, heard_media=frozenset(media))

    def unsettled(self, where: str) -> frozenset[str]:
        return frozenset(sha256 for place, sha256 in self._unsettled if place == where)

    def kept(self, where: str) -> Sequence[KeptFeed]:
        found = [feed for (place, _), feed in self._feeds.items() if place == where]
        return sorted(found, key=lambda feed: feed.at)

    def forget(self, where: str, feed: KeptFeed) -> None:
        self._feeds.pop((where, feed.sha256), None)

    def begin_sending(self, where: str, keys: Collection[Key]) -> int:
        self._last_sending += 1
        self._sendings[where, self._last_sending] = frozenset(keys)
        return self._last_sending

    def begun(self, where: str) -> Mapping[int, Collection[Key]]:
        return {number: keys for (place, number), keys in self._sendings.items() if place == where}

    def end_sending(self, where: str, numbers: Collection[int]) -> None:
        for number in numbers:
            self._sendings.pop((where, number), None)

    def begin_rollback(self, where: str, rollback: Rollback) -> None:
        self._rollbacks[where] = rollback

    def rollback(self, where: str) -> Rollback | None:
        return self._rollbacks.get(where)

    def end_rollback(self, where: str) -> None:
        self._rollbacks.pop(where, None)
