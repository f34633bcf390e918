"""The MP3: encoded beside us, decoded and measured as it comes, its few peaks touched up at the end."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from cityhall_fm.adapters.audio.crc16 import crc16
from cityhall_fm.adapters.audio.encoder import Encoder
from cityhall_fm.adapters.audio.info_header import info_frame, info_length
from cityhall_fm.adapters.audio.proof import Proof
from cityhall_fm.adapters.audio.touch_up import touch_up

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.show.loudness import Loudness

_TOUCHED_PER_SECOND: Final = 2
_READ_BYTES: Final = 1 << 20


class Mp3:
    """One attempt at an MP3 in a file that begins with `tag`; always `close`.

    `limit` is the factor that no decoded peak shall exceed; `frames` is how many samples will come.
    """

    def __init__(
        self, path: Path, *, tag: bytes, rate: int, channels: int, bitrate: int, frames: int, limit: float
    ) -> None:
        self.given_up = False
        """Whether MP3 overshoots so often that it must be done again, lower."""
        self._frames, self._limit = frames, limit
        self._most_over = _TOUCHED_PER_SECOND * max(frames / rate, 10)
        self._file = path.open("w+b")
        self._file.write(tag)
        self._stream = _Stream(self._file)
        self._proof = Proof(rate=rate, samples=frames, limit=limit)
        self._encoder = Encoder(rate=rate, channels=channels, bitrate=bitrate)

    def put(self, samples: Samples) -> None:
        self._encoder.put(samples)
        for frames in self._encoder.ready():
            self._take(frames)
        self.given_up = len(self._proof.over) > self._most_over

    def finish(self) -> Loudness:
        """Write the rest and tell how the decoded file measures; call once."""
        for frames in self._encoder.finish():
            self._take(frames)
        loudness = self._proof.loudness()
        if self._proof.over:
            highest = self._stream.touch_up(self._proof.over, limit=self._limit)
            loudness = replace(loudness, true_peak=max(loudness.true_peak, 20 * math.log10(highest)))
        self._stream.finish(samples=self._frames)
        return loudness

    def close(self) -> None:
        self._encoder.close()
        self._file.close()

    def _take(self, frames: bytes) -> None:
        self._stream.write(frames)
        self._proof.feed(frames)


class _Stream:
    """Writes frames behind the place of the Info header, which can be filled in only at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell()
        self._first_bytes = b""
        self._audio_start = 0

    def write(self, frames: bytes) -> None:
        if frames and not self._first_bytes:
            self._first_bytes = frames[:4]
            self._file.write(bytes(info_length(self._first_bytes)))
            self._audio_start = self._file.tell()
        self._file.write(frames)

    def touch_up(self, places: list[int], *, limit: float) -> float:
        """Turn the frames down at these places of the decoded stream; give the highest peak left there."""
        return touch_up(self._file, self._audio_start, places, limit=limit)

    def finish(self, *, samples: int) -> None:
        self._file.seek(self._audio_start)
        crc, length = 0, 0
        while frames := self._file.read(_READ_BYTES):
            crc, length = crc16(frames, crc), length + len(frames)
        self._file.seek(self._start)
        self._file.write(info_frame(self._first_bytes, audio_bytes=length, audio_crc=crc, samples=samples))
        self._file.seek(0, os.SEEK_END)
