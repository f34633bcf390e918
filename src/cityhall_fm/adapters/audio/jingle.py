"""The jingles before and after the programme: their level and their fades, through pydub."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.decode import blocks
from cityhall_fm.adapters.audio.meter import CellMeter, integrated
from cityhall_fm.adapters.audio.survey import placed
from cityhall_fm.show.errors import AudioError

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Couldn't find ffmpeg", category=RuntimeWarning)
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=r"pydub")
    from pydub import AudioSegment

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples

LONGEST_SECONDS: Final = 120
_FULL_SCALE: Final = float(2**31 / 16)
"""24 dB of room above full scale, so that no level that pydub sets can clip; the limiter comes later."""


def opening(path: Path, *, rate: int, channels: int, overlap: int, loudness: float) -> Samples:
    """Read the jingle that comes first, as loud as the programme, fading out over its last samples."""
    jingle, overlap = _at_level(path, rate, channels, loudness), max(0, overlap)
    overlap = min(overlap, jingle.shape[1])
    if overlap == 0:
        return jingle
    ending = _segment(jingle[:, jingle.shape[1] - overlap :], rate)
    return np.concatenate([jingle[:, :-overlap], _samples(ending.fade_out(len(ending)))], axis=1)


def closing(path: Path, *, rate: int, channels: int, overlap: int, loudness: float) -> Samples:
    """Read the jingle that comes last, as loud as the programme, fading in over its first samples."""
    jingle = _at_level(path, rate, channels, loudness)
    overlap = min(max(0, overlap), jingle.shape[1])
    if overlap == 0:
        return jingle
    beginning = _segment(jingle[:, :overlap], rate)
    return np.concatenate([_samples(beginning.fade_in(len(beginning))), jingle[:, overlap:]], axis=1)


def faded(samples: Samples, rate: int, *, fade_in: int, fade_out: int) -> Samples:
    """Let a piece begin and end softly; milliseconds."""
    return _samples(_segment(samples, rate).fade_in(fade_in).fade_out(fade_out))


def _at_level(path: Path, rate: int, channels: int, loudness: float) -> Samples:
    jingle = _read(path, rate, channels)
    return _samples(_segment(jingle, rate) + (loudness - _loudness(jingle, rate, otherwise=loudness)))


def _read(path: Path, rate: int, channels: int) -> Samples:
    found: list[Samples] = []
    for block in blocks(path, rate=rate):
        found.append(placed(block, channels, None))
        if sum(block.shape[1] for block in found) > LONGEST_SECONDS * rate:
            raise AudioError("audio.jingle_too_long", path=path, seconds=LONGEST_SECONDS)
    if not found:
        raise AudioError("audio.empty", path=path)
    return np.concatenate(found, axis=1)


def _loudness(samples: Samples, rate: int, *, otherwise: float) -> float:
    meter = CellMeter(rate, len(samples))
    meter.feed(samples)
    measured = integrated(meter.finish()[0])
    return measured if np.isfinite(measured) else otherwise


def _segment(samples: Samples, rate: int) -> AudioSegment:
    whole = np.clip(np.rint(samples.T * _FULL_SCALE), -(2.0**31), 2.0**31 - 1).astype("<i4")
    return AudioSegment(whole.tobytes(), sample_width=4, frame_rate=rate, channels=len(samples))


def _samples(segment: AudioSegment) -> Samples:
    whole = np.frombuffer(segment.raw_data, "<i4").reshape(-1, segment.channels)
    return np.ascontiguousarray(whole.T).astype(np.float32) / np.float32(_FULL_SCALE)
