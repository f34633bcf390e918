"""What comes in an episode, in which order and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Link:
    """Something to read on; `title` is the host's word for it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the show in the host's own words; `at` is its place in the recording.

    `length` is how long it is planned to take; `script` is what the hosts read, theirs alone.
    `url` and `image` are its chapter's: what an app opens and shows while it plays. An image is an address
    on the web, or the name of a file in the episode's folder.
    """

    title: str
    at: Timecode | None = None
    length: Timecode | None = None
    question: QuestionId | None = None
    summary: str = ""
    links: tuple[Link, ...] = ()
    topics: tuple[str, ...] = ()
    checked_at: date | None = None
    """When somebody last made sure that the answer is still right."""
    url: str | None = None
    image: str | None = None
    script: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place in the finished episode that a listener can jump to."""

    at: Timecode
    title: str
    url: str | None = None
    image: str | None = None


def is_file(image: str | None) -> TypeGuard[str]:
    """Tell a picture that lies in the episode's folder from an address on the web.

    >>> is_file("灯油.jpg"), is_file("https://example.jp/灯油.jpg"), is_file(None)
    (True, False, False)
    """
    return bool(image) and "://" not in str(image)


@dataclass(frozen=True, slots=True)
class Rundown:
    """The segments in the order of the show."""

    segments: tuple[Segment, ...] = ()

    @property
    def questions(self) -> tuple[QuestionId, ...]:
        return tuple(segment.question for segment in self.segments if segment.question)

    @property
    def untimed(self) -> tuple[Segment, ...]:
        return tuple(segment for segment in self.segments if segment.at is None)
