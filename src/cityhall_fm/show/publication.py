"""What must be uploaded, and in which order: a plan is a pure function of wanted and stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from cityhall_fm.show.episode import Key


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


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that listeners shall be able to fetch; `here` tells whether this machine has its bytes."""

    key: Key
    fingerprint: Fingerprint
    stage: Stage
    here: bool = True


Manifest = Mapping[Key, Fingerprint]
"""What the bucket holds, as the last publication left it."""


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
class Plan:
    """Everything that one publication does; `missing` are files that exist neither here nor there."""

    uploads: tuple[Upload, ...]
    kept: int
    missing: tuple[Key, ...]

    @property
    def length_bytes(self) -> int:
        return sum(upload.file.fingerprint.length_bytes for upload in self.uploads)


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did."""

    plan: Plan
    where: str


def plan_publication(wanted: Iterable[PublicFile], stored: Manifest) -> Plan:
    """Compare what listeners shall find with what is stored."""
    uploads: list[Upload] = []
    missing: list[Key] = []
    kept = 0
    for file in sorted(wanted, key=lambda file: (file.stage, file.key)):
        known = stored.get(file.key)
        if known == file.fingerprint:
            kept += 1
        elif not file.here:
            missing.append(file.key)
        else:
            uploads.append(Upload(file, Why.CHANGED if known else Why.NEW))
    return Plan(tuple(uploads), kept, tuple(missing))


_CONTENT_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "m4a": "audio/x-m4a",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "xml": "application/rss+xml; charset=utf-8",
}
_HASHED: Final = re.compile(r"(?:.*/)?[^/]+-[0-9a-f]{12}\.[a-z0-9]+")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_SHORT: Final = "public, max-age=300"


def public_file(key: Key, *, sha256: str, length_bytes: int, here: bool = True) -> PublicFile:
    """Describe a file by its key: type, caching and stage follow from the name.

    Media and artwork carry a hash of their content in the key, so apps may keep them for ever.

    >>> public_file(Key("artwork-0123456789ab.png"), sha256="0", length_bytes=9).fingerprint.cache_control
    'public, max-age=31536000, immutable'
    """
    ending = key.rpartition(".")[2]
    is_media = key.startswith("media/")
    lasting = is_media or _HASHED.fullmatch(key)
    if key == "feed.xml":
        stage = Stage.FEED
    elif is_media:
        stage = Stage.MEDIA
    else:
        stage = Stage.PAGES if ending == "html" else Stage.ATTACHMENTS
    content_type = _CONTENT_TYPES.get(ending, "application/octet-stream")
    if key.endswith("chapters.json"):
        content_type = "application/json+chapters"  # Podcasting 2.0, chapters
    elif ending == "json":
        content_type = "application/json"
    fingerprint = Fingerprint(sha256, length_bytes, content_type, _FOR_EVER if lasting else _SHORT)
    return PublicFile(key, fingerprint, stage, here)
