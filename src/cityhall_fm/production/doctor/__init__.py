"""Settings and services -> what is right and what is missing, one line each, with what to do about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cityhall_fm.show.errors import CompanionError, InputError, NotReadyError
from cityhall_fm.show.text import Text

PATIENCE: Final = 20.0
"""Seconds that a check may take."""


class Mark(StrEnum):
    """How a check came out; a skipped one has nothing to look at yet."""

    RIGHT = "right"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. The text of a wrong one has two lines: what is the matter, and what to do."""

    mark: Mark
    text: Text
    details: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at; `name` is its entry in the catalogue `doctor`."""

    name: str
    look: Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A check with what it found."""

    check: Check
    finding: Finding


def right(name: str, /, **values: object) -> Finding:
    """Say that something is as it should be."""
    return Finding(Mark.RIGHT, Text.of(name, **values))


def wrong(name: str, /, *, details: Sequence[Text] = (), **values: object) -> Finding:
    """Say what is the matter, and what to do."""
    return Finding(Mark.WRONG, Text.of(name, **values), tuple(details))


def skipped(name: str, /, **values: object) -> Finding:
    """Say that there is nothing to look at."""
    return Finding(Mark.SKIPPED, Text.of(name, **values))


def examine(checks: Sequence[Check], *, seconds: float = PATIENCE) -> Iterator[Diagnosis]:
    """Look at everything at once; tells in order. One that fails, or never ends, keeps no other from its own.

    What a check cannot finish within `seconds` is told as wrong; its thread ends with the process.
    """
    visits = [_Visit(check) for check in checks]
    for visit in visits:
        visit.start()
    for visit in visits:
        yield Diagnosis(visit.check, visit.finding(seconds))


@dataclass(slots=True)
class _Visit:
    check: Check
    _found: list[Finding] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finding(self, seconds: float) -> Finding:
        if self._thread:
            self._thread.join(seconds)
        return self._found[0] if self._found else wrong("doctor.no_answer", seconds=f"{seconds:g}")

    def _run(self) -> None:
        try:
            self._found.append(self.check.look())
        except CompanionError as error:
            self._found.append(_told(error))
        except Exception as error:  # noqa: BLE001 - a check that fails must not hide the others
            # Its message may quote anything: only its kind is told.
            self._found.append(wrong("doctor.broken", kind=type(error).__name__))


def _told(error: CompanionError) -> Finding:
    details: list[Text] = []
    if isinstance(error, InputError):
        details += [
            Text.of("files.problem_line", line=problem.line, problem=problem.text)
            if problem.line
            else problem.text
            for problem in error.problems
        ]
    if isinstance(error, NotReadyError):
        details += error.missing
    return Finding(Mark.WRONG, error.text, tuple(details))
