"""What a show and its episodes say in the feed alone: places, support, licence, rhythm, talk elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from cityhall_fm.show.rundown import Link


@dataclass(frozen=True, slots=True)
class Location:
    """A place that the show is about, or where it is made (Podcasting 2.0, location)."""

    name: str
    geo: str = ""
    """RFC 5870: `geo:36.2489,138.4767`."""
    osm: str = ""
    country: str = ""
    rel: str = "subject"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its short name; `url` has its text, unless it is well known."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trailer:
    """A recording that makes known the show, or one of its seasons."""

    title: str
    url: str
    published_at: datetime
    length_bytes: int | None = None
    media_type: str = ""
    season: int | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often episodes come, for people and for programs (RFC 5545, 3.3.10)."""

    words: str
    rrule: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recommended:
    """Another podcast that this one recommends, by its `podcast:guid`."""

    guid: str
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FeedPicture:
    """A picture beside the square artwork; `ratio` as CSS writes it, `width` in pixels."""

    url: str
    alt: str
    ratio: str = ""
    width: int | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Text for other services, such as a proof of ownership (Podcasting 2.0, txt)."""

    text: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Discussion:
    """The public post under which an episode is talked about (Podcasting 2.0, socialInteract)."""

    protocol: str
    url: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class ShowFields:
    """What the show says in the feed alone."""

    locations: tuple[Location, ...] = ()
    funding: tuple[Link, ...] = ()
    licence: Licence | None = None
    trailers: tuple[Trailer, ...] = ()
    rhythm: Rhythm | None = None
    podroll: tuple[Recommended, ...] = ()
    pictures: tuple[FeedPicture, ...] = ()
    remarks: tuple[Remark, ...] = ()
    seasons: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """The names of seasons that have one."""
    hub: str = ""
    """The WebSub hub that is told of new episodes."""
    complete: bool = False
    """Whether no further episode will come."""
    blocked: bool = False
    """Whether directories shall not list the show."""
    page_size: int | None = None
    """How many episodes a page of the feed holds at least; None: all are on one."""
    formats: tuple[str, ...] = ()
    """Endings of other formats that have a feed of their own."""


@dataclass(frozen=True, slots=True)
class EpisodeFields:
    """What an episode says in the feed alone."""

    locations: tuple[Location, ...] = ()
    licence: Licence | None = None
    number_shown: str = ""
    """What apps show in the place of the number."""
    elsewhere: tuple[Link, ...] = ()
    """Where the episode can be had outside of podcast apps."""
    discussions: tuple[Discussion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    image: str = ""
    """The address of the episode's own artwork."""
    blocked: bool = False
