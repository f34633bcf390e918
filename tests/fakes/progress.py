"""A progress that remembers what it was told."""

from __future__ import annotations

from cityhall_fm.show.text import Text


class FakeProgress:
    """Keeps the names of the steps, and how far each call said the job was."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.done: list[tuple[float, float]] = []

    def step(self, text: Text) -> None:
        self.steps.append(text.name)

    def advance(self, done: float, total: float) -> None:
        self.done.append((done, total))
