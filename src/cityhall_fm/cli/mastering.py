"""`master`: the finished audio, a radio station's WAV, suggested chapters, a clip by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.cli.times import TimecodeType
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityhall_fm.show.episode import Enclosure
    from cityhall_fm.show.pauses import Pause
    from cityhall_fm.show.text import Text

_LONGEST_CLIP: Final = Timecode.of_seconds(120)


@click.command(help=FACE.say("cli.master"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--for",
    "medium",
    type=click.Choice(["podcast", "fm"]),
    default="podcast",
    help=FACE.say("cli.for_option"),
)
@click.option("--suggest-chapters", "suggest", is_flag=True, help=FACE.say("cli.suggest_option"))
@click.option("--clip", nargs=2, type=TimecodeType(), metavar="AT LENGTH", help=FACE.say("cli.clip_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def master(
    face: Face,
    number: int,
    *,
    medium: str,
    suggest: bool,
    clip: tuple[Timecode, Timecode] | None,
    as_json: bool,
) -> None:
    """Master one episode, or do one of the things around it."""
    if sum([medium == "fm", suggest, clip is not None]) > 1:
        raise click.UsageError(FACE.say("cli.one_of", options="--for fm, --suggest-chapters, --clip"))
    episode = EpisodeNumber(number)
    if suggest:
        _suggest(face, episode, as_json=as_json)
    elif clip is not None:
        _clip(face, episode, clip)
    elif medium == "fm":
        _for_station(face, episode, as_json=as_json)
    else:
        _master(face, episode, as_json=as_json)


def _master(face: Face, number: EpisodeNumber, *, as_json: bool) -> None:
    from cityhall_fm.production.release import master_episode

    with TerminalProgress(FACE) as progress:
        made = master_episode(number, face.companion, progress=progress)
    if as_json:
        FACE.tell_json(_as_json(face, made.enclosure) | {"made": made.anew})
        return
    path, loudness = face.companion.folder.path(made.enclosure.key), made.enclosure.loudness
    if loudness is None:
        FACE.tell("moving.master_imported", path=path, duration=made.enclosure.duration)
        return
    FACE.tell(
        "cli.mastered" if made.anew else "cli.master_kept",
        path=path,
        integrated=loudness.integrated,
        true_peak=loudness.true_peak,
        duration=made.enclosure.duration,
    )
    for file in (*made.enclosure.alternates, *(file for _, file in made.enclosure.clips)):
        FACE.tell("cli.mastered_too", path=face.companion.folder.path(file.key))
    _tell(made.remarks)


def _for_station(face: Face, number: EpisodeNumber, *, as_json: bool) -> None:
    from cityhall_fm.production.master import master_for_station

    companion = face.companion
    with TerminalProgress(FACE) as progress:
        written = master_for_station(
            companion.shelf.episode(number),
            settings=companion.mastering,
            suite=companion.suite,
            shelf=companion.shelf,
            progress=progress,
        )
    if as_json:
        FACE.tell_json({"path": str(written.path), "integrated": round(written.loudness.integrated, 2)})
        return
    FACE.tell(
        "cli.mastered",
        path=written.path,
        integrated=written.loudness.integrated,
        true_peak=written.loudness.true_peak,
        duration=written.duration,
    )
    _tell(written.remarks)


def _suggest(face: Face, number: EpisodeNumber, *, as_json: bool) -> None:
    from cityhall_fm.production.master import suggest_chapters

    companion = face.companion
    with TerminalProgress(FACE) as progress:
        found = suggest_chapters(
            companion.shelf.episode(number),
            settings=companion.mastering,
            suite=companion.suite,
            shelf=companion.shelf,
            progress=progress,
        )
    if as_json:
        FACE.tell_json([{"at": pause.end.exact(), "pause": pause.seconds} for pause in found])
        return
    _tell_pauses(found)


def _tell_pauses(found: Sequence[Pause]) -> None:
    if not found:
        FACE.tell("cli.no_suggestions")
    for pause in found:
        FACE.tell("cli.suggestion", at=pause.end, seconds=pause.seconds)


def _clip(face: Face, number: EpisodeNumber, clip: tuple[Timecode, Timecode]) -> None:
    from cityhall_fm.production.cut_clips import cut_clip
    from cityhall_fm.show.mastering import Bite

    companion, (at, length) = face.companion, clip
    if not 1 <= length.seconds <= _LONGEST_CLIP.seconds:
        raise click.UsageError(FACE.say("cli.clip_length", longest=_LONGEST_CLIP))
    with TerminalProgress(FACE) as progress:
        path = cut_clip(
            companion.shelf.episode(number),
            Bite(at, length),
            show=companion.show,
            settings=companion.mastering,
            suite=companion.suite,
            shelf=companion.shelf,
            folder=companion.folder,
            progress=progress,
        )
    FACE.tell("cli.clipped", path=path)


def _as_json(face: Face, enclosure: Enclosure) -> dict[str, object]:
    loudness = enclosure.loudness
    return {
        "path": str(face.companion.folder.path(enclosure.key)),
        "duration": enclosure.duration.exact(),
        "integrated": round(loudness.integrated, 2) if loudness else None,
        "true_peak": round(loudness.true_peak, 2) if loudness else None,
        "alternates": [str(face.companion.folder.path(file.key)) for file in enclosure.alternates],
        "processing": dict(enclosure.processing),
    }


def _tell(remarks: Sequence[Text]) -> None:
    for remark in remarks:
        FACE.tell_text(remark)
