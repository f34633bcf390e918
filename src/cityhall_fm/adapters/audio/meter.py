"""The meter: integrated loudness with gating, loudness range, true peak (ITU-R BS.1770-5, EBU Tech 3342)."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from cityhall_fm.adapters.audio.decode import blocks, own_form, samples_of
from cityhall_fm.adapters.audio.true_peak import REACH, cell_peaks, true_cell_peaks
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.loudness import Loudness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples

    Peaks: TypeAlias = NDArray[np.float16]

CELLS_PER_SECOND: Final = 100
"""What is planned is counted in cells of 10 ms: the gating's hop of 100 ms is ten of them."""
_HOPS_PER_SECOND: Final = 10
SILENCE: Final = -70.0
"""LUFS; the absolute gate of BS.1770."""
_OFFSET: Final = -0.691
_SURROUND: Final = 1.41
_SIDES: Final = frozenset({"SL", "SR"})
_BACKS: Final = frozenset({"BL", "BR"})
_LOW: Final = frozenset({"LFE", "LFE2"})
_FLOOR: Final = 1e-20
_USUAL_RATE: Final = 48_000


def measure(path: Path) -> Loudness:
    """Read the loudness of a whole file; AudioError where there is nothing to hear."""
    form = own_form(path)
    rate = form.rate if form.rate and form.rate % CELLS_PER_SECOND == 0 else _USUAL_RATE
    meter = Meter(rate, weights=weights(form.channels))
    for block in blocks(path, rate=rate, mixed=False):
        meter.feed(block)
    loudness = meter.loudness()
    if loudness.integrated <= SILENCE:
        raise AudioError("audio.silent", path=path)
    return loudness


class Meter:
    """Takes blocks as they come and keeps a few bytes per 10 ms.

    `true_peak` is the highest so far, as a factor. Cells of 10 ms above `limit` do not count there; they
    are listed in `over`. `weights` say how much each channel counts where there are more than two.
    """

    def __init__(self, rate: int, *, limit: float = math.inf, weights: Sequence[float] | None = None) -> None:
        self.true_peak = 0.0
        self.over: list[int] = []
        self._limit, self._weights = limit, weights
        self._looked_at = 0
        self._rate = rate
        self._cells: CellMeter | None = None
        self._context = np.empty((0, 0), np.float32)

    def feed(self, block: Samples) -> None:
        if self._cells is None:
            self._cells = CellMeter(
                self._rate, len(block), per_second=_HOPS_PER_SECOND, weights=self._weights
            )
            self._context = np.zeros((len(block), REACH), np.float32)
        self._cells.feed(block)
        self._look_for_peaks(block)

    def loudness(self) -> Loudness:
        """Close the measurement; call once, after the last block."""
        if self._cells is None:
            return Loudness(-math.inf, 0.0, -math.inf)
        rest = self._rate // CELLS_PER_SECOND + REACH
        self._look_for_peaks(np.zeros((len(self._context), rest), np.float32))
        energies, _ = self._cells.finish()
        return Loudness(
            integrated(energies, per_second=_HOPS_PER_SECOND),
            loudness_range(energies, per_second=_HOPS_PER_SECOND),
            20 * math.log10(max(self.true_peak, _FLOOR)),
        )

    def highest(self) -> tuple[float, float]:
        """Give the highest momentary (400 ms) and short-term (3 s) loudness (EBU Tech 3341)."""
        energies = self._cells.finish()[0] if self._cells else np.empty(0, np.float32)
        momentary, short_term = (
            highest(energies, per_second=_HOPS_PER_SECOND, tenths=tenths) for tenths in (4, 30)
        )
        return momentary, short_term

    def _look_for_peaks(self, block: Samples) -> None:
        samples = np.concatenate([self._context, block], axis=1)
        cell = self._rate // CELLS_PER_SECOND
        whole = (samples.shape[1] - 2 * REACH) // cell * cell
        if whole > 0:
            peaks = true_cell_peaks(samples[:, : whole + 2 * REACH], cell, above=self.true_peak).max(axis=0)
            over = peaks > self._limit
            self.over += (np.flatnonzero(over) + self._looked_at).tolist()
            self.true_peak = max(self.true_peak, float(peaks[~over].max(initial=0.0)))
            self._looked_at += len(peaks)
            samples = samples[:, whole:]
        self._context = samples.copy()


class CellMeter:
    """K-weighted energy (all channels summed) and sample peak of every cell; 6 bytes for both."""

    def __init__(
        self,
        rate: int,
        channels: int,
        *,
        per_second: int = CELLS_PER_SECOND,
        weights: Sequence[float] | None = None,
    ) -> None:
        self.frames = 0
        self._cell = rate // per_second
        self._rate = rate
        self._weighting = KWeighting(rate, channels)
        roots = np.sqrt(np.asarray(weights or [1.0] * channels, np.float32))
        self._roots = None if (roots == 1).all() else roots[:, None]
        self._rest = np.zeros((channels, 0), np.float32)
        self._weighted_rest = self._rest
        self._energies = bytearray()
        self._peaks = bytearray()

    def feed(self, block: Samples) -> None:
        self.frames += block.shape[1]
        raw = np.concatenate([self._rest, block], axis=1) if self._rest.size else block
        weighted = self._weighting(block)
        if self._roots is not None:
            weighted = weighted * self._roots
        if self._weighted_rest.size:
            weighted = np.concatenate([self._weighted_rest, weighted], axis=1)
        count = raw.shape[1] // self._cell
        whole = count * self._cell
        self._peaks += cell_peaks(raw[:, :whole], self._cell).max(axis=0).astype(np.float16).tobytes()
        cells = weighted[:, :whole].reshape(len(block), count, self._cell)
        self._energies += (np.einsum("ijk,ijk->j", cells, cells) / np.float32(self._cell)).tobytes()
        self._rest = raw[:, whole:].copy()
        self._weighted_rest = weighted[:, whole:].copy()

    def finish(self) -> tuple[Samples, Peaks]:
        """Give the energies and the peaks of all whole cells; call once, after the last block."""
        return np.frombuffer(self._energies, np.float32), np.frombuffer(self._peaks, np.float16)


