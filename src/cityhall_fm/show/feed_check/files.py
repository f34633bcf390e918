"""The files that a feed names, as far as they can be looked at: on disk, or fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

_MARKS: Final = (
    (b"ID3", 0, "audio/mpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"fLaC", 0, "audio/flac"),
    (b"%PDF-", 0, "application/pdf"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"WAVE", 8, "audio/wav"),
    (b"ftypM4A", 4, "audio/x-m4a"),
    (b"ftypM4B", 4, "audio/x-m4a"),
    (b"ftyp", 4, "video/mp4"),
)
_PAGE: Final = (b"<!doctype html", b"<html")
_SYNC: Final = 0xFF
_ADTS: Final = frozenset({0xF0, 0xF1, 0xF8, 0xF9})


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture file is: `JPEG`, `PNG` or another format, size in pixels, colour mode."""

    format: str
    width: int
    height: int
    mode: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: its whole length, its first bytes, and all of it where it is small and was read."""

    length_bytes: int
    beginning: bytes = b""
    content: bytes | None = None
    picture: Picture | None = None


class Surroundings(Protocol):
    """Where the files that a feed names can be looked at."""

    def file(self, url: str) -> FileFacts | None:
        """Look at one; None where it is not there, or cannot be known from here."""

    def must_hold(self, url: str) -> bool:
        """Tell whether a file that is not there is missing, and not only elsewhere."""


class Nowhere:
    """Surroundings of a feed that stands alone."""

    def file(self, url: str) -> FileFacts | None:  # noqa: ARG002 - the face of Surroundings
        return None

    def must_hold(self, url: str) -> bool:  # noqa: ARG002 - same
        return False


def kind_of(beginning: bytes) -> str:
    r"""Tell a file's type by its first bytes; empty where they say nothing.

    >>> kind_of(b"ID3\x04"), kind_of(b"\xff\xfb\x90\x64"), kind_of(b"<!DOCTYPE html><title>404")
    ('audio/mpeg', 'audio/mpeg', 'text/html')
    """
    for mark, at, kind in _MARKS:
        if beginning[at : at + len(mark)] == mark:
            return kind
    if beginning.lstrip()[:16].lower().startswith(_PAGE):
        return "text/html"
    if len(beginning) > 1 and beginning[0] == _SYNC and beginning[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - MPEG's sync
        return "audio/aac" if beginning[1] in _ADTS else "audio/mpeg"
    return ""
