"""Whether an MP3 that does not count its frames stops within one, as a copy does that broke off.

One that was cut exactly between two frames cannot be told from a whole one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cityhall_fm.adapters.audio.info_header import FrameHeader

_LOOKED_AT: Final = 1 << 16
_HEADER: Final = 4
_SURE: Final = 3
"""Frames in a row that are no accident."""
# What stands where in the first four bytes of a frame (ISO 11172-3, 2.4.1.3).
_SYNC_AND_LAYER: Final = 0xFFE6_0000
_LAYER_3: Final = 0xFFE2_0000
_VERSION: Final = 0x0018_0000
_RESERVED_VERSION: Final = 0x0008_0000
_BITRATE: Final = 0xF000
_RATE: Final = 0x0C00
_ID3V1: Final = 128
_APE_FOOTER: Final = 32


def stops_within_a_frame(path: Path) -> bool:
    """Look at the last frames, in front of what tags stand at the end."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(max(0, length - _LOOKED_AT))
        end = _without_tags(file.read())
    for start in range(min(len(end), _LOOKED_AT // 4)):
        if (stops := _after_frames(end, start)) is not None:
            return stops
    return False


def _after_frames(data: bytes, start: int) -> bool | None:
    """Walk from frame to frame: tell whether the last is cut, None where no frames are."""
    at, count = start, 0
    kind = data[start + 1 : start + 2]
    while at + _HEADER <= len(data):
        header = data[at : at + _HEADER]
        length = _length(header) if header[1:2] == kind else 0
        if not length:
            return False if count >= _SURE else None
        at, count = at + length, count + 1
    if count < _SURE:
        return None
    return at > len(data) or data[at : at + 1] == b"\xff"


def _length(header: bytes) -> int:
    """Read a frame's length; 0 where none begins: layer III, a bit rate and a sample rate that there are."""
    bits = int.from_bytes(header, "big")
    fields = ((_VERSION, (_RESERVED_VERSION,)), (_BITRATE, (0, _BITRATE)), (_RATE, (_RATE,)))
    if bits & _SYNC_AND_LAYER != _LAYER_3 or any(bits & mask in reserved for mask, reserved in fields):
        return 0
    return FrameHeader(header).length(padded=bool(header[2] & 2))


def _without_tags(end: bytes) -> bytes:
    if end[-_ID3V1:][:3] == b"TAG":
        end = end[:-_ID3V1]
    footer = end[-_APE_FOOTER:]
    if len(footer) == _APE_FOOTER and footer[:8] == b"APETAGEX":
        # Its length counts the footer, and not its head.
        size = int.from_bytes(footer[12:16], "little") + (_APE_FOOTER if footer[23] & 0x80 else 0)
        end = end[: max(0, len(end) - size)]
    return end
