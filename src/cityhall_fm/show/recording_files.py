"""Recordings that somebody brings: how they may be called, what they must be, where they belong."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from cityhall_fm.show.errors import InputError

_LONGEST_STEM: Final = 60
_ISO_MEDIA: Final = slice(4, 8)
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
"""Separators, and what some file systems refuse."""


class Use(StrEnum):
    """What a file is to the episode."""

    RECORDING = "recording"
    """The whole conversation, or its next part."""
    TRACK = "track"
    """One voice of it, recorded by itself."""


_BEGINNINGS: Final[Mapping[str, tuple[str, ...]]] = {
    ".wav": ("wave",),
    ".aif": ("aiff",),
    ".aiff": ("aiff",),
    ".flac": ("flac", "id3"),
    ".caf": ("caf",),
    ".ogg": ("ogg",),
    ".oga": ("ogg",),
    ".opus": ("ogg",),
    ".m4a": ("iso",),
    ".mp4": ("iso",),
    ".mp3": ("mpeg", "id3"),
    ".aac": ("mpeg", "id3", "iso"),
}

_MARKS: Final = {"flac": b"fLaC", "caf": b"caff", "ogg": b"OggS", "id3": b"ID3"}


def ending_of(name: str) -> str:
    """Read the ending of a file's name, checked; InputError for a name that is none, or no sound's.

    >>> ending_of("佐久.WAV")
    '.wav'
    """
    plain = unicodedata.normalize("NFC", name)
    path = PurePosixPath(plain)
    odd = any(letter in _FORBIDDEN or unicodedata.category(letter)[0] == "C" for letter in plain)
    if odd or plain.startswith(".") or not path.stem.strip(" ."):
        raise InputError("studio_sound.bad_name", path=name)
    if path.suffix.lower() not in _BEGINNINGS:
        raise InputError("studio_sound.bad_ending", path=name, endings=" ".join(sorted(_BEGINNINGS)))
    return path.suffix.lower()


def place_of(name: str, use: Use, *, taken: Collection[str]) -> str:
    """Name the place of a file in the episode's folder, beside those that are `taken`.

    Parts of a recording are heard in the order of their names; a track is called after its voice.

    >>> place_of("ZOOM0001.WAV", Use.RECORDING, taken=[])
    'recording.wav'
    >>> place_of("ZOOM0002.WAV", Use.RECORDING, taken=["recording.wav"])
    'recording_02.wav'
    >>> place_of("佐久.wav", Use.TRACK, taken=[])
    'track-佐久.wav'
    """
    ending = ending_of(name)
    stems = {PurePosixPath(unicodedata.normalize("NFC", one)).stem for one in taken}
    if use is Use.RECORDING:
        stem = "recording"
    else:
        stem = PurePosixPath(unicodedata.normalize("NFC", name)).stem.strip()
        stem = f"track-{stem.removeprefix('track-')[:_LONGEST_STEM].strip()}"
    numbered = (stem, *(f"{stem}_{number:02}" for number in range(2, len(stems) + 3)))
    return next(one for one in numbered if one not in stems) + ending


def sounds_like(beginning: bytes, ending: str) -> bool:
    """Tell whether a file's first bytes are those of what its ending says.

    >>> sounds_like(b"RIFF....WAVEfmt ", ".wav"), sounds_like(b"MZ..............", ".wav")
    (True, False)
    """
    return any(_is(kind, beginning) for kind in _BEGINNINGS.get(ending, ()))


def _is(kind: str, beginning: bytes) -> bool:
    match kind:
        case "wave":  # EBU Tech 3306: RF64, BW64 are WAV beyond 4 GB
            return beginning[:4] in (b"RIFF", b"RF64", b"BW64") and beginning[8:12] == b"WAVE"
        case "aiff":
            return beginning[:4] == b"FORM" and beginning[8:11] == b"AIF"
        case "iso":
            return beginning[_ISO_MEDIA] == b"ftyp"
        case "mpeg":  # ISO/IEC 11172-3: eleven set bits begin a frame
            return beginning[:1] == b"\xff" and beginning[1:2] >= b"\xe0"
        case _:
            return beginning.startswith(_MARKS[kind])
