"""The transcript as a page shows it: paragraphs, and in each the sentences with their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, paragraphs

_PIECE: Final = Timecode.of_seconds(7)
"""Shorter cues are shown as one: a page stays small, and a sentence is not torn."""
_FRAME_OF_A_PARAGRAPH: Final = 60
_FRAME_OF_A_PIECE: Final = 30
"""Bytes of tags around the words."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one speaker says for half a minute; `spoken` are its pieces with their times and spaces."""

    whole: Cue
    spoken: tuple[Cue, ...]
    speaker: str | None
    """Named only where somebody else spoke before."""


def in_paragraphs(cues: Sequence[Cue]) -> tuple[Paragraph, ...]:
    """Gather the cues for reading, without losing when each is said."""
    made: list[Paragraph] = []
    rest = list(cues)
    for whole in paragraphs(cues):
        left = whole.words
        spoken: list[Cue] = []
        while rest and rest[0].words and left.lstrip().startswith(rest[0].words):
            space = left[: len(left) - len(left.lstrip())]
            cue = rest.pop(0)
            left = left[len(space) + len(cue.words) :]
            if spoken and cue.end <= spoken[-1].start + _PIECE:
                spoken[-1] = replace(spoken[-1], end=cue.end, words=spoken[-1].words + space + cue.words)
            else:
                spoken.append(replace(cue, words=space + cue.words))
        before = made[-1].whole.speaker if made else None
        made.append(Paragraph(whole, tuple(spoken), whole.speaker if whole.speaker != before else None))
    return tuple(made)


def written_length(paragraphs: Sequence[Paragraph]) -> int:
    """Tell about how many bytes a page takes to show them."""
    return sum(
        _FRAME_OF_A_PARAGRAPH + sum(_FRAME_OF_A_PIECE + len(cue.words.encode()) for cue in paragraph.spoken)
        for paragraph in paragraphs
    )
