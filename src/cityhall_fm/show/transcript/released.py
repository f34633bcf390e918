"""The transcript as the public may read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.episode import Episode
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.cue import Cue, placed
from cityhall_fm.show.transcript.reading import parse

_NEVER: Final = Timecode(10**12)


def transcript_of(episode: Episode, notes: ShowNotes) -> tuple[Cue, ...]:
    """Read an episode's transcript as the public may: moved to where the audio is, behind the jingle.

    What is said while a withdrawn question is answered is left out, since the voices name its asker.
    """
    if not episode.transcript:
        return ()
    withdrawn = tuple(_withdrawn(episode, notes))
    return tuple(
        cue
        for cue in placed(parse(episode.transcript), episode.finished)
        if not any(cue.start < end and start < cue.end for start, end in withdrawn)
    )


def _withdrawn(episode: Episode, notes: ShowNotes) -> Iterator[tuple[Timecode, Timecode]]:
    """Find when withdrawn questions are on: a segment names one that its part no longer does."""
    starts = [part.at for part in notes.parts if part.at is not None]
    for segment, part in zip(episode.rundown.segments, notes.parts, strict=True):
        if segment.question and not part.question:
            start = part.at or Timecode(0)  # without a time it may be anywhere
            later = [at for at in starts if at > start] if part.at else []
            yield start, min(later, default=_NEVER)
