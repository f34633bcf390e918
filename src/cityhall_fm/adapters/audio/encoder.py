"""LAME in a thread of its own: samples go in, MP3 frames come out, both in blocks."""

from __future__ import annotations

from queue import Queue
from typing import TYPE_CHECKING, Final

import lameenc
import numpy as np

from cityhall_fm.adapters.audio.worker import Worker, taken
from cityhall_fm.show.errors import AudioError

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples

_QUALITY: Final = 3  # LAME's and ffmpeg's own default for a constant bit rate; lameenc's is 2, 1.4 × slower
_WAITING: Final = 8
_SCALES: Final = ((160, 0.95), (192, 0.97), (224, 0.98))
"""LAME makes the sound quieter at low bit rates (its presets.c, measured too): up to kbit/s, factor."""


class Encoder:
    """Give samples with `put`, take what is ready with `ready`, the rest with `finish`; always `close`."""

    def __init__(self, *, rate: int, channels: int, bitrate: int) -> None:
        self._lame = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_bit_rate(bitrate)
        self._lame.set_in_sample_rate(rate)
        self._lame.set_out_sample_rate(rate)
        self._lame.set_channels(channels)
        self._lame.set_quality(_QUALITY)
        self._scale = np.float32(32767 / next((scale for most, scale in _SCALES if bitrate <= most), 1.0))
        self._in: Queue[bytes | None] = Queue(_WAITING)
        self._out: Queue[bytes] = Queue()
        self._error: Exception | None = None
        self._closing = False
        self._thread = Worker(self._encode, name="lame")

    def put(self, samples: Samples) -> None:
        """Queue samples; waits while LAME has enough to do."""
        self._raise_error()
        if samples.shape[1]:
            scaled = samples * self._scale
            np.rint(scaled, out=scaled)
            np.clip(scaled, -32768, 32767, out=scaled)
            interleaved = np.empty(scaled.shape[::-1], "<i2")
            interleaved.T[:] = scaled
            self._in.put(interleaved.tobytes())

    def ready(self) -> list[bytes]:
        """Take the bytes that are finished; a block may end within a frame."""
        return [self._out.get() for _ in range(self._out.qsize())]

    def finish(self) -> list[bytes]:
        """Wait for the last frames and take them."""
        self._in.put(None)
        self._thread.join()
        self._raise_error()
        return self.ready()

    def close(self) -> None:
        """Stop, whatever is still waiting."""
        self._closing = True
        if self._thread.is_alive():
            self._in.put(None)
            self._thread.join()

    def _encode(self) -> None:
        while (pcm := taken(self._in)) is not None:
            if self._error or self._closing:
                continue  # keep emptying the queue, so that nobody waits for a place in it
            try:
                self._give(self._lame.encode(pcm))
            except Exception as error:  # noqa: BLE001 - raised again where the next block is put
                self._error = error
        if not self._error and not self._closing:
            self._give(self._lame.flush())

    def _give(self, frames: bytearray) -> None:
        if frames:  # to a decoder's parser, nothing means the end
            self._out.put(bytes(frames))

    def _raise_error(self) -> None:
        if self._error:
            raise AudioError("audio.not_encoded", reason=self._error) from self._error
