"""The job: listen, plan, then gain, limit, encode and listen back in one pass, all in blocks."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from cityhall_fm.adapters.audio.crc16 import crc16
from cityhall_fm.adapters.audio.decode import about_seconds
from cityhall_fm.adapters.audio.encoder import Encoder
from cityhall_fm.adapters.audio.failures import writing
from cityhall_fm.adapters.audio.info_header import info_frame, info_length
from cityhall_fm.adapters.audio.limiter import Limiter, gain_for
from cityhall_fm.adapters.audio.programme import Programme, listen
from cityhall_fm.adapters.audio.proof import Proof
from cityhall_fm.adapters.audio.recipe import sha256
from cityhall_fm.adapters.audio.tags import embedded_artwork, id3
from cityhall_fm.adapters.audio.touch_up import touch_up
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import Mastered
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.production.ports import Progress
    from cityhall_fm.show.loudness import Loudness, LoudnessTarget
    from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

_ATTEMPTS: Final = 5
_CODEC_ROOM: Final = 1.0
"""dB below the ceiling that the limiter aims at: what MP3 usually adds to a peak, at most."""
_SAFETY: Final = 0.1
"""dB below the ceiling that we listen for, since meters oversample differently."""
_LOWER: Final = 0.5
_TOUCHED_PER_SECOND: Final = 2
_HEAVY_LIMITING: Final = 10.0
_MUCH_GAIN: Final = 20.0
_READ_BYTES: Final = 1 << 20


def master(order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
    """Make the finished episode at `to`, whole or not at all."""
    picture = embedded_artwork(order.tags.artwork) if order.tags.artwork else None
    programme = _listen(order, progress)
    duration = Timecode.of_seconds(programme.frames / programme.rate)
    programme_at = Timecode.of_seconds(programme.begins_at / programme.rate)
    tag, remarks = id3(order.tags, picture=picture, programme_at=programme_at, duration=duration)
    with writing(to), _whole_or_nothing(to) as file:
        file.write(tag)
        loudness, how = _on_target(programme, order.settings, file, progress)
        file.flush()
        return Mastered(
            length_bytes=file.tell(),
            sha256=sha256(Path(file.name)),
            duration=duration,
            loudness=loudness,
            programme_at=programme_at,
            remarks=(*programme.remarks, *how, *remarks),
        )


def _listen(order: MasteringOrder, progress: Progress) -> Programme:
    progress.step(Text.of("audio.listening"))
    total = sum(about_seconds(Path(path)) for path in order.recordings)
    done = 0.0

    def heard(seconds: float) -> None:
        nonlocal done
        done += seconds
        progress.advance(done, max(done, total))

    return listen(order, heard)


@dataclass(frozen=True, slots=True)
class _Aim:
    """What the limiter is set to, so that the decoded MP3 comes out on target."""

    loudness: float
    ceiling: float

    def corrected(self, target: LoudnessTarget, heard: Loudness | None) -> _Aim:
        if heard is None or heard.true_peak > target.true_peak:
            return _Aim(self.loudness, self.ceiling - _LOWER)
        return _Aim(self.loudness + target.integrated - heard.integrated, self.ceiling)


@dataclass(frozen=True, slots=True)
class _Take:
    """One attempt: what was heard in the decoded MP3 (None: given up), and what was done to get there."""

    loudness: Loudness | None
    gain: float
    deepest: float

    def remarks(self) -> Iterator[Text]:
        if self.deepest > _HEAVY_LIMITING:
            yield Text.of("audio.limited", decibel=f"{self.deepest:.1f}")
        if self.gain > _MUCH_GAIN:
            yield Text.of("audio.raised", decibel=f"{self.gain:.1f}")


def _on_target(
    programme: Programme, settings: MasteringSettings, file: BinaryIO, progress: Progress
) -> tuple[Loudness, tuple[Text, ...]]:
    """Encode until what is decoded meets the target; nearly always that is once."""
    target, start = settings.target, file.tell()
    aim = _Aim(target.integrated, target.true_peak - _CODEC_ROOM)
    progress.step(Text.of("audio.encoding"))
    heard = None
    for _ in range(_ATTEMPTS):
        file.seek(start)
        file.truncate()
        take = _take(programme, settings, aim, file, progress)
        heard = take.loudness or heard
        if take.loudness and target.met_by(take.loudness):
            return take.loudness, tuple(take.remarks())
        aim = aim.corrected(target, take.loudness)
        progress.step(Text.of("audio.encoding_again"))
    raise AudioError(
        "audio.target_missed",
        integrated=f"{heard.integrated:.1f}" if heard else "?",
        true_peak=f"{heard.true_peak:.1f}" if heard else "?",
    )


def _take(
    programme: Programme, settings: MasteringSettings, aim: _Aim, file: BinaryIO, progress: Progress
) -> _Take:
    """Limit, encode and listen back; give up where MP3 overshoots so often that it must be done again."""
    rate, channels = settings.sample_rate, settings.channels
    gain = gain_for(programme.energies, programme.peaks, target=aim.loudness, ceiling=aim.ceiling)
    limiter = Limiter(rate, channels, gain=gain, ceiling=aim.ceiling)
    limit = 10 ** ((settings.target.true_peak - _SAFETY) / 20)
    proof = Proof(rate=rate, samples=programme.frames, limit=limit)
    stream = _Mp3Stream(file)
    seconds, done = programme.frames / rate, 0
    with closing(Encoder(rate=rate, channels=channels, bitrate=settings.bitrate)) as encoder:
        for block in programme.blocks():
            encoder.put(limiter.feed(block))
            for frames in encoder.ready():
                stream.write(frames)
                proof.feed(frames)
            if len(proof.over) > _TOUCHED_PER_SECOND * max(seconds, 10):
                return _Take(None, gain, limiter.deepest)
            done += block.shape[1]
            progress.advance(done / rate, seconds)
        encoder.put(limiter.finish())
        for frames in encoder.finish():
            stream.write(frames)
            proof.feed(frames)
    loudness = proof.loudness()
    if proof.over:
        highest = 20 * math.log10(stream.touch_up(proof.over, limit=limit))
        loudness = replace(loudness, true_peak=max(loudness.true_peak, highest))
    stream.finish(samples=programme.frames)
    return _Take(loudness, gain, limiter.deepest)


class _Mp3Stream:
    """Writes frames behind the place of the Info header, which can be filled in only at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell()
        self._first_bytes = b""
        self._audio_start = 0

    def write(self, frames: bytes) -> None:
        if frames and not self._first_bytes:
            self._first_bytes = frames[:4]
            self._file.write(bytes(info_length(self._first_bytes)))
            self._audio_start = self._file.tell()
        self._file.write(frames)

    def touch_up(self, places: list[int], *, limit: float) -> float:
        """Turn the frames down at these places of the decoded stream; give the highest peak left there."""
        return touch_up(self._file, self._audio_start, places, limit=limit)

    def finish(self, *, samples: int) -> None:
        self._file.seek(self._audio_start)
        crc, length = 0, 0
        while frames := self._file.read(_READ_BYTES):
            crc, length = crc16(frames, crc), length + len(frames)
        self._file.seek(self._start)
        self._file.write(info_frame(self._first_bytes, audio_bytes=length, audio_crc=crc, samples=samples))
        self._file.seek(0, os.SEEK_END)


@contextmanager
def _whole_or_nothing(to: Path) -> Iterator[BinaryIO]:
    """Write beside the destination, and take its place only when everything went well."""
    partial = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with partial.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(to)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
