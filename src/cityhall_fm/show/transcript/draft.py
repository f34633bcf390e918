"""A transcript that somebody brings: its cues with their lines, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from cityhall_fm.show.errors import Problem
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.cue import Cue


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue, and the line of the file on which its times stand, from 1."""

    line: int
    cue: Cue


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file holds, in its own order; with errors it cannot be used, with warnings it can."""

    cues: tuple[Placed, ...]
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Gathering:
    """Collects cues and problems while a file is read."""

    def __init__(self) -> None:
        self.cues: list[Placed] = []
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []

    def error(self, name: str, line: int, **values: object) -> None:
        self._errors.append(Problem("", Text.of(name, **values), line))

    def warn(self, name: str, line: int, **values: object) -> None:
        self._warnings.append(Problem("", Text.of(name, **values), line))

    def times(self, line: int, start: int, end: int) -> tuple[Timecode, Timecode] | None:
        """Take two times in milliseconds as they were written; a negative one cannot be used at all."""
        if start < 0 or end < 0:
            self.error("transcripts.negative", line)
            return None
        if end < start:
            self.error("transcripts.reversed", line, start=Timecode(start), end=Timecode(end))
        elif end == start:
            self.warn("transcripts.no_length", line, start=Timecode(start))
        return Timecode(start), Timecode(max(end, start + 1))

    def draft(self) -> Draft:
        return Draft(tuple(self.cues), tuple(self._errors), tuple(self._warnings))
