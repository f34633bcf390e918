"""The music bed: one piece over and over under the programme, stepping back while somebody speaks."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.curve import Curve
from cityhall_fm.adapters.audio.meter import SILENCE, integrated
from cityhall_fm.adapters.audio.stillness import hop_levels
from cityhall_fm.adapters.audio.survey import Source, Survey, survey
from cityhall_fm.show.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.show.mastering import MasteringSettings

_SPEECH: Final = 20.0
"""dB below the programme's loudness from which on somebody is heard to speak."""
# All in hops of 100 ms.
_BEFORE: Final = 3
_AFTER: Final = 10
_TRAVEL: Final = 7
_FADE_IN: Final = 10
_FADE_OUT: Final = 30
_SHORTEST_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class Bed:
    """A piece of music and its level under a programme; figures as the mix will have them."""

    heard: Survey
    level: Curve

    def under(self, programme: Iterator[Samples]) -> Iterator[Samples]:
        """Add the bed to a programme, from its first sample to its last."""
        at, rate = 0, self.heard.source.rate
        with closing(_over_and_over(self.heard.source)) as music:
            rest = next(music)
            for block in programme:
                length = block.shape[1]
                while rest.shape[1] < length:
                    rest = np.concatenate([rest, next(music)], axis=1)
                yield block + rest[:, :length] * self.level.piece(at, length, rate)
                rest = rest[:, length:]
                at += length

    def energies(self, count: int) -> Samples:
        return np.resize(self.heard.energies, count) * np.square(self.level.cells(count))

    def peaks(self, count: int) -> Samples:
        return np.resize(self.heard.peaks, count).astype(np.float32) * self.level.cells(count)


def bed_for(settings: MasteringSettings, source: Source, energies: Samples, *, loudness: float) -> Bed:
    """Listen to the bed, and plan its level from the programme's 10 ms figures."""
    heard = survey(source, lambda _: None)
    own = integrated(heard.energies)
    if own <= SILENCE or heard.frames < _SHORTEST_SECONDS * source.rate:
        raise AudioError("audio.bed_too_short", path=source.path, seconds=_SHORTEST_SECONDS)
    speaking = hop_levels(energies) > loudness - _SPEECH
    ducked = settings.bed_level - settings.bed_duck * _ducking(speaking)
    factors = 10 ** ((ducked + loudness - own) / 20) * _fades(len(ducked))
    return Bed(heard, Curve(factors.astype(np.float32)))


def _ducking(speaking: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Say how far the bed has stepped back, 0 to 1: early before words, late after them, never at once."""
    padded = np.pad(speaking, (_AFTER, _BEFORE + 1))
    near = np.lib.stride_tricks.sliding_window_view(padded, _BEFORE + _AFTER + 1).any(axis=1)
    half = _TRAVEL // 2
    return np.convolve(
        np.pad(near.astype(np.float64), half, mode="edge"), np.full(_TRAVEL, 1 / _TRAVEL), "valid"
    )


def _fades(count: int) -> NDArray[np.float64]:
    places = np.arange(count, dtype=np.float64)
    return np.minimum(np.minimum(1.0, places / _FADE_IN), np.clip((count - 1 - places) / _FADE_OUT, 0, 1))


def _over_and_over(source: Source) -> Generator[Samples, None, None]:
    while True:
        yield from source.samples()
