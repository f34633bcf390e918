"""What production asks of whoever words the show's texts, pages and feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cityhall_fm.show.card import Card
from cityhall_fm.show.episode import Episode, EpisodeNumber, Key, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.ruby import Ruby
from cityhall_fm.show.script import WrittenScript


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages for listeners show; episodes newest first."""

    show: Show
    artwork: Key
    episodes: tuple[tuple[Episode, ShowNotes], ...]
    picture: bytes = b""
    """The artwork itself, for smaller pictures of it."""
    covers: Mapping[EpisodeNumber, Key] = field(default_factory=dict)
    """Small pictures of the artwork that episodes have of their own."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as its template worded it."""

    text: str
    blocks: tuple[Mapping[str, object], ...]


class Renderer(Protocol):
    """What words the show's texts, over the show's own templates and the defaults."""

    def fingerprint(self) -> str:
        """Fingerprint the templates: the same one, the same words for the same values."""

    def notes_html(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the full show notes: clean HTML."""

    def notes_text(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the show notes as plain text."""

    def description(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the feed's description: the few HTML tags that apps know, at most 4,000 bytes."""

    def pages(self, site: Site) -> Mapping[Key, bytes]:
        """Make every page and what it needs, except the cards."""

    def cards(self, site: Site) -> Sequence[Card]:
        """Word the cards that the pages name; none where the site has no picture."""

    def announcement(self, show: Show, episode: Episode, notes: ShowNotes, artwork: Key) -> Words: ...

    def receipt(self, show: Show, episode: Episode, part: Part) -> Words: ...

    def declined(
        self, show: Show, *, later: bool, first: bool, reason: str, permalink: str | None, own: str = ""
    ) -> Words:
        """Word the private message to whoever's question is not in the show this time.

        `own` are a host's words, in place of ours and of the reason.
        """

    def waiting(self, show: Show, *, permalink: str | None) -> Words:
        """Word the private message to whoever has waited for longer than was promised."""

    def script_html(self, show: Show, episode: Episode, written: WrittenScript, *, vertical: bool) -> str:
        """Word the hosts' script as a page to print: it is theirs, and never built."""

    def script_text(self, show: Show, episode: Episode, written: WrittenScript) -> str:
        """Word the hosts' script as plain text, names with their readings."""

    def greeting(self, show: Show, *, in_private: bool) -> Words:
        """Word the welcome to whoever asks for the first time: through the app, or in a channel."""


class FeedWriter(Protocol):
    """What writes RSS."""

    def write(self, feed: Feed) -> bytes: ...


class Furigana(Protocol):
    """What knows how words are read."""

    def set(self, text: str, known: Mapping[str, str]) -> Sequence[Ruby]:
        """Set readings over the kanji of a text; those that are `known`, by word, come first."""
