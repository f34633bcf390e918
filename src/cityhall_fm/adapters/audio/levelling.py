"""Gentle levelling: a hand on the fader that raises quiet voices and lowers loud ones, slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.curve import Curve
from cityhall_fm.adapters.audio.meter import energy_of
from cityhall_fm.adapters.audio.stillness import hop_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples

MOST: Final = 6.0
"""dB, up and down."""
_HEARD_ABOVE: Final = 18.0
"""dB below the loudness aimed at: what is quieter is a pause, and pauses do not move the fader."""
_AROUND: Final = 20
"""Hops of 100 ms before and after a moment whose speech decides about its level."""
_ENOUGH: Final = 5
_SMOOTHED: Final = 11


def levelled(energies: Samples, *, loudness: float) -> Curve:
    """Lead every voice towards `loudness` (LUFS); in pauses the fader travels to where it is needed next."""
    levels = hop_levels(energies)
    heard = levels > loudness - _HEARD_ABOVE
    spoken = np.where(heard, energy_of(levels), 0.0)
    count = _around(heard.astype(np.float64))
    known = np.flatnonzero(count >= _ENOUGH)
    if not len(known):
        return Curve.flat(0.0)
    local = 10 * np.log10(_around(spoken)[known] / count[known]) - 10 * np.log10(energy_of(loudness))
    wanted = np.interp(np.arange(len(levels) + 1), known, np.clip(-local, -MOST, MOST))
    return Curve((10 ** (_smoothed(wanted) / 20)).astype(np.float32))


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum what lies around each place."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    first, last = np.maximum(places - _AROUND, 0), np.minimum(places + _AROUND + 1, len(values))
    return sums[last] - sums[first]  # type: ignore[no-any-return]


def _smoothed(decibel: NDArray[np.float64]) -> NDArray[np.float64]:
    half = _SMOOTHED // 2
    padded = np.pad(decibel, half, mode="edge")
    return np.convolve(padded, np.full(_SMOOTHED, 1 / _SMOOTHED), mode="valid")
