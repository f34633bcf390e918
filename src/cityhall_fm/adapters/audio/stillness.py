"""Where nothing is heard: silence at both ends, and long pauses within, read from the 10 ms figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.meter import CELLS_PER_SECOND, lufs
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples

HOPS_PER_SECOND: Final = 10
_CELLS: Final = CELLS_PER_SECOND // HOPS_PER_SECOND
_BEFORE: Final = 2
_AFTER: Final = 5
_WORTH_IT: Final = 5
"""All in hops of 100 ms: what is left before the first sound and after the last, and the least to cut."""
_ABOVE_NOISE: Final = 6.0
_LOUD_SHARE: Final = 90
_NEVER_PAUSES: Final = 20.0
"""dB below the programme's loudness: what is louder than that is no pause, however noisy the room."""


def hop_levels(energies: Samples) -> NDArray[np.float64]:
    """Give the level of every 100 ms, in LUFS; what is left at the end counts as one more."""
    missing = -len(energies) % _CELLS
    whole = np.pad(energies, (0, missing), mode="edge") if missing and len(energies) else energies
    return lufs(whole.reshape(-1, _CELLS).mean(axis=1, dtype=np.float64))


def usual_level(levels: NDArray[np.float64], *, loudness: float) -> float:
    """Say how loud words usually are, from which silence is seen.

    That is the programme's loudness, unless a bang made it: then words would be taken for silence.
    """
    return min(loudness, float(np.percentile(levels, _LOUD_SHARE)))


def within(levels: NDArray[np.float64], *, above: float) -> tuple[int, int]:
    """Find what remains when silence at both ends is cut off: first hop, and the one after the last."""
    loud = np.flatnonzero(levels > above)
    if not len(loud):
        return 0, len(levels)
    first, last = max(0, int(loud[0]) - _BEFORE), min(len(levels), int(loud[-1]) + 1 + _AFTER)
    return (
        first if first >= _WORTH_IT else 0,
        last if len(levels) - last >= _WORTH_IT else len(levels),
    )


def pauses(
    levels: NDArray[np.float64], *, loudness: float, threshold: float, least: float
) -> tuple[Pause, ...]:
    """Find the silences of at least `least` seconds between sounds; the noise of the room is silence too."""
    noise = float(np.percentile(levels, 5)) + _ABOVE_NOISE if len(levels) else threshold
    usual = usual_level(levels, loudness=loudness)
    above = min(max(usual + threshold, noise), usual - _NEVER_PAUSES)
    loud = np.flatnonzero(levels > above)
    gaps = np.flatnonzero(np.diff(loud) > least * HOPS_PER_SECOND)
    return tuple(_pause(int(loud[gap]) + 1, int(loud[gap + 1])) for gap in gaps)


def _pause(start: int, end: int) -> Pause:
    return Pause(Timecode(start * 1000 // HOPS_PER_SECOND), Timecode(end * 1000 // HOPS_PER_SECOND))
