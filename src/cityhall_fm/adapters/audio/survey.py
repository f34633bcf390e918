"""The first listening: how loud each file is, cell by cell, and whether a voice is on one side only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.declared import counts_its_frames
from cityhall_fm.adapters.audio.decode import blocks, own_form
from cityhall_fm.adapters.audio.meter import CellMeter
from cityhall_fm.adapters.audio.mp3_end import stops_within_a_frame
from cityhall_fm.adapters.audio.read_ahead import ahead
from cityhall_fm.show.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks

_ONE_SIDED: Final = 1000.0
"""30 dB: nobody places a voice that far off on purpose."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file as the master will hear it; `side` is the only side that speaks (0 left, 1 right)."""

    path: Path
    rate: int
    channels: int
    high_pass: int = 0
    side: int | None = None

    def samples(self) -> Iterator[Samples]:
        """Read the file again, in the master's channels, a one-sided voice in the middle."""
        for block in ahead(blocks(self.path, rate=self.rate, high_pass=self.high_pass)):
            yield placed(block, self.channels, self.side)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was heard of a file: its length, and its cells as the master will have them."""

    source: Source
    frames: int
    energies: Samples
    peaks: Peaks
    stops_short: bool = False
    """Whether it seems to have been cut off: nothing tells its length, and its last frame is not whole."""


def survey(source: Source, heard: Callable[[float], None]) -> Survey:
    """Listen to the whole file once; `heard` is told the seconds after each block."""
    path, rate, channels = source.path, source.rate, source.channels
    meter = CellMeter(rate, channels)
    sides = np.zeros(2)
    for block in ahead(blocks(path, rate=rate, high_pass=source.high_pass)):
        if len(block) == 2:  # noqa: PLR2004 - stereo
            sides += [float(np.dot(side, side)) for side in block]
        meter.feed(placed(block, channels, None))
        heard(block.shape[1] / rate)
    if not meter.frames:
        raise AudioError("audio.empty", path=path)
    energies, peaks = meter.finish()
    side = _only_side(sides)
    if side is not None:  # what speaks was measured on one of two sides, or halved in a mono mix
        louder, higher = (2, 1) if channels == 2 else (4, 2)  # noqa: PLR2004 - stereo
        energies, peaks = energies * np.float32(louder), peaks * np.float16(higher)
    return Survey(replace(source, side=side), meter.frames, energies, peaks, _stops_short(path))


def placed(block: Samples, channels: int, side: int | None) -> Samples:
    """Give the block as many channels as the master has."""
    if side is not None and len(block) > 1:
        block = block[side : side + 1]
    if len(block) == channels:
        return block
    if channels == 1:
        return (block[:1] + block[1:]) * np.float32(0.5)
    return np.repeat(block, channels, axis=0)


def _stops_short(path: Path) -> bool:
    return own_form(path).container == "mp3" and not counts_its_frames(path) and stops_within_a_frame(path)


def _only_side(sides: NDArray[np.float64]) -> int | None:
    quiet, loud = sorted((0, 1), key=lambda side: float(sides[side]))
    return loud if sides[loud] > sides[quiet] * _ONE_SIDED else None
