"""The limiter: peaks are bent below the ceiling by a gain curve that knows what comes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.meter import CELLS_PER_SECOND, integrated
from cityhall_fm.adapters.audio.true_peak import REACH, true_cell_peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks

# All in cells of 10 ms: the gain is down 10 ms before a peak, stays for 20 ms, comes back at 50 dB/s.
_ATTACK_DB: Final = 5.0
_RELEASE_DB: Final = 0.5
_HOLD: Final = 2
_AHEAD: Final = 12
_FLOOR: Final = 1e-9
_STEPS: Final = 40
_CLOSE_ENOUGH: Final = 0.002
_SLOWEST_SLOPE: Final = 0.1
_MOST_GAIN: Final = 80.0
_LONGEST_STEP: Final = 12.0
_PLANNED_AT_ONCE: Final = 60_000
_HOPS_PER_SECOND: Final = 10
_CELLS_PER_HOP: Final = CELLS_PER_SECOND // _HOPS_PER_SECOND
_RELEASED_FOR_SURE: Final = 400
_BETWEEN_SAMPLES_DB: Final = 0.25
"""By how much true peaks of speech and music usually lie above the samples that a plan is made from."""


def gain_for(energies: Samples, peaks: Peaks, *, target: float, ceiling: float) -> float:
    """Solve for the gain (dB) after which the *limited* programme measures `target` LUFS.

    Works on the programme's 10 ms figures, so the samples are read only once more, to be mastered.
    """
    gain = min(target - integrated(energies), _MOST_GAIN)
    lowest, highest = -math.inf, math.inf
    previous: tuple[float, float] | None = None
    for _ in range(_STEPS):
        reached = integrated(_limited(energies, peaks, ceiling - gain), per_second=_HOPS_PER_SECOND) + gain
        missing = target - reached
        if abs(missing) < _CLOSE_ENOUGH or (missing > 0 and gain >= _MOST_GAIN):
            break
        lowest, highest = (max(lowest, gain), highest) if missing > 0 else (lowest, min(highest, gain))
        slope = 1.0
        if previous and gain != previous[0]:
            slope = max((reached - previous[1]) / (gain - previous[0]), _SLOWEST_SLOPE)
        previous = gain, reached
        gain = _between(lowest, highest, gain + missing / slope, most=gain + _LONGEST_STEP)
    return gain


def _between(lowest: float, highest: float, wanted: float, *, most: float) -> float:
    """Stay where the answer must be: a bang bends the curve so much that a straight line leads astray."""
    wanted = min(wanted, most, _MOST_GAIN)
    if lowest < wanted < highest:
        return wanted
    if math.isinf(lowest) or math.isinf(highest):
        return wanted
    return (lowest + highest) / 2


class Limiter:
    """Applies gain (dB) and keeps the true peak under the ceiling (dBTP); give blocks, take blocks."""

    def __init__(self, rate: int, channels: int, *, gain: float, ceiling: float) -> None:
        self.deepest = 0.0
        """The strongest reduction so far, in dB."""
        self._factor = np.float32(10 ** (gain / 20))
        self._ceiling = ceiling
        self._cell = rate // CELLS_PER_SECOND
        # REACH samples already given away, then all that waits; the curve starts at the first that waits.
        self._audio = np.zeros((channels, REACH), np.float32)
        self._required = np.empty(0)
        self._curve = _Curve()

    def feed(self, block: Samples) -> Samples:
        """Take a block in; give back what is ready, 120 ms behind."""
        self._audio = np.concatenate([self._audio, block * self._factor], axis=1)
        whole = (self._audio.shape[1] - 2 * REACH) // self._cell
        self._read_cells(whole)
        return self._give(max(0, whole - _AHEAD))

    def finish(self) -> Samples:
        """Give back the rest."""
        waiting = self._audio.shape[1] - REACH
        cells = -(-waiting // self._cell) + 1
        missing = cells * self._cell - waiting + REACH
        self._audio = np.pad(self._audio, ((0, 0), (0, missing)))
        self._read_cells(cells)
        return self._give(cells - 1)[:, :waiting]

    def _read_cells(self, whole: int) -> None:
        known = len(self._required)
        if whole <= known:
            return
        begin, end = known * self._cell, whole * self._cell + 2 * REACH
        ceiling = 10 ** (self._ceiling / 20)
        peaks = true_cell_peaks(self._audio[:, begin:end], self._cell, above=ceiling).max(axis=0)
        required = np.minimum(0.0, self._ceiling - _decibel(peaks))
        self._required = np.concatenate([self._required, required])
        self.deepest = max(self.deepest, -float(required.min()))

    def _give(self, count: int) -> Samples:
        if count == 0:
            return self._audio[:, :0]
        nodes = self._curve.nodes(self._required, count)
        length = count * self._cell
        ready = self._audio[:, REACH : REACH + length].copy()
        if nodes.min() < 1:
            step = np.arange(self._cell, dtype=np.float32) / np.float32(self._cell)
            gains = nodes[:-1, None] + (nodes[1:] - nodes[:-1])[:, None] * step
            ready *= gains.reshape(-1)
        self._audio = self._audio[:, length:]
        self._required = self._required[count:]
        return ready


class _Curve:
    """The gain from cell to cell, remembering where the cells given before left it."""

    def __init__(self) -> None:
        self._held = np.zeros(_HOLD)
        self._released = 0.0
        self._last = 0.0

    def nodes(self, required: NDArray[np.float64], count: int) -> Samples:
        """Give the factors at the `count + 1` borders of the first `count` cells, and remember these."""
        released = _released(np.concatenate([self._held, required]), self._released)
        curve = _attacked(released)
        joined = np.concatenate([[self._last], curve])
        nodes = np.minimum(joined[:-1], joined[1:])[: count + 1]
        self._held = np.concatenate([self._held, required[:count]])[-_HOLD:]
        self._released = float(released[count - 1])
        self._last = float(curve[count - 1])
        factors: NDArray[np.float64] = 10 ** (nodes / 20)
        return factors.astype(np.float32)


def _limited(energies: Samples, peaks: Peaks, ceiling: float) -> Samples:
    """Say what limiting leaves of the energy of every 100 ms; ten minutes at a time: memory stays flat."""
    left = np.empty(len(energies) // _CELLS_PER_HOP, np.float32)
    for start in range(0, len(energies), _PLANNED_AT_ONCE):
        end = start + _PLANNED_AT_ONCE
        first = max(0, start - _RELEASED_FOR_SURE)
        level = _decibel(peaks[first : end + _AHEAD]) + _BETWEEN_SAMPLES_DB
        limited = energies[start:end] * _mean_power(level, ceiling)[start - first : end - first]
        hops = len(limited) // _CELLS_PER_HOP
        into = start // _CELLS_PER_HOP
        left[into : into + hops] = limited[: hops * _CELLS_PER_HOP].reshape(hops, -1).mean(axis=1)
    return left


def _mean_power(level: NDArray[np.float64], ceiling: float) -> NDArray[np.float64]:
    """Give the mean squared factor of each cell, for peaks of this level (dB)."""
    required = np.minimum(0.0, ceiling - level)
    curve = _attacked(_released(np.concatenate([np.zeros(_HOLD), required]), 0.0))
    joined = np.concatenate([[0.0], curve, curve[-1:]])
    nodes: NDArray[np.float64] = 10 ** (np.minimum(joined[:-1], joined[1:]) / 20)
    one, other = nodes[:-1], nodes[1:]
    return (one * one + one * other + other * other) / 3


def _released(required: NDArray[np.float64], before: float) -> NDArray[np.float64]:
    """Hold every reduction, then let go slowly; the first _HOLD cells are the past."""
    count = len(required) - _HOLD
    held: NDArray[np.float64] = np.min([required[back : back + count] for back in range(_HOLD + 1)], axis=0)
    ramp = np.arange(1, count + 1) * _RELEASE_DB
    falling: NDArray[np.float64] = np.minimum.accumulate(np.concatenate([[before], held - ramp]))[1:]
    return np.minimum(falling + ramp, 0.0)


def _attacked(released: NDArray[np.float64]) -> NDArray[np.float64]:
    """Go down to each reduction before it is needed."""
    ramp = np.arange(len(released)) * _ATTACK_DB
    falling: NDArray[np.float64] = np.minimum.accumulate((released + ramp)[::-1])[::-1]
    return falling - ramp


def _decibel(peaks: Samples | Peaks) -> NDArray[np.float64]:
    decibel: NDArray[np.float64] = 20 * np.log10(np.maximum(peaks.astype(np.float64), _FLOOR))
    return decibel
