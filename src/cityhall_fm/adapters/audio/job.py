"""The jobs: a master with its alternates, a station's WAV, and where the pauses are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from cityhall_fm.adapters.audio.coded import CODINGS, Coded
from cityhall_fm.adapters.audio.decode import about_seconds
from cityhall_fm.adapters.audio.laid_chapters import laid
from cityhall_fm.adapters.audio.m4a_chapters import add_chapters
from cityhall_fm.adapters.audio.mp3 import Mp3
from cityhall_fm.adapters.audio.other_tags import tag_m4a, tag_opus
from cityhall_fm.adapters.audio.pictures import (
    CHAPTER_PIXELS,
    chapter_pictures,
    embedded_artwork,
    pictures_of_all,
)
from cityhall_fm.adapters.audio.programme import Programme, listen, pauses_in
from cityhall_fm.adapters.audio.recipe import VERSION, sha256
from cityhall_fm.adapters.audio.recording import listen_to
from cityhall_fm.adapters.audio.render import CODEC_ROOM, Output, Rendered, listening_limit, render
from cityhall_fm.adapters.audio.tags import id3
from cityhall_fm.adapters.audio.wav import Wav
from cityhall_fm.adapters.audio.waveform import Waveform
from cityhall_fm.adapters.audio.whole import whole_or_nothing
from cityhall_fm.show.mastering import Mastered, StationMaster, Written
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cityhall_fm.adapters.audio.decode import Samples
    from cityhall_fm.production.ports.progress import Progress
    from cityhall_fm.show.loudness import Loudness, LoudnessTarget
    from cityhall_fm.show.mastering import Alternate, MasteringOrder
    from cityhall_fm.show.pauses import Pause
    from cityhall_fm.show.rundown import Chapter

_PCM_ROOM: Final = 0.2
"""As CODEC_ROOM, for what is not coded: only our meter and theirs differ."""
_MP3: Final = "mp3"


def master(order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
    """Make the finished episode at `to`, its alternates and its waveform beside it; all of it or nothing."""
    pictures = _Pictures(
        embedded_artwork(order.tags.artwork) if order.tags.artwork else None, chapter_pictures(order.tags)
    )
    programme = _listened(order, progress)
    duration = Timecode.of_seconds(programme.frames / programme.rate)
    chapters, remarks = laid(order.tags, programme.placement, duration)
    alternates = order.settings.alternates
    names = [to, *(to.with_suffix(f".{kind}") for kind in alternates), to.with_suffix(".json")]
    with whole_or_nothing(*names) as partials:
        waveform = _Drawn(partials[-1])
        begin: dict[str, Callable[[], Output]] = {
            _MP3: _mp3(
                partials[0],
                order,
                programme,
                waveform,
                id3(
                    order.tags,
                    chapters,
                    picture=pictures.artwork,
                    duration=duration,
                    pictures=pictures.of_chapters,
                ),
            )
        }
        for kind, partial in zip(alternates, partials[1:], strict=False):
            begin[kind] = _alternate(kind, partial, order, chapters, duration, pictures)
        progress.step(Text.of("audio.encoding"))
        rendered = render(
            programme,
            begin,
            target=order.settings.target,
            room=CODEC_ROOM,
            channels=order.settings.channels,
            progress=progress,
        )
        waveform.write()
        sizes = [(path.stat().st_size, sha256(path)) for path in partials]
    return Mastered(
        length_bytes=sizes[0][0],
        sha256=sizes[0][1],
        duration=duration,
        loudness=rendered.loudness[_MP3],
        placement=programme.placement,
        remarks=(*programme.remarks, *rendered.remarks(), *remarks),
        processing=_processing(programme, rendered),
        alternates=tuple(
            Written(name, *size, CODINGS[kind].media_type, CODINGS[kind].bitrate(order.settings.bitrate))
            for kind, name, size in zip(alternates, names[1:], sizes[1:], strict=False)
        ),
        waveform=Written(names[-1], *sizes[-1], "application/json"),
    )


def for_station(
    order: MasteringOrder, *, to: Path, target: LoudnessTarget, bits: Literal[16, 24], progress: Progress
) -> StationMaster:
    """Make the same programme as a WAV for a radio station, at the station's loudness."""
    settings = order.settings
    programme = _listened(order, progress)
    with whole_or_nothing(to) as (partial,):
        progress.step(Text.of("audio.writing_wav"))
        rendered = render(
            programme,
            {"wav": lambda: Wav(partial, rate=settings.sample_rate, channels=settings.channels, bits=bits)},
            target=target,
            room=_PCM_ROOM,
            channels=settings.channels,
            progress=progress,
        )
    return StationMaster(
        to,
        rendered.loudness["wav"],
        Timecode.of_seconds(programme.frames / programme.rate),
        (*programme.remarks, *rendered.remarks()),
    )


