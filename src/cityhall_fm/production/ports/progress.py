"""Where a long job tells how far it is."""

from __future__ import annotations

from typing import Final, Protocol

from cityhall_fm.show.text import Text


class Progress(Protocol):
    """Where a long job tells how far it is; silent in a pipe."""

    def step(self, text: Text) -> None:
        """Say that a new part of the job begins, or what it came to."""

    def advance(self, done: float, total: float) -> None:
        """Say how much of the current part is done."""


class Silence:
    """A progress that nobody looks at."""

    def step(self, text: Text) -> None: ...

    def advance(self, done: float, total: float) -> None: ...


UNWATCHED: Final[Progress] = Silence()
