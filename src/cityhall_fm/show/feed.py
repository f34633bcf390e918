"""The feeds: which episodes, in which order, on which page, in which format, under which addresses."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.show.episode import Enclosure, Episode, Key, MediaFile, Show
from cityhall_fm.show.publication import FEED_KEY


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
    """Everything that one feed, or one page of it, says."""

    show: Show
    items: tuple[FeedItem, ...]
    artwork: Key
    key: Key = FEED_KEY
    pages: tuple[tuple[str, Key], ...] = ()
    """Where the other pages are: RFC 5005's `first`, `prev`, `next`, `last`."""
    format: str = ""
    """The ending of the files that this feed is made of; empty for the show's main feed."""

    @property
    def updated_at(self) -> datetime | None:
        """The newest episode's date and not "now": equal input, equal bytes."""
        return max((date for item in self.items if (date := item.episode.published_at)), default=None)

    @property
    def guid(self) -> str:
        """The show's own; a feed of another format has one that is derived from it, for ever the same."""
        return str(uuid.uuid5(uuid.UUID(self.show.guid), self.format)) if self.format else self.show.guid

    def audio(self, enclosure: Enclosure) -> MediaFile:
        """Choose the file that this feed gives to download; an episode without the format keeps its own."""
        own = enclosure.media[0]
        of_format = (
            file for file in enclosure.alternates if self.format and _ending(file.key) == self.format
        )
        return next(of_format, own)


def in_feed(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Choose the published episodes, newest first."""
    published = [episode for episode in episodes if episode.published_at and episode.enclosure]
    return tuple(sorted(published, key=lambda episode: (episode.published_at, episode.number), reverse=True))


def feeds_of(show: Show, items: Sequence[FeedItem], artwork: Key) -> Iterator[Feed]:
    """Make the show's feed, and those that its settings ask for: pages of it, and other formats."""
    whole = Feed(show, tuple(items), artwork)
    yield from _pages(whole)
    for format_ in show.feed.formats:
        if any(_has(item.episode, format_) for item in items):
            yield from _pages(replace(whole, key=Key(f"feed-{format_}.xml"), format=format_))


def _pages(whole: Feed) -> Iterator[Feed]:
    """Cut a feed into pages (RFC 5005, section 3).

    The oldest episodes make page 1, so that a page once full stays as it is; the feed itself holds what
    is newer than the last full page, between one page and two.
    """
    size, count = whole.show.feed.page_size, len(whole.items)
    full = max(0, count // size - 1) if size else 0
    if not full or not size:
        yield whole
        return
    newest = count - full * size
    keys = [whole.key, *(_page_key(whole.key, number) for number in range(full, 0, -1))]
    starts = [0, *range(newest, count, size), count]
    for place, key in enumerate(keys):
        neighbours = {"first": keys[0], "last": keys[-1]}
        if place:
            neighbours["prev"] = keys[place - 1]
        if place < full:
            neighbours["next"] = keys[place + 1]
        yield replace(
            whole,
            items=whole.items[starts[place] : starts[place + 1]],
            key=key,
            pages=tuple(neighbours.items()),
        )


def _page_key(feed: Key, number: int) -> Key:
    return Key(f"{feed.removesuffix('.xml')}-{number}.xml")


def _has(episode: Episode, format_: str) -> bool:
    alternates = episode.enclosure.alternates if episode.enclosure else ()
    return any(_ending(file.key) == format_ for file in alternates)


def _ending(key: Key) -> str:
    return key.rpartition(".")[2]
