"""Listening back: the MP3 is decoded and measured while it is still being encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from cityhall_fm.adapters.audio.decode import samples_of
from cityhall_fm.adapters.audio.meter import CELLS_PER_SECOND, Meter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.audio.codeccontext import AudioCodecContext
    from av.packet import Packet

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.show.loudness import Loudness

DECODED_DELAY: Final = 576 + 529
"""Samples that a decoder gives before the programme: LAME's delay and its own."""


class Proof:
    """Takes frames of an MP3 as they are made; peaks above `limit` (a factor) are counted apart."""

    def __init__(self, *, rate: int, samples: int, limit: float) -> None:
        self._codec: AudioCodecContext = av.CodecContext.create("mp3float", "r")  # type: ignore[assignment]
        self._meter = Meter(rate, limit=limit)
        self._cell = rate // CELLS_PER_SECOND
        self._skip = DECODED_DELAY
        self._left = samples

    @property
    def over(self) -> list[int]:
        """Where peaks lie above the limit: samples of the decoded stream, delay included."""
        return [
            cell * self._cell + part + DECODED_DELAY
            for cell in self._meter.over
            for part in (0, self._cell - 1)
        ]

    def feed(self, frames: bytes) -> None:
        self._listen(self._codec.parse(frames))

    def loudness(self) -> Loudness:
        """Close the measurement, without the peaks in `over`; call once, after the last frame."""
        self._listen([*self._codec.parse(), None])
        return self._meter.loudness()

    def _listen(self, packets: Iterable[Packet[Any] | None]) -> None:
        decoded: list[Samples] = [
            samples_of(frame) for packet in packets for frame in self._codec.decode(packet)
        ]
        if not decoded:
            return
        block = np.concatenate(decoded, axis=1)
        block, self._skip = block[:, self._skip :], max(0, self._skip - block.shape[1])
        block = block[:, : self._left]
        self._left -= block.shape[1]
        if block.shape[1]:
            self._meter.feed(block)
