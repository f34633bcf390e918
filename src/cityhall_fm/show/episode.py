"""The show and its episodes, as their makers describe them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType

from cityhall_fm.show.accessibility import Accessibility
from cityhall_fm.show.feed_fields import EpisodeFields, ShowFields
from cityhall_fm.show.keys import Key as Key  # noqa: PLC0414 - an episode's word as well
from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.mastering import Bite, MasteringWishes
from cityhall_fm.show.placement import Placement
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Rundown
from cityhall_fm.show.timecode import Timecode

EpisodeNumber = NewType("EpisodeNumber", int)
Guid = NewType("Guid", str)
"""Permanent: podcast apps know an episode by it, whatever else changes."""
IMPORTED: Final = "imported"
"""The recipe of audio that came finished from another host."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the show, named in public by their own wish; `role` from the podcast taxonomy."""

    name: str
    role: str = "host"
    reading: str | None = None
    url: str | None = None
    image: str | None = None
    group: str | None = None
    """Where the role belongs in the podcast taxonomy; without one, to the cast."""


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
    moved_from: str = ""
    """The feed's address at its former host; apps are then told to stay with ours."""
    listed: tuple[tuple[str, str], ...] = ()
    """Directories that list the show, by their names in `subscribing.SERVICES`, and its page there."""
    accessibility: Accessibility = Accessibility()
    feed: ShowFields = ShowFields()

    def url(self, key: Key | str) -> str:
        return f"{self.public_url}/{key}"


class EpisodeKind(StrEnum):
    """`itunes:episodeType`."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file beside the enclosure; `bitrate` in kbit/s, 0 for what is no audio."""

    key: Key
    length_bytes: int
    media_type: str
    sha256: str
    bitrate: int = 0


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The finished audio as mastering left it; kept in `enclosure.json` beside the episode."""

    key: Key
    length_bytes: int
    media_type: str
    sha256: str
    duration: Timecode
    loudness: Loudness | None
    """None where it was never measured: the audio came finished from another host."""
    programme_at: Timecode
    """Where the recording begins in the finished file, after the jingle."""
    recipe: str
    """Fingerprint of recording, jingle and settings: the same recipe need not be made again."""
    trimmed: Timecode = Timecode(0)
    """How much of the recording's beginning is not in the finished file, being silence."""
    processing: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """What mastering did to the sound, for whoever asks later: plain values, by name."""
    alternates: tuple[MediaFile, ...] = ()
    """The same sound in other formats."""
    clips: tuple[tuple[Bite, MediaFile], ...] = ()
    waveform: MediaFile | None = None
    """Its peaks, for players that draw them."""
    pictures: tuple[tuple[str, MediaFile], ...] = ()
    """The chapters' pictures, by their names in the episode's folder."""

    @property
    def imported(self) -> bool:
        """Whether it came finished from another host; then only a recording can replace it."""
        return self.recipe == IMPORTED

    @property
    def placement(self) -> Placement:
        return Placement(self.programme_at, self.trimmed)

    @property
    def sounds(self) -> tuple[MediaFile, ...]:
        """What only mastering can make: the enclosure itself, its alternates, its waveform."""
        own = MediaFile(self.key, self.length_bytes, self.media_type, self.sha256)
        return (own, *self.alternates, *((self.waveform,) if self.waveform else ()))

    @property
    def media(self) -> tuple[MediaFile, ...]:
        """Every file that goes where listeners fetch them, the enclosure itself first."""
        return (*self.sounds, *(file for _, file in (*self.clips, *self.pictures)))


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that the hosts said on the air they would do."""

    what: str
    by: date | None = None
    kept_on: date | None = None


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
    topics: tuple[str, ...] = ()
    planned_for: datetime | None = None
    published_at: datetime | None = None
    """When it went into the feed; its `pubDate`, set once by the release."""
    people: tuple[Person, ...] = ()
    rundown: Rundown = Rundown()
    enclosure: Enclosure | None = None
    transcript: str | None = None
    """WebVTT in the recording's times, where there is one."""
    mastering: MasteringWishes = MasteringWishes()
    """Where this episode shall sound otherwise than the show's settings say."""
    bites: tuple[Bite, ...] = ()
    """What is worth hearing by itself; times are the recording's."""
    feed: EpisodeFields = EpisodeFields()
    promises: tuple[Promise, ...] = ()
    """What was promised on the air: the hosts' own list, never public."""

    def finished(self, at: Timecode) -> Timecode:
        """Tell where a place in the recording is in the finished audio; before mastering, the same."""
        return self.enclosure.placement.finished(at) if self.enclosure else at

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
    def has_chapters(self) -> bool:
        return len(self.rundown.untimed) < len(self.rundown.segments)


def in_rundowns(episodes: Iterable[Episode]) -> Mapping[QuestionId, Status]:
    """Tell which questions the episodes hold: answered in a published one, slotted in another."""
    return {
        question: Status.ANSWERED if episode.published_at else Status.SLOTTED
        for episode in episodes
        for question in episode.rundown.questions
    }


def aired(episodes: Iterable[Episode]) -> Mapping[QuestionId, datetime]:
    """Tell when each question was last answered in a published episode."""
    found: dict[QuestionId, datetime] = {}
    for episode in episodes:
        if episode.published_at:
            for question in episode.rundown.questions:
                found[question] = max(found.get(question, episode.published_at), episode.published_at)
    return found
