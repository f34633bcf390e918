"""A transcript as somebody corrected it -> `transcript.vtt` of an Episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import ConflictError, InputError, Problem
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, parse, placed, write


@dataclass(frozen=True, slots=True)
class Line:
    """A cue as it was typed; times are the finished audio's, before mastering the recording's."""

    start: str
    end: str
    speaker: str
    words: str


def transcript_lines(episode: Episode) -> Sequence[Cue]:
    """Read an episode's transcript with the times of its finished audio, as it can be heard."""
    return placed(parse(episode.transcript or ""), episode.finished)


def transcript_seen(episode: Episode) -> str:
    """Name an episode's transcript as it is now, so that nobody writes over what they have not seen."""
    return fingerprint(episode.transcript)


def edit_transcript(
    number: EpisodeNumber, lines: Sequence[Line], *, seen: str, shelf: EpisodeShelf
) -> Sequence[Cue]:
    """Keep a transcript; lines without words are left out.

    Raises ConflictError where it is not as it was `seen`, InputError with every time that cannot be.
    """
    episode = shelf.episode(number)
    if transcript_seen(episode) != seen:
        raise ConflictError("studio_transcript.changed_meanwhile")
    read = [(place, line, _times(line)) for place, line in enumerate(lines, 1) if line.words.strip()]
    wrong = [place for place, _, times in read if times is None]
    if wrong:
        problems = [Problem("", Text.of("studio_transcript.bad_line", line=place)) for place in wrong[:20]]
        raise InputError("studio_transcript.bad_lines", path="", problems=problems)
    cues = [
        Cue(*times, one_line(line.words), one_line(line.speaker) or None) for _, line, times in read if times
    ]
    if episode.enclosure:
        cues = list(placed(cues, episode.enclosure.placement.recorded))
    shelf.keep_transcript(number, write(cues))
    return cues


def _times(line: Line) -> tuple[Timecode, Timecode] | None:
    try:
        start, end = Timecode.parse(line.start), Timecode.parse(line.end)
    except ValueError:
        return None
    return (start, end) if start < end else None
