"""Gain, limiter and every output in one pass, again only for what missed its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from cityhall_fm.adapters.audio.limiter import Limiter, gain_for
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.text import Text

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks
    from cityhall_fm.production.ports.progress import Progress
    from cityhall_fm.show.loudness import Loudness, LoudnessTarget

_ATTEMPTS: Final = 6
_LOWER: Final = 0.5
_HEAVY_LIMITING: Final = 10.0
_MUCH_GAIN: Final = 20.0


CODEC_ROOM: Final = 1.0
"""dB below the ceiling that the limiter aims at: what codecs usually add to a peak, at most."""
_SAFETY: Final = 0.1
"""dB below the ceiling that we listen for, since meters oversample differently."""


class Sound(Protocol):
    """What is mastered: 10 ms figures for planning, samples as often as they are wanted."""

    @property
    def rate(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def energies(self) -> Samples: ...
    @property
    def peaks(self) -> Peaks: ...
    def blocks(self) -> Iterator[Samples]: ...


class Output(Protocol):
    """One attempt at a finished file: takes limited samples, and tells how they measure when decoded."""

    @property
    def given_up(self) -> bool: ...
    def put(self, samples: Samples) -> None: ...
    def finish(self) -> Loudness: ...
    def close(self) -> None: ...


Outputs = Mapping[str, Callable[[], Output]]
"""How to begin each file, from nothing every time."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """How each file measures, and what was done to the programme for the first of them."""

    loudness: Mapping[str, Loudness]
    gain: float
    deepest: float

    def remarks(self) -> Iterator[Text]:
        if self.deepest > _HEAVY_LIMITING:
            yield Text.of("audio.limited", decibel=f"{self.deepest:.1f}")
        if self.gain > _MUCH_GAIN:
            yield Text.of("audio.raised", decibel=f"{self.gain:.1f}")


def render(
    sound: Sound,
    outputs: Outputs,
    *,
    target: LoudnessTarget,
    room: float,
    channels: int,
    progress: Progress,
) -> Rendered:
    """Write all files, each on target when it is decoded; nearly always in one pass.

    `room` is how many dB below the ceiling the limiter begins, since codecs overshoot. Raises AudioError
    where the target cannot be reached.
    """
    aim = _Aim(target.integrated, target.true_peak - room)
    measured: dict[str, Loudness] = {}
    first: _Take | None = None
    pending = dict(outputs)
    for _ in range(_ATTEMPTS):
        take = _take(sound, pending, aim, channels, progress)
        measured |= take.loudness
        on_target = {name for name in pending if name in take.loudness and target.met_by(take.loudness[name])}
        if next(iter(outputs)) in on_target:
            first = take
        pending = {name: begin for name, begin in pending.items() if name not in on_target}
        if not pending:
            what = first or take
            return Rendered(measured, what.gain, what.deepest)
        aim = aim.corrected(target, [take.loudness.get(name) for name in pending])
        progress.step(Text.of("audio.encoding_again"))
    heard = next((measured[name] for name in pending if name in measured), None)
    raise AudioError(
        "audio.target_missed",
        integrated=f"{heard.integrated:.1f}" if heard else "?",
        true_peak=f"{heard.true_peak:.1f}" if heard else "?",
    )


def listening_limit(target: LoudnessTarget) -> float:
    """Give the factor that no decoded peak shall exceed."""
    return float(10 ** ((target.true_peak - _SAFETY) / 20))


@dataclass(frozen=True, slots=True)
class _Aim:
    """What the limiter is set to, so that what is decoded comes out on target."""

    loudness: float
    ceiling: float

    def corrected(self, target: LoudnessTarget, heard: Sequence[Loudness | None]) -> _Aim:
        """Go lower where a peak was over the ceiling, otherwise by what the loudness missed."""
        known = [one for one in heard if one is not None]
        over = [one.true_peak - target.true_peak for one in known if one.true_peak > target.true_peak]
        if over or len(known) < len(heard):
            return replace(self, ceiling=self.ceiling - max([_LOWER, *over]))
        missed = [target.integrated - one.integrated for one in known]
        return replace(self, loudness=self.loudness + sum(missed) / len(missed))


@dataclass(frozen=True, slots=True)
class _Take:
    """One pass: how each file that was finished measures, and what was done."""

    loudness: Mapping[str, Loudness]
    gain: float
    deepest: float


def _take(sound: Sound, outputs: Outputs, aim: _Aim, channels: int, progress: Progress) -> _Take:
    """Limit and write; break off where an output gave up, for all must be done again lower."""
    rate = sound.rate
    gain = gain_for(sound.energies, sound.peaks, target=aim.loudness, ceiling=aim.ceiling)
    limiter = Limiter(rate, channels, gain=gain, ceiling=aim.ceiling)
    seconds, done = sound.frames / rate, 0
    with ExitStack() as stack:
        begun = {name: begin() for name, begin in outputs.items()}
        for output in begun.values():
            stack.callback(output.close)
        for block in sound.blocks():
            limited = limiter.feed(block)
            for output in begun.values():
                output.put(limited)
            if any(output.given_up for output in begun.values()):
                return _Take({}, gain, limiter.deepest)
            done += block.shape[1]
            progress.advance(done / rate, seconds)
        rest = limiter.finish()
        for output in begun.values():
            output.put(rest)
        loudness = {name: output.finish() for name, output in begun.items()}
    return _Take(loudness, gain, limiter.deepest)
