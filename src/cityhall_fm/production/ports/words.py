"""What production asks of whoever words the show's texts, pages and feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.notes import Part, ShowNotes


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages for listeners show; episodes newest first."""

    show: Show
    artwork: Key
    episodes: tuple[tuple[Episode, ShowNotes], ...]
    picture: bytes = b""
    """The artwork itself, for smaller pictures of it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as its template worded it."""

    text: str
    blocks: tuple[Mapping[str, object], ...]


class Renderer(Protocol):
    """What words the show's texts, over the show's own templates and the defaults."""

    def notes_html(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the full show notes: clean HTML."""

    def notes_text(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the show notes as plain text."""

    def description(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the feed's description: the few HTML tags that apps know, at most 4,000 bytes."""

    def pages(self, site: Site) -> Mapping[Key, bytes]:
        """Make every page and what it needs."""

    def announcement(self, show: Show, episode: Episode, notes: ShowNotes, artwork: Key) -> Words: ...

    def receipt(self, show: Show, episode: Episode, part: Part) -> Words: ...

    def declined(self, show: Show, *, later: bool, first: bool, reason: str, permalink: str | None) -> Words:
        """Word the private message to whoever's question is not in the show this time."""


class FeedWriter(Protocol):
    """What writes RSS."""

    def write(self, feed: Feed) -> bytes: ...
