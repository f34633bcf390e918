"""The show and its episodes, as their makers describe them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Rundown
from cityhall_fm.show.timecode import Timecode

EpisodeNumber = NewType("EpisodeNumber", int)
Guid = NewType("Guid", str)
"""Permanent: podcast apps know an episode by it, whatever else changes."""
Key = NewType("Key", str)
"""A file's name under the show's public address: ASCII, with slashes."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the show, named in public by their own wish; `role` from the podcast taxonomy."""

    name: str
    role: str = "host"
    reading: str | None = None
    url: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """What the feed's channel says: RSS 2.0, Apple's RSS guide, Podcasting 2.0."""

    title: str
    description: str
    language: str
    link: str
    author: str
    owner_email: str
    guid: Guid
    public_url: str
    """Where listeners reach `feeds/public`, without a slash at the end."""
    categories: tuple[tuple[str, str | None], ...]
    city: str = ""
    owner_name: str = ""
    explicit: bool = False
    kind: str = "episodic"
    copyright: str = ""
    locked: bool = True
    people: tuple[Person, ...] = ()
    timezone: str = "Asia/Tokyo"

    def url(self, key: Key | str) -> str:
        return f"{self.public_url}/{key}"


class EpisodeKind(StrEnum):
    """`itunes:episodeType`."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The finished audio as mastering left it; kept in `enclosure.json` beside the episode."""

    key: Key
    length_bytes: int
    media_type: str
    sha256: str
    duration: Timecode
    loudness: Loudness
    programme_at: Timecode
    """Where the recording begins in the finished file, after the jingle."""
    recipe: str
    """Fingerprint of recording, jingle and settings: the same recipe need not be made again."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode: what people wrote in `episode.md`, and the enclosure once it is mastered."""

    number: EpisodeNumber
    title: str
    guid: Guid
    summary: str = ""
    notes: str = ""
    """The host's own notes: Markdown."""
    season: int | None = None
    kind: EpisodeKind = EpisodeKind.FULL
    explicit: bool | None = None
    department: str = ""
    planned_for: datetime | None = None
    published_at: datetime | None = None
    """When it went into the feed; its `pubDate`, set once by the release."""
    people: tuple[Person, ...] = ()
    rundown: Rundown = Rundown()
    enclosure: Enclosure | None = None
    transcript: str | None = None
    """WebVTT, where the host has one."""

    @property
    def label(self) -> str:
        """The four digits that folders and media keys begin with.

        >>> Episode(EpisodeNumber(7), "冬支度", Guid("x")).label
        '0007'
        """
        return f"{self.number:04}"

    @property
    def page_key(self) -> Key:
        return Key(f"{self.number}/index.html")

    @property
    def chapters_key(self) -> Key:
        return Key(f"{self.number}/chapters.json")

    @property
    def transcript_key(self) -> Key:
        return Key(f"{self.number}/transcript.vtt")

    @property
    def has_chapters(self) -> bool:
        return len(self.rundown.untimed) < len(self.rundown.segments)


def in_rundowns(episodes: Iterable[Episode]) -> Mapping[QuestionId, Status]:
    """Tell which questions the episodes hold: answered in a published one, slotted in another."""
    return {
        question: Status.ANSWERED if episode.published_at else Status.SLOTTED
        for episode in episodes
        for question in episode.rundown.questions
    }
