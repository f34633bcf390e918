"""The whole programme as one stream: the opening jingle, what was recorded, the closing jingle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cityhall_fm.adapters.audio.meter import CELLS_PER_SECOND, CellMeter
from cityhall_fm.adapters.audio.recording import Recording, listen_to
from cityhall_fm.adapters.audio.stillness import HOPS_PER_SECOND, hop_levels, pauses, usual_level, within
from cityhall_fm.adapters.audio.survey import Source
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.placement import Placement
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable

    from cityhall_fm.adapters.audio.bed import Bed
    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks
    from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

_MOST_PAUSES_TOLD = 5


@dataclass(frozen=True, slots=True)
class Programme:
    """Ready to be mastered: its 10 ms figures for planning, its samples as often as they are wanted."""

    rate: int
    frames: int
    energies: Samples
    peaks: Peaks
    placement: Placement
    remarks: tuple[Text, ...]
    done: Mapping[str, object]
    """What was done to the recording, by name."""
    _recording: Recording
    _kept: slice
    _bed: Bed | None
    _opening: Samples
    _closing: Samples
    _begins_at: int

    def blocks(self) -> Iterator[Samples]:
        """Yield all of it, from the first sample of the jingle."""
        before, over = np.split(self._opening, [self._begins_at], axis=1)
        yield from _pieces(before, self.rate)
        at, ends = 0, self._kept.stop - self._kept.start
        closing_at = self.frames - self._closing.shape[1] - self._begins_at
        for block in self._body():
            _lay(block, over, at)
            _lay(block, self._closing, at - closing_at)
            yield block
            at += block.shape[1]
        yield from _pieces(self._closing[:, ends - closing_at :], self.rate)

    def _body(self) -> Iterator[Samples]:
        kept = _cut(self._recording.samples(), self._kept)
        return self._bed.under(kept) if self._bed else kept


def listen(order: MasteringOrder, heard: Callable[[float], None]) -> Programme:
    """Listen to everything once: recording, bed and jingles."""
    settings = order.settings
    rate, channels = settings.sample_rate, settings.channels
    recording = listen_to(order, heard)
    levels = hop_levels(recording.energies)
    first, last = 0, len(levels)
    if settings.trim:
        usual = usual_level(levels, loudness=recording.loudness)
        first, last = within(levels, above=usual + settings.trim_threshold)
    hop = rate // HOPS_PER_SECOND
    end = recording.frames if last == len(levels) else min(recording.frames, last * hop)
    kept = slice(first * hop, end)
    cells = slice(first * CELLS_PER_SECOND // HOPS_PER_SECOND, end * CELLS_PER_SECOND // rate)
    energies, peaks = recording.energies[cells], recording.peaks[cells]
    bed = None
    if settings.bed is not None:
        from cityhall_fm.adapters.audio.bed import bed_for  # noqa: PLC0415 - only where there is one

        source = Source(Path(settings.bed), rate, channels)
        bed = bed_for(settings, source, energies, loudness=recording.loudness)
        energies = energies + bed.energies(len(energies))
        peaks = (peaks + bed.peaks(len(peaks))).astype(np.float16)
    length = kept.stop - kept.start
    opening, before_body = _opening(settings, length, recording.loudness)
    closing, over_body = _closing(settings, length, recording.loudness)
    frames = before_body + length + closing.shape[1] - over_body
    if opening.size or closing.size:
        jingles = ((opening, 0), (closing, before_body + length - over_body))
        energies, peaks = _figures(frames, rate, (energies, peaks, before_body), jingles)
    return Programme(
        rate=rate,
        frames=frames,
        energies=energies,
        peaks=peaks,
        placement=Placement(
            programme_at=Timecode.of_seconds(before_body / rate),
            trimmed=Timecode.of_seconds(kept.start / rate),
        ),
        remarks=(*recording.remarks, *_pauses_told(pauses_in(recording, settings, settings.long_pause))),
        done=_done(settings, recording, kept),
        _recording=recording,
        _kept=kept,
        _bed=bed,
        _opening=opening,
        _closing=closing,
        _begins_at=before_body,
    )


def pauses_in(recording: Recording, settings: MasteringSettings, least: float) -> tuple[Pause, ...]:
    """Find where nothing is heard for `least` seconds; times are the recording's."""
    levels = hop_levels(recording.energies)
    return pauses(levels, loudness=recording.loudness, threshold=settings.trim_threshold, least=least)


