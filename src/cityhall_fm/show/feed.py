"""The feed: which episodes, in which order, under which addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cityhall_fm.show.episode import Episode, Key, Show


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An episode with its texts as podcast apps get them: HTML, cleaned."""

    episode: Episode
    description: str
    """At most 4,000 bytes."""
    content: str
    """The full show notes."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything that `feed.xml` says."""

    show: Show
    items: tuple[FeedItem, ...]
    artwork: Key

    @property
    def updated_at(self) -> datetime | None:
        """The newest episode's date and not "now": equal input, equal bytes."""
        return max((date for item in self.items if (date := item.episode.published_at)), default=None)


def in_feed(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Choose the published episodes, newest first."""
    published = [episode for episode in episodes if episode.published_at and episode.enclosure]
    return tuple(sorted(published, key=lambda episode: (episode.published_at, episode.number), reverse=True))
