"""A soundbite: some seconds of a finished episode as a small MP3, at the same loudness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.decode import blocks
from cityhall_fm.adapters.audio.jingle import faded
from cityhall_fm.adapters.audio.meter import SILENCE, CellMeter, integrated
from cityhall_fm.adapters.audio.mp3 import Mp3
from cityhall_fm.adapters.audio.recipe import sha256
from cityhall_fm.adapters.audio.render import CODEC_ROOM, listening_limit, render
from cityhall_fm.adapters.audio.survey import placed
from cityhall_fm.adapters.audio.tags import id3
from cityhall_fm.adapters.audio.whole import whole_or_nothing
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import Written
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.adapters.audio.meter import Peaks
    from cityhall_fm.production.ports.progress import Progress
    from cityhall_fm.show.mastering import MasteringSettings, Tags

_FADE_IN: Final = 50
_FADE_OUT: Final = 400
"""Milliseconds: a bite begins at a word, and ends softly."""
_SHORTEST: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Fulfils Sound with samples in memory: two minutes at most."""

    rate: int
    samples: Samples
    energies: Samples
    peaks: Peaks

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1])

    def blocks(self) -> Iterator[Samples]:
        for start in range(0, self.frames, self.rate):
            yield self.samples[:, start : start + self.rate]


def clip(
    source: Path,
    *,
    at: Timecode,
    length: Timecode,
    settings: MasteringSettings,
    tags: Tags,
    to: Path,
    progress: Progress,
) -> Written:
    """Cut out of `source`, times being its own, and write at `to`; AudioError where nothing is there."""
    rate, channels = settings.sample_rate, settings.channels
    samples = _cut(source, rate, channels, round(at.seconds * rate), round(length.seconds * rate))
    if samples.shape[1] < _SHORTEST * rate:
        raise AudioError("audio.clip_outside", path=source, at=at)
    samples = faded(samples, rate, fade_in=_FADE_IN, fade_out=_FADE_OUT)
    meter = CellMeter(rate, channels)
    meter.feed(samples)
    energies, peaks = meter.finish()
    if integrated(energies) <= SILENCE + 10:
        raise AudioError("audio.silent", path=source)
    piece = _Piece(rate, samples, energies, peaks)
    tag = id3(tags, (), picture=None, duration=Timecode.of_seconds(piece.frames / rate))
    with whole_or_nothing(to) as (partial,):
        render(
            piece,
            {
                "mp3": lambda: Mp3(
                    partial,
                    tag=tag,
                    rate=rate,
                    channels=channels,
                    bitrate=settings.bitrate,
                    frames=piece.frames,
                    limit=listening_limit(settings.target),
                )
            },
            target=settings.target,
            room=CODEC_ROOM,
            channels=channels,
            progress=progress,
        )
    return Written(to, to.stat().st_size, sha256(to), "audio/mpeg", settings.bitrate)


def _cut(source: Path, rate: int, channels: int, start: int, length: int) -> Samples:
    found, at = [np.zeros((channels, 0), np.float32)], 0
    for block in blocks(source, rate=rate):
        piece = block[:, max(0, start - at) : max(0, start + length - at)]
        if piece.shape[1]:
            found.append(placed(piece, channels, None))
        at += block.shape[1]
        if at >= start + length:
            break
    return np.concatenate(found, axis=1)
