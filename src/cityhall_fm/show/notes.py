"""Show notes: what an episode tells in public, with every name and quotation released by consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cityhall_fm.show.consent import PublicName, Quote, public_name, quote
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.rundown import Chapter, Link, Segment
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, as far as they agreed to be named, and in which words."""

    name: PublicName
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Part:
    """One segment as the public sees it; `at` is its place in the finished audio."""

    title: str
    at: Timecode | None = None
    summary: str = ""
    links: tuple[Link, ...] = ()
    asked: Asked | None = None
    question: QuestionId | None = None
    url: str | None = None
    image: str | None = None
    topics: tuple[str, ...] = ()
    checked_at: date | None = None


@dataclass(frozen=True, slots=True)
class ShowNotes:
    """The parts of an episode and the host's own notes (Markdown)."""

    parts: tuple[Part, ...]
    body: str = ""

    @property
    def answers(self) -> tuple[Part, ...]:
        """The parts that answer a question."""
        return tuple(part for part in self.parts if part.question)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return tuple(
            Chapter(part.at, part.title, part.url, part.image) for part in self.parts if part.at is not None
        )


def show_notes(
    episode: Episode, questions: Mapping[QuestionId, Question], *, withdrawn_title: str
) -> ShowNotes:
    """Make an episode's notes from its rundown.

    A withdrawn question leaves a part with a neutral title and nothing else. One that is not in this
    inbox keeps the host's words and names nobody.
    """
    return ShowNotes(
        tuple(
            _part(
                segment,
                None if segment.at is None else episode.finished(segment.at),
                questions,
                withdrawn_title,
            )
            for segment in episode.rundown.segments
        ),
        body=episode.notes,
    )


def as_asked(question: Question) -> Asked | None:
    """Tell what may be said in public about who asked; None where the question may not be used."""
    if not question.usable:
        return None
    return Asked(public_name(question.consent, question.asker_name), quote(question.consent, question.words))


def _part(
    segment: Segment, at: Timecode | None, questions: Mapping[QuestionId, Question], withdrawn_title: str
) -> Part:
    question = questions.get(segment.question) if segment.question else None
    asked = as_asked(question) if question else None
    if question and asked is None:
        return Part(withdrawn_title, at)
    return Part(
        segment.title,
        at,
        segment.summary,
        segment.links,
        asked,
        segment.question,
        url=segment.url,
        image=segment.image,
        topics=segment.topics,
        checked_at=segment.checked_at,
    )
