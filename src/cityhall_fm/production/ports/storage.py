"""What production asks of the places where files become public."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.production.ports.stored import Listed as Listed  # noqa: PLC0414 - beside what tells them
from cityhall_fm.production.ports.stored import StoredFeed as StoredFeed  # noqa: PLC0414
from cityhall_fm.show.episode import Enclosure, EpisodeNumber, Key, MediaFile
from cityhall_fm.show.kept_feed import Conditions, KeptFeed, LiveFeed, Rollback
from cityhall_fm.show.publication import Manifest, PublicFile
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What `feeds/public` was built from: fingerprints, and the questions that the episodes name."""

    origin: str
    questions: tuple[QuestionId, ...]
    asked: str
    """What could be said in public about those questions."""
    warnings: tuple[Text, ...] = ()
    """What the check of the feed had to say."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of what single episodes' files were made from, by their labels."""


@dataclass(frozen=True, slots=True)
class EpisodeArtwork:
    """An episode's own artwork for apps, and a small picture of it for its page, both ready to be built."""

    key: Key
    content: bytes
    cover_key: Key
    cover: bytes


class PublicFolder(Protocol):
    """`feeds/public` on this machine: built, and what listeners shall find."""

    def path(self, key: Key) -> Path: ...

    def read(self, key: Key) -> bytes:
        """Read what was built; InputError where it cannot be read."""

    def holds(self, enclosure: Enclosure) -> bool:
        """Tell whether the finished audio is here, in all its formats; not its clips and pictures."""

    def has(self, file: MediaFile) -> bool: ...

    def adopt(self, file: Path, key: Key) -> None:
        """Put finished audio that is kept elsewhere under its key, without a second copy where disks can."""

    def artwork(self) -> tuple[Key, bytes]:
        """Read the show's artwork; its key carries a hash, since new art needs a new name."""

    def untouched(self) -> Collection[Key]:
        """Tell which files are as the last build left them; none where that is not known."""

    def remembered(self) -> Mapping[str, str]:
        """Tell the last build's `parts`, whatever was touched since; none where that is not known."""

    def artworks(self, paths: Mapping[EpisodeNumber, Path]) -> Mapping[EpisodeNumber, EpisodeArtwork]:
        """Read episodes' own artwork; InputError where Apple Podcasts would refuse one."""

    def build(
        self,
        files: Mapping[Key, bytes],
        record: BuildRecord | None = None,
        *,
        kept: Collection[Key] = (),
    ) -> Sequence[Key]:
        """Write what changed, remove what is neither built nor kept, leave media; tells what changed.

        With a record, remember what all of it was built from.
        """

    def last_build(self) -> BuildRecord | None:
        """Tell what all that is here was built from; None where that is not known, or a file was touched."""

    def files(self) -> Sequence[PublicFile]: ...


class Bucket(Protocol):
    """Where podcast apps fetch the show from; several threads may put at once."""

    @property
    def where(self) -> str:
        """Its name, as people know it."""

    @property
    def endpoint(self) -> str:
        """The service behind it, whose behaviour is found out once."""

    def clock(self) -> datetime | None:
        """Tell what time it was there when it last answered; None where it did not say."""

    def probe(self) -> Conditions:
        """Find out whether the service puts under a condition only."""

    def manifest(self) -> Manifest:
        """Read what the last publication left; empty where there was none."""

    def listing(self) -> Mapping[Key, Listed]:
        """List what is really there."""

    def read(self, key: Key) -> bytes: ...

    def feed(self) -> StoredFeed | None:
        """Read the feed that is public now."""

    def put(self, file: PublicFile, source: Path, told: Callable[[int], None] = ...) -> str:
        """Send one file, telling how many bytes more have gone; gives its ETag, empty where unknown."""

    def put_feed(
        self, file: PublicFile, content: bytes, *, replacing: str | None, conditions: Conditions
    ) -> str:
        """Put a feed in place of the version that was read, None for the first; gives the new version.

        ConflictError where another feed is there, which may be our own when an answer was lost.
        """

    def put_manifest(self, manifest: Manifest, *, conditions: Conditions) -> None:
        """Put a manifest in place of the one that it was made from; ConflictError as with a feed."""

    def remove(self, key: Key) -> None:
        """Take a file away; fine if it is gone already."""

    def abort_unfinished(self, *, before: datetime) -> int:
        """Give up our own uploads that began before a time and never ended; tells how many."""


class Vault(Protocol):
    """A place in a bucket that only the show's makers read."""

    @property
    def where(self) -> str: ...

    def listing(self) -> Mapping[Key, Listed]: ...

    def read(self, key: Key) -> bytes: ...

    def put(self, file: PublicFile, source: Path, told: Callable[[int], None] = ...) -> str: ...

    def remove(self, key: Key) -> None: ...

    def is_public(self, key: Key) -> bool | None:
        """Tell whether a stranger may read a file; None where the service does not say."""


class Heralds(Protocol):
    """Who is told that a feed is new: caches that must forget the old one, then a hub, an index."""

    def purge(self, feed_url: str) -> Sequence[Text]:
        """Make caches forget it; gives what did not work, which stops nothing."""

    def tell(self, feed_url: str) -> Sequence[Text]:
        """Tell everybody else; gives what did not work, which stops nothing."""


class FeedArchive(Protocol):
    """Which feeds were meant to be public and which became it, place by place; in the database."""

    def conditions(self, endpoint: str) -> Conditions | None: ...

    def note_conditions(self, endpoint: str, conditions: Conditions) -> None: ...

    def intend(self, where: str, feed: KeptFeed) -> KeptFeed:
        """Note that a feed is about to become public; tells under which key it was kept at first."""

    def confirm(self, where: str, feed: LiveFeed, *, at: datetime, outline: str = "") -> None:
        """Note that a feed has become public, unheard so far; intentions before it are settled.

        Of what it says its outline is kept, by which its episodes are recognised.
        """

    def outline(self, where: str) -> str:
        """Tell what the feed that we made public last was, in outline; empty where that is not known."""

    def live(self, where: str) -> LiveFeed | None:
        """Tell which feed we made public last."""

    def note_heard(self, where: str, sha256: str, media: Collection[str]) -> None:
        """Note that a feed was heard as apps hear it, and which media; nothing where it is public no more."""

    def unsettled(self, where: str) -> frozenset[str]:
        """Name the hashes of feeds that we meant to publish since, and may have."""

    def kept(self, where: str) -> Sequence[KeptFeed]: ...

    def forget(self, where: str, feed: KeptFeed) -> None: ...

    def begin_sending(self, where: str, keys: Collection[Key]) -> int:
        """Note which files are about to be sent or removed; tells the number of this publication."""

    def begun(self, where: str) -> Mapping[int, Collection[Key]]:
        """Tell at which files publications were that never ended: what is there now, nobody knows."""

    def end_sending(self, where: str, numbers: Collection[int]) -> None:
        """Note that a manifest tells of these publications' files."""

    def begin_rollback(self, where: str, rollback: Rollback) -> None:
        """Note a rollback that is about to be made, in place of one that never ended."""

    def rollback(self, where: str) -> Rollback | None:
        """Tell which rollback began and never ended: whoever made it was killed."""

    def end_rollback(self, where: str) -> None: ...
