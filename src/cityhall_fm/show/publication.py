"""What must be uploaded, and in which order: a plan is a pure function of wanted and stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.card import CARDS
from cityhall_fm.show.keys import Key
from cityhall_fm.show.text import Text


class Stage(IntEnum):
    """What goes up first: the feed comes last, so that it never names what is not there."""

    MEDIA = 1
    ATTACHMENTS = 2
    PAGES = 3
    FEED = 4


class Why(StrEnum):
    """Why a file is sent."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells two versions of a stored file apart, its headers among them."""

    sha256: str
    length_bytes: int
    content_type: str
    cache_control: str
    etag: str = field(default="", compare=False)
    """What the place that stores it calls this version, where it told."""


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that listeners shall be able to fetch; `here` tells whether this machine has its bytes."""

    key: Key
    fingerprint: Fingerprint
    stage: Stage
    here: bool = True


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the bucket holds, as the last publication left it."""

    files: Mapping[Key, Fingerprint]
    unwanted: Mapping[Key, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """Files that nothing names any more, and since when: apps may still ask for them."""
    etag: str | None = field(default=None, compare=False)
    """The manifest's own version; None where there is none yet."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One step of a plan.

    >>> str(Upload(public_file(Key("feed.xml"), sha256="0", length_bytes=9), Why.NEW))
    'upload feed.xml'
    """

    file: PublicFile
    why: Why

    def __str__(self) -> str:
        return f"upload {self.file.key}"


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A file that will be deleted, and not before `due`."""

    key: Key
    length_bytes: int
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Same:
    """How many files of a stage stay as they are, since their content is the same, and how long they are."""

    stage: Stage
    count: int
    length_bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one publication does; `missing` are files that exist neither here nor there."""

    uploads: tuple[Upload, ...]
    kept: int
    missing: tuple[Key, ...]
    removals: tuple[Key, ...] = ()
    """Pages that no longer belong there, such as a withdrawn question's."""
    deletions: tuple[Unwanted, ...] = ()
    """Files whose time of grace is over."""
    fading: tuple[Unwanted, ...] = ()
    """Files that will be deleted by a later publication."""
    wanted_again: tuple[Key, ...] = ()
    same: tuple[Same, ...] = ()
    """The `kept` files, stage by stage."""
    removed_bytes: Mapping[Key, int] = field(default_factory=lambda: MappingProxyType({}))
    """How long each of the `removals` is."""

    @property
    def length_bytes(self) -> int:
        return sum(upload.file.fingerprint.length_bytes for upload in self.uploads)

    @property
    def gone(self) -> tuple[Key, ...]:
        return (*self.removals, *(unwanted.key for unwanted in self.deletions))

    def at(self, stage: Stage) -> tuple[Upload, ...]:
        return tuple(upload for upload in self.uploads if upload.file.stage is stage)


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did, and what the producer should know about it."""

    plan: Plan
    where: str
    remarks: tuple[Text, ...] = ()


FEED_KEY: Final = Key("feed.xml")
MEDIA: Final = Key("media/")
"""What begins so is audio and what belongs to it, under names that hold its hash."""
GRACE: Final = timedelta(days=7)
"""So long is kept what nothing names any more: caches and open pages still do."""
GRACE_OF_MEDIA: Final = timedelta(days=183)
"""Half a year: a feed that was public in these months still finds what it names, so it can come back."""


def wanted_files(here: Iterable[PublicFile], media: Iterable[PublicFile]) -> list[PublicFile]:
    """List the files that listeners shall find: all that was built, and media only as episodes name them."""
    found = {file.key: file for file in here}
    named = {file.key: file for file in media}
    for key, file in named.items():
        known = found.get(key)
        if known and known.fingerprint == file.fingerprint:
            named[key] = known
    built = [file for file in found.values() if file.stage is not Stage.MEDIA]
    return [*named.values(), *built]


def plan_publication(wanted: Iterable[PublicFile], stored: Manifest, now: datetime) -> Plan:
    """Compare what listeners shall find with what is stored.

    Pages that are no longer wanted go, since a person may have asked for it; all else is deleted by a
    later publication, when its time of grace is over, since apps may still ask for it.
    """
    wanted = tuple(wanted)
    keys = {file.key for file in wanted}
    uploads: list[Upload] = []
    missing: list[Key] = []
    kept: list[PublicFile] = []
    for file in sorted(wanted, key=lambda file: (file.stage, file.key)):
        known = stored.files.get(file.key)
        if known == file.fingerprint:
            kept.append(file)
        elif not file.here:
            missing.append(file.key)
        else:
            uploads.append(Upload(file, Why.CHANGED if known else Why.NEW))
    plan = Plan(tuple(uploads), len(kept), tuple(missing), same=_same(kept))
    if FEED_KEY not in keys:  # where nothing was built, nothing is known to be unwanted
        return plan
    others = sorted(key for key in stored.files if key not in keys)
    unwanted = [_unwanted(key, stored, now) for key in others if not _is_page(key)]
    over = [each for each in unwanted if each.key in stored.unwanted and each.due <= now]
    removals = tuple(key for key in others if _is_page(key))
    return replace(
        plan,
        removals=removals,
        removed_bytes={key: stored.files[key].length_bytes for key in removals},
        deletions=tuple(over),
        fading=tuple(each for each in unwanted if each not in over),
        wanted_again=tuple(sorted(key for key in stored.unwanted if key in keys)),
    )


def _same(kept: Iterable[PublicFile]) -> tuple[Same, ...]:
    lengths: dict[Stage, list[int]] = {}
    for file in kept:
        lengths.setdefault(file.stage, []).append(file.fingerprint.length_bytes)
    return tuple(Same(stage, len(of), sum(of)) for stage, of in sorted(lengths.items()))


def changes_anything(plan: Plan, stored: Manifest) -> bool:
    """Tell whether a publication has anything to do; the beginning of a time of grace is something."""
    begins = any(unwanted.key not in stored.unwanted for unwanted in plan.fading)
    return bool(plan.uploads or plan.gone or plan.wanted_again or begins)


def manifest_after(
    stored: Manifest, plan: Plan, sent: Mapping[Key, Fingerprint], *, before: Manifest
) -> Manifest:
    """Say what is stored once a plan was carried out; `sent` are its uploads with their new versions.

    `stored` is the manifest that is replaced, `before` the one that the plan was made on. What somebody else
    sent or disowned between the two is left out, the feed excepted: nobody knows whose came last.
    """
    raced = {
        key
        for key, of in sent.items()
        if key != FEED_KEY and stored.files.get(key) not in (before.files.get(key), of)
    }
    files = {
        key: of for key, of in {**stored.files, **sent}.items() if key not in plan.gone and key not in raced
    }
    fading = {unwanted.key: unwanted.since for unwanted in plan.fading}
    waiting = {
        key: at for key, at in stored.unwanted.items() if key in files and key not in plan.wanted_again
    }
    return Manifest(files, {**waiting, **fading}, stored.etag)


def doubted(stored: Manifest, keys: Iterable[Key]) -> Manifest:
    """Believe nothing that a manifest says of files at which a publication was when it broke off.

    What is wanted of them is sent again, and what is not goes: nobody else would know that it is there.
    """
    unknown = Fingerprint("", 0, "", "")
    return replace(stored, files={**stored.files, **dict.fromkeys(keys, unknown)})


def disowned(stored: Manifest, sent: Mapping[Key, Fingerprint]) -> Manifest:
    """Take out of the winner's manifest what the loser of a race sent over it: the winner sends it again."""
    return replace(stored, files={key: of for key, of in stored.files.items() if sent.get(key, of) == of})


def _unwanted(key: Key, stored: Manifest, now: datetime) -> Unwanted:
    since = stored.unwanted.get(key, now)
    grace = GRACE_OF_MEDIA if comes_back(key) else GRACE
    return Unwanted(key, stored.files[key].length_bytes, since, since + grace)


_CONTENT_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "m4a": "audio/x-m4a",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "png": "image/png",
    "srt": "application/x-subrip; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "webp": "image/webp",
    "xml": "application/rss+xml; charset=utf-8",
}
_HASHED: Final = re.compile(r"(?:.*/)?[^/]+-[0-9a-f]{12}\.[a-z0-9]+")
_OTHER_FEED: Final = re.compile(r"feed-[a-z0-9-]+\.xml")
"""Older pages of the feed, and feeds of other formats."""
_TELLS_OF_PAGES: Final = re.compile(r"search/.+|search\.json|sitemap\.xml")
"""What names episodes, so that it must not be there before their pages."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_SHORT: Final = "public, max-age=300"


def comes_back(key: Key) -> bool:
    """Tell what stays as long as a kept feed that names it: audio, artwork, chapters.

    Not pages and transcripts, which may be gone because somebody is named there.
    """
    return key.startswith(MEDIA) or bool(_HASHED.fullmatch(key)) or key.endswith("chapters.json")


def is_other_feed(key: Key) -> bool:
    """Tell an older page of the feed, or a feed of another format."""
    return bool(_OTHER_FEED.fullmatch(key))


def _is_page(key: Key) -> bool:
    """Tell what goes at once when it is unwanted, since a person may be named there."""
    return key.endswith(".html") or key.startswith(CARDS) or is_other_feed(key)


def public_file(key: Key, *, sha256: str, length_bytes: int, here: bool = True) -> PublicFile:
    """Describe a file by its key: type, caching and stage follow from the name.

    Media and artwork carry a hash of their content in the key, so apps may keep them for ever.

    >>> public_file(Key("artwork-0123456789ab.png"), sha256="0", length_bytes=9).fingerprint.cache_control
    'public, max-age=31536000, immutable'
    """
    ending = key.rpartition(".")[2]
    is_media = key.startswith(MEDIA)
    lasting = is_media or _HASHED.fullmatch(key)
    if key == "feed.xml":
        stage = Stage.FEED
    elif is_media:
        stage = Stage.MEDIA
    else:
        with_pages = ending == "html" or _OTHER_FEED.fullmatch(key) or _TELLS_OF_PAGES.fullmatch(key)
        stage = Stage.PAGES if with_pages else Stage.ATTACHMENTS
    content_type = _CONTENT_TYPES.get(ending, "application/octet-stream")
    if key.endswith("chapters.json"):
        content_type = "application/json+chapters"  # Podcasting 2.0, chapters
    elif key.endswith("sitemap.xml"):
        content_type = "application/xml"
    elif ending == "json":
        content_type = "application/json"
    fingerprint = Fingerprint(sha256, length_bytes, content_type, _FOR_EVER if lasting else _SHORT)
    return PublicFile(key, fingerprint, stage, here)