class KWeighting:
    """BS.1770's two filters, for any sample rate; FFmpeg's biquads do the work in double precision."""

    def __init__(self, rate: int, channels: int) -> None:
        # More than two are filtered one by one: PyAV cannot hold eight planes in a frame.
        self._single = [KWeighting(rate, 1) for _ in range(channels)] if channels > 2 else []  # noqa: PLR2004
        self._rate = rate
        self._layout = "mono" if channels == 1 else "stereo"
        self._graph = av.filter.Graph()
        chain = [
            self._graph.add_abuffer(sample_rate=rate, format="fltp", layout=self._layout),
            *(self._graph.add("biquad", _options(b, a)) for b, a in _coefficients(rate)),
            self._graph.add("aformat", "sample_fmts=fltp"),  # the biquads give doubles
            self._graph.add("abuffersink"),
        ]
        for one, following in pairwise(chain):
            one.link_to(following)
        self._graph.configure()

    def __call__(self, block: Samples) -> Samples:
        if self._single:
            each = zip(self._single, block, strict=True)
            return np.concatenate([weighting(channel[None, :]) for weighting, channel in each])
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=self._layout)
        frame.sample_rate = self._rate
        self._graph.push(frame)
        return samples_of(self._graph.pull())


def weights(channels: Sequence[str]) -> Sequence[float]:
    """Say how much each channel counts, by FFmpeg's names (BS.1770-5, table 3, and annex 1 for LFE).

    What stands at 60° to 120° counts 1.5 dB more: the surrounds of 5.1, which FFmpeg calls side or back,
    and the sides of 7.1.

    >>> weights(["FL", "FR", "FC", "LFE", "BL", "BR"])
    [1.0, 1.0, 1.0, 0.0, 1.41, 1.41]
    """
    beside = _SIDES if _SIDES & set(channels) else _BACKS
    return [0.0 if name in _LOW else _SURROUND if name in beside else 1.0 for name in channels]


def integrated(energies: Samples, *, per_second: int = CELLS_PER_SECOND) -> float:
    """Mean loudness over the blocks of 400 ms that pass both gates (BS.1770-5, annex 1)."""
    means = _windows(energies, per_second, tenths=4)
    means = means[lufs(means) > SILENCE]
    if not len(means):
        return -math.inf
    relative = lufs(means.mean()) - 10
    return float(lufs(means[lufs(means) > relative].mean()))


def highest(energies: Samples, *, per_second: int, tenths: int) -> float:
    """Give the highest momentary (4 tenths) or short-term (30 tenths) loudness (EBU Tech 3341)."""
    means = _windows(energies, per_second, tenths=tenths)
    return float(lufs(means.max())) if len(means) else -math.inf


def loudness_range(energies: Samples, *, per_second: int) -> float:
    """Spread of the 3 s loudness between its 10th and 95th percentile (EBU Tech 3342)."""
    means = _windows(energies, per_second, tenths=30)
    means = means[lufs(means) > SILENCE]
    if not len(means):
        return 0.0
    levels = np.sort(lufs(means))
    levels = levels[levels > lufs(means.mean()) - 20]
    low, high = (round((len(levels) - 1) * share) for share in (0.10, 0.95))
    return float(levels[high] - levels[low])


def _windows(energies: Samples, per_second: int, *, tenths: int) -> NDArray[np.float64]:
    """Average over sliding windows that advance by 100 ms."""
    per_tenth = per_second // 10
    count = len(energies) // per_tenth
    tenth = energies[: count * per_tenth].reshape(count, per_tenth).mean(axis=1, dtype=np.float64)
    sums = np.concatenate([[0.0], np.cumsum(tenth)])
    return (sums[tenths:] - sums[:-tenths]) / tenths if count >= tenths else np.empty(0)


def lufs(energy: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    """Give the level of a K-weighted energy."""
    return _OFFSET + 10 * np.log10(np.maximum(energy, _FLOOR))


def energy_of(level: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Give the K-weighted energy of a level in LUFS."""
    return np.asarray(10 ** ((level - _OFFSET) / 10))


def _options(b: tuple[float, ...], a: tuple[float, ...]) -> str:
    named = zip(("b0", "b1", "b2", "a0", "a1", "a2"), (*b, *a), strict=True)
    return ":".join([*(f"{name}={value:.17g}" for name, value in named), "precision=f64"])


def _coefficients(rate: int) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Design the filters whose coefficients the standard prints for 48 kHz only.

    The analogue prototypes are those that libebur128 derived from the printed ones.
    """
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = (
        (
            (high + band * k / q + k * k) / norm,
            2 * (k * k - high) / norm,
            (high - band * k / q + k * k) / norm,
        ),
        (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),
    )
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    norm = 1 + k / q + k * k
    high_pass = (
        (1.0, -2.0, 1.0),
        (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),
    )
    return [shelf, high_pass]
