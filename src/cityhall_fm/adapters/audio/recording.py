"""What was recorded, as one stream: files in their order, or tracks of one conversation heard together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from cityhall_fm.adapters.audio.curve import Curve
from cityhall_fm.adapters.audio.levelling import levelled
from cityhall_fm.adapters.audio.meter import SILENCE, integrated
from cityhall_fm.adapters.audio.survey import Source, Survey, survey
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks
    from cityhall_fm.show.mastering import MasteringOrder

_QUIETEST: Final = SILENCE + 10
_Kind = TypeVar("_Kind", np.float16, np.float32)


@dataclass(frozen=True, slots=True)
class Voice:
    """One file with the level at which it is heard."""

    heard: Survey
    level: Curve

    @property
    def energies(self) -> Samples:
        if self.level.does_nothing:
            return self.heard.energies
        return self.heard.energies * np.square(self.level.cells(len(self.heard.energies)))

    @property
    def peaks(self) -> Peaks:
        if self.level.does_nothing:
            return self.heard.peaks
        return (self.heard.peaks * self.level.cells(len(self.heard.peaks))).astype(np.float16)

    def samples(self) -> Iterator[Samples]:
        return self.level.over(self.heard.source.samples(), self.heard.source.rate)


@dataclass(frozen=True, slots=True)
class Recording:
    """All of it, with its 10 ms figures; `together` tells tracks from files in order."""

    frames: int
    energies: Samples
    peaks: Peaks
    loudness: float
    together: bool
    voices: tuple[Voice, ...]
    remarks: tuple[Text, ...]

    def samples(self) -> Iterator[Samples]:
        if self.together:
            yield from _mixed([voice.samples() for voice in self.voices])
            return
        for voice in self.voices:
            yield from voice.samples()

    @property
    def fader(self) -> tuple[float, float]:
        """The lowest and the highest level that any voice was given, in dB."""
        factors = [20 * np.log10(voice.level.factors) for voice in self.voices]
        return float(min(one.min() for one in factors)), float(max(one.max() for one in factors))


def listen_to(order: MasteringOrder, heard: Callable[[float], None]) -> Recording:
    """Listen to every file once; AudioError where there is none, or nothing to hear."""
    settings, together = order.settings, bool(order.tracks)
    paths = [track.path for track in order.tracks] or list(order.recordings)
    if not paths:
        raise AudioError("audio.no_recording")
    form = Source(Path(), settings.sample_rate, settings.channels, settings.high_pass)
    surveys = [survey(replace(form, path=Path(path)), heard) for path in paths]
    levels = [Curve.flat(track.level) for track in order.tracks] or [Curve.flat(0.0)] * len(surveys)
    voices = [Voice(one, level) for one, level in zip(surveys, levels, strict=True)]
    if settings.levelling:
        voices = _levelled(voices, together=together)
    parts = [voice.energies for voice in voices]
    energies = _summed(parts) if together else _joined(parts)
    loudness = integrated(energies)
    if loudness <= _QUIETEST:
        raise AudioError("audio.silent", path=", ".join(Path(path).name for path in paths))
    lengths = [one.frames for one in surveys]
    return Recording(
        frames=max(lengths) if together else sum(lengths),
        energies=energies,
        peaks=_heaped([voice.peaks for voice in voices])
        if together
        else _joined([voice.peaks for voice in voices]),
        loudness=loudness,
        together=together,
        voices=tuple(voices),
        remarks=tuple(_remarks(surveys)),
    )


def _levelled(voices: list[Voice], *, together: bool) -> list[Voice]:
    """Lead all voices to the same loudness, each track by itself; levels of the host come on top."""
    measured = [integrated(voice.heard.energies) for voice in voices]
    audible = [loudness for loudness in measured if loudness > _QUIETEST]
    if not audible:
        return voices
    # Files in order are one conversation: the loudness of all of it is where each voice is led.
    aim = (
        float(np.mean(audible))
        if together
        else integrated(_joined([voice.heard.energies for voice in voices]))
    )
    return [
        replace(voice, level=voice.level * levelled(voice.heard.energies, loudness=aim)) for voice in voices
    ]


def _mixed(streams: list[Iterator[Samples]]) -> Iterator[Samples]:
    """Add blocks, which are equally long but for each track's last."""
    for blocks in zip_longest(*streams):
        there = [block for block in blocks if block is not None]
        longest = max(block.shape[1] for block in there)
        mix = np.zeros((len(there[0]), longest), np.float32)
        for block in there:
            mix[:, : block.shape[1]] += block
        yield mix


def _summed(parts: list[Samples]) -> Samples:
    """Add the energies of different voices, which is what uncorrelated sounds do."""
    total = np.zeros(max(len(part) for part in parts), np.float32)
    for part in parts:
        total[: len(part)] += part
    return total


def _heaped(parts: list[Peaks]) -> Peaks:
    """Guess the peaks of a mix: voices seldom peak at the same moment."""
    total = np.zeros(max(len(part) for part in parts), np.float32)
    for part in parts:
        total[: len(part)] += np.square(part.astype(np.float32))
    return np.sqrt(total).astype(np.float16)


def _joined(parts: list[NDArray[_Kind]]) -> NDArray[_Kind]:
    """Put arrays end to end; a single one, as nearly every show has, is not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _remarks(surveys: list[Survey]) -> Iterator[Text]:
    for one in surveys:
        side, name = one.source.side, one.source.path.name
        if side is not None:
            yield Text.of("audio.only_right" if side else "audio.only_left", name=name)
        if one.stops_short:
            length = Timecode.of_seconds(one.frames / one.source.rate)
            yield Text.of("audio.stops_short", name=name, at=length)
