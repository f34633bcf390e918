"""Every feed that was ever published, kept for a while so that it can come back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cityhall_fm.show.keys import Key
from cityhall_fm.show.manifest import OURS
from cityhall_fm.show.publication import GRACE_OF_MEDIA, Fingerprint, PublicFile, Stage

KEPT_FEEDS: Final = f"{OURS}feeds/"
_KEY: Final = re.compile(re.escape(KEPT_FEEDS) + r"(\d{8}T\d{6}Z)-([0-9a-f]{32})\.xml")
_DATE: Final = "%Y%m%dT%H%M%SZ"


class Conditions(StrEnum):
    """How a bucket wants to be told that a feed may only take the place of the one that was read."""

    UNQUOTED = "unquoted"
    QUOTED = "quoted"
    """The ETag in quotation marks, as RFC 9110 writes it."""
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """A feed under the key that it is kept by.

    The key names half of its hash: whoever does not know the feed cannot guess where it is. It is not
    in the manifest, which everybody can read.
    """

    key: Key
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rollback:
    """Hashes of a feed that goes and of the one that comes back in its place."""

    away: str
    back: str


@dataclass(frozen=True, slots=True)
class LiveFeed:
    """The feed that is public, as far as we know."""

    sha256: str
    etag: str
    heard: bool = False
    """Whether it was fetched as apps fetch it, and found well."""
    heard_media: frozenset[str] | None = frozenset()
    """Addresses of media that were once heard so; None where an older version did not write them down."""


def kept_feed(sha256: str, at: datetime) -> KeptFeed:
    """Name a feed that is to be kept.

    >>> kept_feed("ab" * 32, datetime(2026, 12, 1, 11, tzinfo=UTC)).key
    'cityhall-fm/feeds/20261201T110000Z-abababababababababababababababab.xml'
    """
    date = at.astimezone(UTC).strftime(_DATE)
    return KeptFeed(Key(f"{KEPT_FEEDS}{date}-{sha256[:32]}.xml"), sha256, at)


def kept_since(key: Key) -> datetime | None:
    """Tell from its name when a feed was kept; None where it is the name of something else.

    >>> kept_since(kept_feed("ab" * 32, datetime(2026, 12, 1, 11, tzinfo=UTC)).key)
    datetime.datetime(2026, 12, 1, 11, 0, tzinfo=datetime.timezone.utc)
    >>> kept_since(Key("cityhall-fm/feeds/20261399T000000Z-" + "ab" * 16 + ".xml"))
    """
    match = _KEY.fullmatch(key)
    try:
        return datetime.strptime(match[1], _DATE).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def outlived(feeds: Iterable[KeptFeed], *, live: str, now: datetime) -> tuple[KeptFeed, ...]:
    """Choose the feeds that no longer come back: their media may be gone by now."""
    return tuple(feed for feed in feeds if feed.sha256 != live and feed.at + GRACE_OF_MEDIA <= now)


def previous(keys: Iterable[Key], sha256: str) -> Key | None:
    """Find the feed that was public before this one; the newest of all where this one was not kept.

    >>> dates = {"a": datetime(2026, 12, 1, tzinfo=UTC), "b": datetime(2026, 12, 9, tzinfo=UTC)}
    >>> earlier, later = (kept_feed(letter * 64, at).key for letter, at in dates.items())
    >>> previous([later, earlier], "b" * 64) == earlier
    True
    >>> previous([later, earlier], "a" * 64) is None
    True
    """
    dated = sorted((match[1], key, match[2]) for key in keys if (match := _KEY.fullmatch(key)) is not None)
    current = max((date for date, _, of in dated if sha256.startswith(of)), default="9")
    return next((key for date, key, of in reversed(dated) if date < current), None)


def copies_of(keys: Iterable[Key], sha256: str) -> list[Key]:
    """Find all keys that one feed is kept by.

    >>> copies_of([kept_feed("ab" * 32, datetime(2026, 12, 1, tzinfo=UTC)).key, Key("feed.xml")], "ab" * 32)
    ['cityhall-fm/feeds/20261201T000000Z-abababababababababababababababab.xml']
    """
    return [key for key in keys if (match := _KEY.fullmatch(key)) and sha256.startswith(match[2])]


def as_kept(feed: KeptFeed, of: PublicFile) -> PublicFile:
    """Describe the kept copy of a feed."""
    fingerprint = Fingerprint(
        of.fingerprint.sha256, of.fingerprint.length_bytes, of.fingerprint.content_type, "private, no-store"
    )
    return PublicFile(feed.key, fingerprint, Stage.ATTACHMENTS, of.here)