def _opening(settings: MasteringSettings, length: int, loudness: float) -> tuple[Samples, int]:
    """Read the opening jingle, and say where in it the recording begins."""
    if settings.intro is None:
        return np.zeros((settings.channels, 0), np.float32), 0
    from cityhall_fm.adapters.audio.jingle import opening  # noqa: PLC0415 - pydub only where there is one

    rate = settings.sample_rate
    overlap = min(round(settings.intro_crossfade * rate), length)
    read = opening(
        Path(settings.intro), rate=rate, channels=settings.channels, overlap=overlap, loudness=loudness
    )
    return read, read.shape[1] - min(overlap, read.shape[1])


def _closing(settings: MasteringSettings, length: int, loudness: float) -> tuple[Samples, int]:
    """Read the closing jingle, and say how much of it lies over the recording."""
    if settings.outro is None:
        return np.zeros((settings.channels, 0), np.float32), 0
    from cityhall_fm.adapters.audio.jingle import closing  # noqa: PLC0415 - pydub only where there is one

    rate = settings.sample_rate
    overlap = min(round(settings.outro_crossfade * rate), length)
    read = closing(
        Path(settings.outro), rate=rate, channels=settings.channels, overlap=overlap, loudness=loudness
    )
    return read, min(overlap, read.shape[1])


def _figures(
    frames: int, rate: int, body: tuple[Samples, Peaks, int], jingles: tuple[tuple[Samples, int], ...]
) -> tuple[Samples, Peaks]:
    """Add up the 10 ms figures of what sounds together, to the nearest cell."""
    cell = rate // CELLS_PER_SECOND
    energies = np.zeros(frames // cell + 1, np.float32)
    peaks = np.zeros(frames // cell + 1, np.float32)
    parts = [body]
    for samples, at in jingles:
        meter = CellMeter(rate, len(samples))
        if samples.size:
            meter.feed(samples)
            parts.append((*meter.finish(), at))
    for one_energies, one_peaks, at in parts:
        place = slice(round(at / cell), round(at / cell) + len(one_energies))
        room = len(energies[place])
        energies[place] += one_energies[:room]
        peaks[place] += one_peaks[:room]
    return energies, peaks.astype(np.float16)


def _cut(blocks: Iterator[Samples], kept: slice) -> Iterator[Samples]:
    at = 0
    for block in blocks:
        piece = block[:, max(0, kept.start - at) : max(0, kept.stop - at)]
        if piece.shape[1]:
            yield piece
        at += block.shape[1]
        if at >= kept.stop:
            return


def _lay(block: Samples, layer: Samples, at: int) -> None:
    """Add a layer to a block of a stream; `at` is where in the layer the block begins."""
    first, last = max(0, at), min(layer.shape[1], at + block.shape[1])
    if first < last:
        block[:, first - at : last - at] += layer[:, first:last]


def _pieces(samples: Samples, length: int) -> Iterator[Samples]:
    for start in range(0, samples.shape[1], length):
        yield samples[:, start : start + length]


def _pauses_told(found: tuple[Pause, ...]) -> Iterator[Text]:
    for pause in found[:_MOST_PAUSES_TOLD]:
        yield Text.of("audio.long_pause", at=pause.start, seconds=f"{pause.seconds:.0f}")
    if len(found) > _MOST_PAUSES_TOLD:
        yield Text.of("audio.more_pauses", count=len(found) - _MOST_PAUSES_TOLD)


def _done(settings: MasteringSettings, recording: Recording, kept: slice) -> Mapping[str, object]:
    """Put down what was done, without names of files, which may be people's."""
    rate = settings.sample_rate
    lowest, highest = recording.fader
    done: dict[str, object] = {
        "trimmed_start": round(kept.start / rate, 1),
        "trimmed_end": round((recording.frames - kept.stop) / rate, 1),
    }
    if recording.together:
        done["tracks"] = len(recording.voices)
    if settings.high_pass:
        done["high_pass"] = settings.high_pass
    if settings.levelling:
        done["levelling"] = [round(lowest, 1), round(highest, 1)]
    if settings.bed:
        done["bed"] = {"level": settings.bed_level, "duck": settings.bed_duck}
    return done
