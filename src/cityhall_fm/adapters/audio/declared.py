"""How long a file says that it is, where it says so reliably."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_GUESSED: Final = frozenset({"aac", "amr", "ac3", "eac3", "dts"})
"""Bare streams: FFmpeg estimates their length from the bit rate."""
_UNKNOWN_SIZES: Final = frozenset({0, 0xFFFF_FFFF})
"""What a recorder writes that does not yet know how long it will go on."""


def declared_seconds(path: Path, container: InputContainer, stream: AudioStream) -> float | None:
    """Read the length that the file claims; None where it claims none, or where it is a guess."""
    name = container.format.name
    if name == "wav":  # FFmpeg cuts a WAV's length down to what is there
        return _riff_seconds(path)
    if name in _GUESSED or (name == "mp3" and not counts_its_frames(path)):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return container.duration / 1_000_000
    return None


def _riff_seconds(path: Path) -> float | None:
    """Divide the size in the data chunk's header by the bytes per second (RIFF; EBU Tech 3306 for RF64)."""
    with path.open("rb") as file:
        file.seek(12)
        bytes_per_second, long_size = 0, 0
        for name, size, start in _chunks(file):
            file.seek(start)
            if name == b"ds64":
                long_size = struct.unpack("<8xQ", file.read(16))[0]
            elif name == b"fmt ":
                bytes_per_second = struct.unpack("<8xI", file.read(12))[0]
            elif name == b"data":
                length = long_size or size
                known = long_size or size not in _UNKNOWN_SIZES
                return length / bytes_per_second if known and bytes_per_second else None
    return None


def _chunks(file: BinaryIO) -> list[tuple[bytes, int, int]]:
    """Walk the chunks up to the audio, which is the last that matters."""
    found = []
    while len(header := file.read(8)) == 8:  # noqa: PLR2004 - a chunk's name and size
        name, size = header[:4], int.from_bytes(header[4:], "little")
        found.append((name, size, file.tell()))
        if name == b"data":
            break
        file.seek(size + size % 2, 1)
    return found


def counts_its_frames(path: Path) -> bool:
    """Look for a Xing, Info or VBRI header in an MP3's first frame, behind its ID3 tag."""
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":
            size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
            file.seek(10 + size)
        else:
            file.seek(0)
        first = file.read(256)
    return any(name in first for name in (b"Xing", b"Info", b"VBRI"))
