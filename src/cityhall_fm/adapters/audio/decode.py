"""A recording becomes samples: whatever PyAV decodes, in blocks, at one rate, mono or stereo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import av
import numpy as np

from cityhall_fm.adapters.audio.declared import declared_seconds
from cityhall_fm.adapters.audio.failures import reading
from cityhall_fm.adapters.audio.ogg import breaks_off
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from typing import TypeAlias

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float32]
    """One row per channel; full scale is 1."""

LONGEST_HOURS: Final = 12
_BLOCK_SECONDS: Final = 2
_TOLERANCE: Final = {"flac": 0.02}  # FLAC counts every sample; damaged frames are skipped silently
_USUAL_TOLERANCE: Final = 0.5


def blocks(
    path: Path, *, rate: int | None = None, high_pass: int = 0, mixed: bool = True
) -> Iterator[Samples]:
    """Yield the recording in blocks of two seconds, mono or stereo, at `rate` or its own.

    Surround is mixed down by ITU-R BS.775: centre and surrounds 3 dB lower on both sides, no LFE; without
    `mixed` every channel comes as it is. `high_pass` takes away what lies below so many Hz, by 12 dB per
    octave; 0 takes nothing.
    """
    with _opened(path) as (container, stream):
        declared = declared_seconds(path, container, stream)
        _refuse_if_too_long(path, declared)
        if container.format.name == "ogg" and breaks_off(path):
            raise AudioError("audio.breaks_off", path=path, at=Timecode.of_seconds(declared or 0))
        form = _Form(rate, high_pass, mixed=mixed)
        yield from _resampled(path, container, stream, form, declared)


def samples_of(frame: object) -> Samples:
    """Take the samples out of one of PyAV's frames that FFmpeg made floats, one plane per channel or one."""
    assert isinstance(frame, av.AudioFrame)  # noqa: S101 - PyAV's graphs may give video too
    samples = cast("Samples", frame.to_ndarray())
    return samples if frame.format.is_planar else samples.reshape(frame.samples, -1).T


@dataclass(frozen=True, slots=True)
class OwnForm:
    """A recording's sample rate, 0 where it says none; FFmpeg's names of its container and channels."""

    rate: int
    channels: tuple[str, ...]
    container: str


def own_form(path: Path) -> OwnForm:
    """Tell what a recording is before it is decoded."""
    with _opened(path) as (container, stream):
        context = stream.codec_context
        names = tuple(one.name for one in context.layout.channels)
        return OwnForm(context.sample_rate or 0, names, container.format.name)


def about_seconds(path: Path) -> float:
    """Guess the recording's length, for progress only."""
    with _opened(path) as (container, _):
        return (container.duration or 0) / 1_000_000


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    if not path.is_file():
        raise AudioError("audio.missing", path=path)
    if path.stat().st_size == 0:
        raise AudioError("audio.empty", path=path)
    with reading(path), av.open(str(path)) as container:
        yield container, _audio_stream(container, path)


def _audio_stream(container: InputContainer, path: Path) -> AudioStream:
    if not container.streams.audio:
        if container.streams.video:
            raise AudioError("audio.no_sound", path=path)
        raise AudioError("audio.not_audio", path=path)
    stream = container.streams.audio[0]
    if stream.codec_context.name == "flac":
        stream.codec_context.options = {"err_detect": "crccheck+explode"}
    return stream


def _resampled(
    path: Path, container: InputContainer, stream: AudioStream, form: _Form, declared: float | None
) -> Iterator[Samples]:
    graph: _Graph | None = None
    seconds = 0.0
    with reading(path, lambda: seconds):
        for frame in container.decode(stream):
            graph = graph or _Graph(frame, form)
            yield from graph.through(frame)
            if frame.is_corrupt:
                raise AudioError("audio.damaged", path=path, at=Timecode.of_seconds(seconds))
            seconds += frame.samples / frame.sample_rate
            _refuse_if_too_long(path, seconds)
        if graph is None:
            raise AudioError("audio.empty", path=path)
        tolerance = _TOLERANCE.get(stream.codec_context.name, _USUAL_TOLERANCE)
        if declared is not None and declared - seconds > tolerance:
            raise AudioError(
                "audio.truncated",
                path=path,
                at=Timecode.of_seconds(seconds),
                of=Timecode.of_seconds(declared),
            )
        yield from graph.through(None)


def _refuse_if_too_long(path: Path, seconds: float | None) -> None:
    if seconds is not None and seconds > LONGEST_HOURS * 3600:
        raise AudioError(
            "audio.too_long", path=path, length=Timecode.of_seconds(seconds), hours=LONGEST_HOURS
        )


@dataclass(frozen=True, slots=True)
class _Form:
    """What the samples shall be: at a rate (None: their own), without what lies below so many Hz."""

    rate: int | None
    high_pass: int
    mixed: bool


class _Graph:
    """FFmpeg's filters from the file's own form to float blocks."""

    def __init__(self, first: AudioFrame, form: _Form) -> None:
        rate = form.rate or first.sample_rate
        self._graph = av.filter.Graph()
        chain = [
            self._graph.add_abuffer(
                sample_rate=first.sample_rate,
                format=first.format,
                layout=first.layout.name,
                time_base=first.time_base,
            ),
            self._graph.add(
                "aformat",
                f"sample_rates={rate}:sample_fmts="
                # PyAV reads beyond the end of frames that have eight planes or more.
                + ("fltp:channel_layouts=mono|stereo" if form.mixed else "flt"),
            ),
            *([self._graph.add("highpass", f"f={form.high_pass}:p=2")] if form.high_pass else []),
            self._graph.add("asetnsamples", f"n={rate * _BLOCK_SECONDS}:p=0"),
            self._graph.add("abuffersink"),
        ]
        for one, following in pairwise(chain):
            one.link_to(following)
        self._graph.configure()

    def through(self, frame: AudioFrame | None) -> Iterator[Samples]:
        self._graph.push(frame)
        while True:
            try:
                pulled = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            yield samples_of(pulled)
