"""A feed as it was found: every value as its host wrote it, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass

from cityhall_fm.show.categories import Category
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that people should know of, and the title of the episode that it is about, if of one."""

    text: Text
    episode: str = ""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A `podcast:person`."""

    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    img: str = ""


@dataclass(frozen=True, slots=True)
class FoundTranscript:
    """A `podcast:transcript`."""

    url: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class FoundEpisode:
    """An `<item>`; empty where the feed says nothing."""

    title: str = ""
    guid: str = ""
    """Byte for byte, spaces included: that is how apps were given it."""
    published: str = ""
    enclosure_url: str = ""
    """Byte for byte: a percent-encoded address within an address stays so."""
    enclosure_length: str = ""
    enclosure_type: str = ""
    enclosures: int = 0
    duration: str = ""
    season: str = ""
    number: str = ""
    kind: str = ""
    explicit: str = ""
    subtitle: str = ""
    summary: str = ""
    description: str = ""
    content: str = ""
    """`content:encoded`."""
    link: str = ""
    image: str = ""
    chapters: tuple[tuple[str, str], ...] = ()
    """Podlove Simple Chapters: start and title."""
    chapters_url: str = ""
    """`podcast:chapters`: the address of a JSON document."""
    transcripts: tuple[FoundTranscript, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    season_name: str = ""
    number_shown: str = ""
    """`podcast:episode@display`."""

    @property
    def has_guid(self) -> bool:
        """A guid of nothing but spaces is none."""
        return bool(self.guid.strip())


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A `<channel>`; episodes in the order of the feed."""

    url: str = ""
    """Where subscribers have it from; empty where nobody knows."""
    title: str = ""
    description: str = ""
    language: str = ""
    link: str = ""
    self_url: str = ""
    author: str = ""
    bare_author: str = ""
    """`<author>`, which RSS does not allow in a channel and Anchor writes all the same."""
    owner_name: str = ""
    owner_email: str = ""
    categories: tuple[Category, ...] = ()
    explicit: str = ""
    kind: str = ""
    copyright: str = ""
    image: str = ""
    guid: str = ""
    """`podcast:guid`."""
    locked: str = ""
    new_feed_url: str = ""
    updated: str = ""
    people: tuple[FoundPerson, ...] = ()
    funding: tuple[tuple[str, str], ...] = ()
    """`podcast:funding`: addresses and words."""
    episodes: tuple[FoundEpisode, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    """What was wrong with the XML itself."""
