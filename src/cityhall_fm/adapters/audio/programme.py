"""The whole programme as one stream: the opening jingle, then every recording in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cityhall_fm.adapters.audio.meter import SILENCE, CellMeter, integrated
from cityhall_fm.adapters.audio.survey import Source, survey
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks
    from cityhall_fm.show.mastering import MasteringOrder


_Kind = TypeVar("_Kind", np.float16, np.float32)


@dataclass(frozen=True, slots=True)
class Programme:
    """Ready to be mastered: its 10 ms figures for planning, its samples as often as they are wanted."""

    rate: int
    frames: int
    begins_at: int
    """The sample at which the recording begins, after the jingle."""
    energies: Samples
    peaks: Peaks
    remarks: tuple[Text, ...]
    _opening: Samples
    _sources: tuple[Source, ...]
    _in_opening: int

    def blocks(self) -> Iterator[Samples]:
        """Yield all of it, from the first sample of the jingle."""
        for start in range(0, self._opening.shape[1], self.rate):
            yield self._opening[:, start : start + self.rate]
        skip = self._in_opening
        for one in self._sources:
            for block in one.samples():
                yield block[:, skip:]
                skip = max(0, skip - block.shape[1])


def listen(order: MasteringOrder, heard: Callable[[float], None]) -> Programme:
    """Listen to every recording once, and lay the jingle before them."""
    settings = order.settings
    rate, channels = settings.sample_rate, settings.channels
    if not order.recordings:
        raise AudioError("audio.no_recording")
    surveys = tuple(
        survey(Path(path), rate=rate, channels=channels, heard=heard) for path in order.recordings
    )
    sources = tuple(one.source for one in surveys)
    energies = _joined([one.energies for one in surveys])
    peaks = _joined([one.peaks for one in surveys])
    loudness = integrated(energies)
    if loudness <= SILENCE + 10:
        raise AudioError("audio.silent", path=", ".join(one.path.name for one in sources))
    frames = sum(one.frames for one in surveys)
    start = np.zeros((channels, 0), np.float32)
    begins_at, in_opening = 0, 0
    if settings.intro is not None:
        from cityhall_fm.adapters.audio.jingle import opening  # noqa: PLC0415 - pydub only where there is one

        first = _first(sources[0], settings.intro_crossfade)
        in_opening = first.shape[1]
        start, begins_at = opening(
            Path(settings.intro),
            first,
            rate=rate,
            crossfade=settings.intro_crossfade,
            programme_loudness=loudness,
        )
        meter = CellMeter(rate, channels)
        meter.feed(start)
        before = meter.finish()
        gone = in_opening * 100 // rate
        energies = np.concatenate([before[0], energies[gone:]])
        peaks = np.concatenate([before[1], peaks[gone:]])
    return Programme(
        rate=rate,
        frames=frames + begins_at,
        begins_at=begins_at,
        energies=energies,
        peaks=peaks,
        remarks=tuple(_remarks(sources)),
        _opening=start,
        _sources=sources,
        _in_opening=in_opening,
    )


def _joined(parts: list[NDArray[_Kind]]) -> NDArray[_Kind]:
    """Put arrays end to end; a single one, as nearly every show has, is not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _first(one: Source, seconds: float) -> Samples:
    """Read the first seconds of a recording."""
    wanted = round(seconds * one.rate)
    found = np.zeros((one.channels, 0), np.float32)
    if wanted:
        for block in one.samples():
            found = np.concatenate([found, block[:, : wanted - found.shape[1]]], axis=1)
            if found.shape[1] == wanted:
                break
    return found


def _remarks(sources: tuple[Source, ...]) -> Iterator[Text]:
    for one in sources:
        if one.side is not None:
            yield Text.of("audio.only_right" if one.side else "audio.only_left", name=one.path.name)
