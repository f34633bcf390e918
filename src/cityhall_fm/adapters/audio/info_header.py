"""The Info header: an MP3's silent first frame, which tells players length, delay and padding.

Layout: Xing's header, then LAME's (gabriel.mp3-tech.org/mp3infotag.html). lameenc writes none, so an
episode would begin with 23 ms of nothing, and players would guess its length.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from cityhall_fm.adapters.audio.crc16 import crc16

_DELAY: Final = 576
"""Samples that LAME puts before the sound; decoders add 529 of their own and know that."""
_BITRATES: Final = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = (44_100, 48_000, 32_000)
_HEADER_BYTES: Final = 4 + 120 + 36
_ALL_FIELDS: Final = 0x0F
_QUALITY: Final = 57
_CONSTANT: Final = 1
_MONO: Final = 3


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The four bytes that every MP3 frame begins with, as far as they matter here."""

    first_bytes: bytes

    @property
    def version(self) -> int:
        return 1 if self.first_bytes[1] & 0x08 else 2

    @property
    def samples(self) -> int:
        """Samples per frame."""
        return 1152 if self.version == 1 else 576

    @property
    def rate(self) -> int:
        halvings = {3: 0, 2: 1, 0: 2}[(self.first_bytes[1] >> 3) & 3]
        return _RATES[(self.first_bytes[2] >> 2) & 3] >> halvings

    @property
    def bitrate(self) -> int:
        return _BITRATES[self.version][self.first_bytes[2] >> 4]

    @property
    def mono(self) -> bool:
        return self.first_bytes[3] >> 6 == _MONO

    @property
    def side_information(self) -> int:
        """Bytes between header and data (ISO 11172-3, 13818-3)."""
        return ((17, 32) if self.version == 1 else (9, 17))[not self.mono]

    def length(self, *, padded: bool) -> int:
        """Bytes of a frame of this bit rate."""
        return self.samples // 8 * self.bitrate * 1000 // self.rate + padded

    def granule_bits(self, which: int) -> tuple[int, ...]:
        """Say at which bit of the frame a granule's side information begins, for each channel."""
        checksum = 0 if self.first_bytes[1] & 1 else 16
        channels = 1 if self.mono else 2
        if self.version == 1:  # 9 bits of reservoir, private bits, which scale factors are shared
            start, size = 32 + checksum + 9 + (5 if self.mono else 3) + 4 * channels, 59
        else:
            start, size = 32 + checksum + 8 + (1 if self.mono else 2), 63
        return tuple(start + (which * channels + channel) * size for channel in range(channels))

    def with_room(self, needed: int) -> tuple[bytes, int]:
        """Give the header of an unpadded frame of at least `needed` bytes, and its length."""
        for index in range(self.first_bytes[2] >> 4, 15):
            length = self.samples // 8 * _BITRATES[self.version][index] * 1000 // self.rate
            if length >= needed:
                break
        third = index << 4 | self.first_bytes[2] & 0x0D  # bit 1 is the padding
        return bytes([self.first_bytes[0], self.first_bytes[1] | 1, third, self.first_bytes[3]]), length


def info_length(first_bytes: bytes) -> int:
    """Tell how much room to leave at the start, given how the first audio frame begins."""
    header = FrameHeader(first_bytes)
    return header.with_room(header.side_information + _HEADER_BYTES)[1]


def info_frame(first_bytes: bytes, *, audio_bytes: int, audio_crc: int, samples: int) -> bytes:
    """Write the header for a constant bit rate stream that holds `samples` samples of programme."""
    header = FrameHeader(first_bytes)
    frames = round(audio_bytes * header.rate / (header.samples // 8 * header.bitrate * 1000))
    opening, length = header.with_room(header.side_information + _HEADER_BYTES)
    padding = frames * header.samples - _DELAY - samples
    xing = struct.pack(">4sIII", b"Info", _ALL_FIELDS, frames, length + audio_bytes)
    contents = bytes(index * 256 // 100 for index in range(100))
    lame = struct.pack(
        ">9sBBfHHBB3sBBHIH",
        b"LAME3.100",
        _CONSTANT,
        0,  # low pass: not stated
        0.0,  # peak, and both replay gains: not stated
        0,
        0,
        0,
        min(header.bitrate, 255),
        (_DELAY << 12 | padding).to_bytes(3, "big"),
        _source(header),
        0,
        0,
        length + audio_bytes,
        audio_crc,
    )
    frame = opening + bytes(header.side_information) + xing + contents + struct.pack(">I", _QUALITY) + lame
    return (frame + struct.pack(">H", crc16(frame))).ljust(length, b"\0")


def _source(header: FrameHeader) -> int:
    mode = 0 if header.mono else 3
    rate = {44_100: 1, 48_000: 2}.get(header.rate, 0)
    return 1 | mode << 2 | rate << 6
