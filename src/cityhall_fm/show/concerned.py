"""Recorded sound that holds a question which was withdrawn since: where a host must cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cityhall_fm.show.episode import Episode
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Concerned:
    """A question that must not be heard, the episode in which it is, and where in its recording."""

    question: QuestionId
    episode: Episode
    at: Timecode | None

    @property
    def text(self) -> Text:
        """Say so to a host, with what to do; without any name."""
        return Text.of("episodes.concerned", **self.values)

    @property
    def values(self) -> dict[str, Any]:
        """What a sentence about it is filled with."""
        return {
            "number": self.episode.number,
            "title": self.episode.title,
            "at": str(self.at) if self.at is not None else "–:––",
            "question": self.question,
        }
