"""Peaks that MP3 itself put over the ceiling are turned down where they are, in the finished frames.

An encoder's noise overshoots at a few places in an hour. Every granule (12 ms) of an MP3 states its gain
in steps of 1.5 dB (`global_gain`, ISO 11172-3 2.4.1.7), always at the same place; lowering it for three
granules is what mp3gain does to whole files, and spares encoding the hour again.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np

from cityhall_fm.adapters.audio.decode import samples_of
from cityhall_fm.adapters.audio.info_header import FrameHeader
from cityhall_fm.adapters.audio.true_peak import REACH, true_cell_peaks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from av.audio.codeccontext import AudioCodecContext

    from cityhall_fm.adapters.audio.decode import Samples

_GRANULE: Final = 576
_STEPS: Final = 12
_RUN_UP: Final = 12
"""Frames that are decoded before the place: their data reach up to 511 bytes back."""
_FINE_CELL: Final = 96
_CHUNK: Final = 1 << 20
_BEFORE_GAIN: Final = 21
"""Bits of a granule's side information that stand before its gain."""


def touch_up(file: BinaryIO, start: int, places: Sequence[int], *, limit: float) -> float:
    """Lower the frames from `start` on around each place (decoded sample) until no peak exceeds `limit`.

    Answers with the highest true peak there afterwards, as a factor.
    """
    frames = _Frames(file, start, until=max(places) + _RUN_UP * 1152)
    highest = 0.0
    for first, last in _together(places, frames.samples):
        for step in range(_STEPS):
            peaks = frames.peaks(first, last)
            highest_here = float(peaks.max())
            if highest_here <= limit or step == _STEPS - 1:
                break
            frames.lower(
                {
                    granule
                    for cell in np.flatnonzero(peaks > limit).tolist()
                    for granule in _heard_in(first * frames.samples + cell * _FINE_CELL)
                }
            )
        highest = max(highest, highest_here)
    return highest


def _together(places: Sequence[int], samples: int) -> Iterator[tuple[int, int]]:
    """Join places that are near each other: first and last frame of each group."""
    first = last = -1
    for frame in sorted({place // samples for place in places}):
        if first >= 0 and frame - last <= 2 * _RUN_UP:
            last = frame
            continue
        if first >= 0:
            yield max(0, first - 2), last + 2
        first = last = frame
    yield max(0, first - 2), last + 2


def _heard_in(place: int) -> range:
    """Name the granules that sound at a decoded sample: overlap and filter bank reach two back."""
    return range(max(0, place // _GRANULE - 2), (place + _FINE_CELL) // _GRANULE + 1)


class _Frames:
    """The frames of a constant bit rate MP3, found by walking from header to header."""

    def __init__(self, file: BinaryIO, start: int, *, until: int) -> None:
        self._file = file
        self._header = FrameHeader(self._read(start, 4))
        self.samples = self._header.samples
        self._starts = array("Q", [start])
        lengths = [self._header.length(padded=padded) for padded in (False, True)]
        wanted = until // self.samples + 4
        while (chunk := self._read(start, _CHUNK)) and len(self._starts) <= wanted:
            at = 0
            while at + 4 <= len(chunk):
                at += lengths[chunk[at + 2] >> 1 & 1]
                self._starts.append(start + at)
            start += at

    def peaks(self, first: int, last: int) -> Samples:
        """Decode these frames and take the true peak of every 96 samples."""
        codec: AudioCodecContext = av.CodecContext.create("mp3float", "r")  # type: ignore[assignment]
        channels = 1 if self._header.mono else 2
        run_up = max(0, first - _RUN_UP)
        heard = np.zeros((channels, REACH), np.float32)
        for index in range(run_up, min(last + 1, len(self._starts) - 1)):
            data = self._read(self._starts[index], self._starts[index + 1] - self._starts[index])
            try:
                decoded = [samples_of(frame) for frame in codec.decode(av.Packet(data))]
            except av.error.InvalidDataError:  # its data began before the run-up
                decoded = []
            silence = np.zeros((channels, 0 if decoded else self.samples), np.float32)
            heard = np.concatenate([heard, *decoded, silence], axis=1)
        heard = np.pad(heard, ((0, 0), (0, REACH)))[:, (first - run_up) * self.samples :]
        return true_cell_peaks(heard, _FINE_CELL, above=0.0).max(axis=0)  # type: ignore[no-any-return]

    def lower(self, granules: set[int]) -> None:
        """Take one step of 1.5 dB from each of these granules, on all channels."""
        per_frame = self.samples // _GRANULE
        for granule in granules:
            index, which = divmod(granule, per_frame)
            if index + 1 < len(self._starts):
                for bit in self._header.granule_bits(which):
                    self._lower_byte(self._starts[index] * 8 + bit + _BEFORE_GAIN)

    def _lower_byte(self, bit: int) -> None:
        byte, shift = divmod(bit, 8)
        both = int.from_bytes(self._read(byte, 2), "big")
        gain = both >> (8 - shift) & 0xFF
        if gain:
            self._file.seek(byte)
            self._file.write((both - (1 << (8 - shift))).to_bytes(2, "big"))

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)
