"""True peak (ITU-R BS.1770-5, annex 2): what lies between the samples, seen by oversampling four times."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples

REACH: Final = 12
"""Samples on either side that a value between two samples depends on."""
_STRETCH: Final = 32
_OVERSAMPLING: Final = 4
_CELLS_AT_ONCE: Final = 32


def cell_peaks(samples: Samples, cell: int) -> Samples:
    """Take the highest sample of each cell, channel by channel; `samples` are whole cells."""
    cells = samples.reshape(len(samples), -1, cell)
    return np.maximum(cells.max(axis=2), -cells.min(axis=2))  # type: ignore[no-any-return]


def true_cell_peaks(samples: Samples, cell: int, *, above: float) -> Samples:
    """Take the true peak of each cell, channel by channel; REACH samples on either side are context.

    Looks between the samples only in cells that come within 3.1 dB of `above`: that much a tone of a
    quarter of the sample rate hides, and looking everywhere would cost more than encoding.
    """
    peaks = cell_peaks(samples[:, REACH:-REACH], cell)
    stretch = _stretch(cell)
    window = np.arange(0, cell, stretch)[:, None] + np.arange(stretch + 2 * REACH)
    channels, hot = np.nonzero(peaks > above * 0.7)
    for start in range(0, len(hot), _CELLS_AT_ONCE):
        some = channels[start : start + _CELLS_AT_ONCE], hot[start : start + _CELLS_AT_ONCE]
        around = samples[some[0][:, None, None], (some[1] * cell)[:, None, None] + window]
        # One small product per cell, which BLAS does not spread over the cores: those are LAME's.
        between = (around @ _interpolation(stretch)).reshape(len(around), -1)
        highest = np.maximum(between.max(axis=1), -between.min(axis=1))
        peaks[some] = np.maximum(peaks[some], highest)
    return peaks


def _stretch(cell: int) -> int:
    """Cut a cell into equal stretches of at most 32 samples."""
    return max(length for length in range(1, _STRETCH + 1) if cell % length == 0)


@cache
def _interpolation(stretch: int) -> Samples:
    """Give the matrix from a stretch with its context to the three values after each of its samples."""
    taps = np.arange(-REACH + 1, REACH + 1)
    matrix = np.zeros((stretch + 2 * REACH, (_OVERSAMPLING - 1) * stretch), np.float32)
    for phase in range(1, _OVERSAMPLING):
        offset = phase / _OVERSAMPLING
        kernel = np.sinc(taps - offset) * np.i0(7 * np.sqrt(1 - ((taps - offset) / REACH) ** 2)) / np.i0(7.0)
        kernel /= kernel.sum()
        for position in range(stretch):
            column = (phase - 1) * stretch + position
            matrix[position + 1 : position + 1 + len(taps), column] = kernel
    return matrix
