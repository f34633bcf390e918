"""WAV for radio stations: PCM of 16 or 24 bits, RF64 where it outgrows four gigabytes (EBU Tech 3306)."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cityhall_fm.adapters.audio.meter import Meter

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.show.loudness import Loudness

_PCM: Final = 1
_DS64: Final = 28
_LARGEST: Final = 0xFFFF_FFFF
_HEADER: Final = 12 + 8 + _DS64 + 8 + 16 + 8


class Wav:
    """One attempt at a WAV, measured as it is written; always `close`."""

    given_up = False

    def __init__(self, path: Path, *, rate: int, channels: int, bits: Literal[16, 24]) -> None:
        self._rate, self._channels, self._bits = rate, channels, bits
        self._full = np.float32(2 ** (bits - 1))
        self._meter = Meter(rate)
        self._length = 0
        self._dither = np.random.default_rng(1)
        self._file = path.open("w+b")
        self._file.write(bytes(_HEADER))

    def put(self, samples: Samples) -> None:
        if not samples.shape[1]:
            return
        scaled = samples * self._full
        if self._bits == 16:  # noqa: PLR2004 - triangular dither, so that quiet sounds fade into noise
            scaled += self._dither.random(scaled.shape, np.float32) - self._dither.random(
                scaled.shape, np.float32
            )
        whole = np.clip(np.rint(scaled), -self._full, self._full - 1)
        self._meter.feed((whole / self._full).astype(np.float32))
        data = np.ascontiguousarray(whole.T).astype("<i4")
        if self._bits == 16:  # noqa: PLR2004 - as above
            written = data.astype("<i2").tobytes()
        else:
            written = data.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
        self._file.write(written)
        self._length += len(written)

    def finish(self) -> Loudness:
        """Fill in the header and tell how the file measures; call once."""
        padded = self._length % 2
        self._file.write(bytes(padded))
        self._file.seek(0)
        self._file.write(self._header(_HEADER - 8 + self._length + padded))
        return self._meter.loudness()

    def close(self) -> None:
        self._file.close()

    def _header(self, riff: int) -> bytes:
        frame = self._channels * self._bits // 8
        long = riff > _LARGEST
        ds64 = struct.pack("<QQQI", riff, self._length, self._length // frame, 0)
        sizes = (
            struct.pack("<I", _LARGEST if long else riff),
            struct.pack("<I", _LARGEST if long else self._length),
        )
        form = struct.pack("<HHIIHH", _PCM, self._channels, self._rate, self._rate * frame, frame, self._bits)
        return b"".join(
            [
                b"RF64" if long else b"RIFF",
                sizes[0],
                b"WAVE",
                b"ds64" if long else b"JUNK",
                struct.pack("<I", _DS64),
                ds64 if long else bytes(_DS64),
                b"fmt ",
                struct.pack("<I", 16),
                form,
                b"data",
                sizes[1],
            ]
        )
