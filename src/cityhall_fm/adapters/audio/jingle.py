"""The seam between the opening jingle and the programme: level, fade and overlap, through pydub."""

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


def opening(
    path: Path, programme: Samples, *, rate: int, crossfade: float, programme_loudness: float
) -> tuple[Samples, int]:
    """Lay the jingle before the programme's first samples, as loud as the programme.

    `programme` are its first `crossfade` seconds (fewer where it is shorter): the jingle fades out under
    them. Answers with the opening, and the sample in it where the programme begins.
    """
    channels = len(programme)
    jingle = _read(path, rate, channels)
    segment = _segment(jingle, rate)
    segment += programme_loudness - _loudness(jingle, rate, otherwise=programme_loudness)
    overlap = min(round(crossfade * rate), jingle.shape[1], programme.shape[1])
    at = jingle.shape[1] - overlap
    if overlap == 0:
        return np.concatenate([_samples(segment), programme], axis=1), at
    ending = _segment(_samples(segment)[:, at:], rate)
    ending = ending.fade_out(len(ending)).overlay(_segment(programme[:, :overlap], rate))
    return np.concatenate([_samples(segment)[:, :at], _samples(ending), programme[:, overlap:]], axis=1), at


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
