"""A transcript from a file -> `transcript.vtt` of an Episode, checked against its audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.errors import InputError, NotReadyError, Problem
from cityhall_fm.show.placement import Placement
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import checked, placed, read, write

_MOST: Final = 20
"""Problems told one by one; a file for another recording has them on every line."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken over; times are the recording's."""

    cues: int
    speakers: tuple[str, ...]
    until: Timecode
    replaced: bool
    compared: bool
    """Whether the times could be compared with the audio: it is mastered."""
    warnings: tuple[Problem, ...]


def import_transcript(
    episode: Episode, content: str, *, path: Path, finished: bool, shelf: EpisodeShelf
) -> Imported:
    """Keep the WebVTT, SRT or JSON that `path` holds as the episode's transcript.

    Its times are the recording's, or with `finished` those of the finished audio, jingle included.
    Raises InputError with every error and its line, and NotReadyError where `finished` cannot be known.
    """
    enclosure = episode.enclosure
    if finished and enclosure is None:
        raise NotReadyError("episodes.no_master", number=episode.number)
    placement = enclosure.placement if enclosure else Placement()
    jingle = placement.programme_at
    duration = enclosure.duration if enclosure else None
    if duration is not None and not finished:
        duration = placement.recorded(duration)
    draft = checked(read(content), begins=jingle if finished else Timecode(0), ends=duration)
    if draft.errors:
        raise InputError(
            "transcripts.refused", path=path, count=len(draft.errors), problems=_first(draft.errors)
        )
    cues = sorted((line.cue for line in draft.cues), key=lambda cue: cue.start)
    if finished:
        cues = list(placed(cues, placement.recorded))
    shelf.keep_transcript(episode.number, write(cues))
    return Imported(
        cues=len(cues),
        speakers=tuple(dict.fromkeys(cue.speaker for cue in cues if cue.speaker)),
        until=max((cue.end for cue in cues), default=Timecode(0)),
        replaced=episode.transcript is not None,
        compared=duration is not None,
        warnings=_first(draft.warnings),
    )


def _first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= _MOST:
        return tuple(problems)
    return (*problems[:_MOST], Problem("", Text.of("transcripts.more", count=len(problems) - _MOST)))