def find_pauses(
    order: MasteringOrder, *, least: float, progress: Progress
) -> tuple[tuple[Pause, ...], Timecode]:
    """Listen for pauses of at least `least` seconds; the other answer is how long the recording is."""
    recording = listen_to(order, _telling(order, progress))
    found = pauses_in(recording, order.settings, least)
    return found, Timecode.of_seconds(recording.frames / order.settings.sample_rate)


def _listened(order: MasteringOrder, progress: Progress) -> Programme:
    return listen(order, _telling(order, progress))


def _telling(order: MasteringOrder, progress: Progress) -> Callable[[float], None]:
    progress.step(Text.of("audio.listening"))
    paths = [track.path for track in order.tracks] or order.recordings
    total = sum(about_seconds(Path(path)) for path in paths)
    done = 0.0

    def heard(seconds: float) -> None:
        nonlocal done
        done += seconds
        progress.advance(done, max(done, total))

    return heard


def _mp3(
    path: Path, order: MasteringOrder, programme: Programme, waveform: _Drawn, tag: bytes
) -> Callable[[], Output]:
    settings = order.settings

    def begin() -> Output:
        waveform.begin(settings.sample_rate)
        mp3 = Mp3(
            path,
            tag=tag,
            rate=settings.sample_rate,
            channels=settings.channels,
            bitrate=settings.bitrate,
            frames=programme.frames,
            limit=listening_limit(settings.target),
        )
        return _Watched(mp3, waveform)

    return begin


def _alternate(
    kind: Alternate,
    path: Path,
    order: MasteringOrder,
    chapters: Sequence[Chapter],
    duration: Timecode,
    pictures: _Pictures,
) -> Callable[[], Output]:
    def tag(finished: Path) -> None:
        if kind == "m4a":
            shown = pictures_of_all(chapters, pictures.of_chapters, order.tags.artwork)
            add_chapters(finished, chapters, duration=duration, pictures=shown, pixels=CHAPTER_PIXELS)
            tag_m4a(finished, order.tags, picture=pictures.artwork)
        else:
            tag_opus(finished, order.tags, chapters, picture=pictures.artwork)

    return lambda: Coded(
        path,
        CODINGS[kind],
        rate=order.settings.sample_rate,
        channels=order.settings.channels,
        bitrate=CODINGS[kind].bitrate(order.settings.bitrate),
        tag=tag,
    )


@dataclass(frozen=True, slots=True)
class _Pictures:
    """What is embedded: JPEGs; those of chapters by what these call them."""

    artwork: bytes | None
    of_chapters: Mapping[str, bytes]


class _Drawn:
    """The waveform of the attempt that counts, which is the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waveform = Waveform(0)

    def begin(self, rate: int) -> None:
        self._waveform = Waveform(rate)

    def feed(self, samples: Samples) -> None:
        self._waveform.feed(samples)

    def write(self) -> None:
        self._path.write_bytes(self._waveform.json())


class _Watched:
    """The MP3, and the waveform of what goes into it."""

    def __init__(self, mp3: Mp3, waveform: _Drawn) -> None:
        self._mp3, self._waveform = mp3, waveform

    @property
    def given_up(self) -> bool:
        return self._mp3.given_up

    def put(self, samples: Samples) -> None:
        self._mp3.put(samples)
        self._waveform.feed(samples)

    def finish(self) -> Loudness:
        return self._mp3.finish()

    def close(self) -> None:
        self._mp3.close()


def _processing(programme: Programme, rendered: Rendered) -> dict[str, object]:
    return {
        "version": VERSION,
        **programme.done,
        "gain": round(rendered.gain, 1),
        "limited": round(rendered.deepest, 1),
    }
