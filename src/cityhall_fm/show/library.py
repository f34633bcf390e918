"""The archive and the Q&A library: episodes by season, department and topic, and every answered question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import log
from typing import Final

from cityhall_fm.show.addresses import address_of
from cityhall_fm.show.episode import Episode, Key
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.searching import tokens
from cityhall_fm.show.timecode import Timecode

Noted = tuple[Episode, ShowNotes]

_SAME_TOPIC: Final = 4.0
_SAME_DEPARTMENT: Final = 1.0
_MOST_SIMILAR: Final = 8.0
_LEAST: Final = 1.5
"""A question is related if it shares a topic, or clearly speaks of the same."""
_TOO_COMMON: Final = 60
"""Pairs of letters in more questions than these say nothing about any."""


class ShelfKind(StrEnum):
    """What the archive is sorted by; the value is its folder in addresses."""

    SEASON = "seasons"
    DEPARTMENT = "departments"
    TOPIC = "topics"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Episodes that share a season, a department or a topic; newest first."""

    kind: ShelfKind
    name: str
    address: str
    noted: tuple[Noted, ...]

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.address}/"


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a question is answered: the part of an episode, up to where the next part begins."""

    episode: Episode
    part: Part
    until: Timecode | None = None


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """One question with its answers, the newest first; what it is called there counts."""

    id: QuestionId
    answers: tuple[Answer, ...]

    @property
    def part(self) -> Part:
        return self.answers[0].part

    @property
    def episode(self) -> Episode:
        return self.answers[0].episode

    @property
    def topics(self) -> tuple[str, ...]:
        """The part's own topics, or else those of its episode."""
        return self.part.topics or self.episode.topics

    @property
    def as_of(self) -> date | datetime | None:
        """When the answer was last checked: by hand, or else when it was published."""
        return self.part.checked_at or self.episode.published_at

    @property
    def path(self) -> str:
        return f"qa/{self.id}/"

    @property
    def key(self) -> Key:
        return Key(f"{self.path}index.html")


def topics_of(episode: Episode, notes: ShowNotes) -> tuple[str, ...]:
    """Name an episode's topics: its own, then those of its parts; a withdrawn part has none left."""
    named: dict[str, str] = {}
    for topic in (*episode.topics, *(topic for part in notes.parts for topic in part.topics)):
        named.setdefault(address_of(topic), topic)
    return tuple(named.values())


def shelves(noted: Sequence[Noted]) -> tuple[Shelf, ...]:
    """Sort the episodes, given newest first: seasons by number, departments and topics by how many."""
    found: dict[tuple[ShelfKind, str], tuple[str, list[Noted]]] = {}
    for episode, notes in noted:
        places: list[tuple[ShelfKind, str]] = [
            (ShelfKind.TOPIC, topic) for topic in topics_of(episode, notes)
        ]
        if episode.season is not None:
            places.append((ShelfKind.SEASON, str(episode.season)))
        if episode.department:
            places.append((ShelfKind.DEPARTMENT, episode.department))
        for kind, name in places:
            found.setdefault((kind, address_of(name)), (name, []))[1].append((episode, notes))
    all_of_them = [Shelf(kind, name, at, tuple(of)) for (kind, at), (name, of) in found.items()]
    return tuple(sorted(all_of_them, key=_place))


def answered(noted: Sequence[Noted]) -> tuple[AnsweredQuestion, ...]:
    """List every question that the episodes answer; a withdrawn one is not among them."""
    found: dict[QuestionId, list[Answer]] = {}
    for episode, notes in noted:
        for part in notes.answers:
            if part.question:
                found.setdefault(part.question, []).append(Answer(episode, part, _until(part, notes)))
    return tuple(AnsweredQuestion(id_, tuple(answers)) for id_, answers in found.items())


class Relations:
    """Which answered questions speak of the same: shared topics and department, and similar words.

    The same questions give the same answer, in the same order.
    """

    def __init__(self, questions: Sequence[AnsweredQuestion]) -> None:
        self._questions = tuple(questions)
        self._places = {question.id: place for place, question in enumerate(self._questions)}
        self._words = [frozenset(_words(question)) for question in self._questions]
        self._topics = [frozenset(map(address_of, question.topics)) for question in self._questions]
        self._holding: dict[str, list[int]] = {}
        for place, words in enumerate(self._words):
            for word in words:
                self._holding.setdefault(word, []).append(place)
        self._weight = {
            word: log((1 + len(self._questions)) / len(holding))
            for word, holding in self._holding.items()
            if 1 < len(holding) <= _TOO_COMMON
        }
        self._on_topic: dict[str, list[int]] = {}
        for place, topics in enumerate(self._topics):
            for topic in topics:
                self._on_topic.setdefault(topic, []).append(place)

    def of(self, question: AnsweredQuestion, most: int = 5) -> tuple[AnsweredQuestion, ...]:
        """Name the questions most related to one, the most related first."""
        here = self._places[question.id]
        shared: dict[int, float] = {}
        for word in sorted(self._words[here] & self._weight.keys()):
            for place in self._holding[word]:
                shared[place] = shared.get(place, 0.0) + self._weight[word]
        whole = sum(self._weight.get(word, 1.0) for word in sorted(self._words[here])) or 1.0
        scores = {place: _MOST_SIMILAR * weight / whole for place, weight in shared.items()}
        for topic in self._topics[here]:
            for place in self._on_topic[topic]:
                scores[place] = scores.get(place, 0.0) + _SAME_TOPIC
        for place in scores:
            department = self._questions[place].episode.department
            if department and department == question.episode.department:
                scores[place] += _SAME_DEPARTMENT
        near = [place for place, score in scores.items() if place != here and score >= _LEAST]
        near.sort(key=lambda place: (-round(scores[place], 6), self._questions[place].id))
        return tuple(self._questions[place] for place in near[:most])


def _place(shelf: Shelf) -> tuple[str, int, str]:
    kinds = list(ShelfKind)
    order = -int(shelf.name) if shelf.kind is ShelfKind.SEASON else -len(shelf.noted)
    return str(kinds.index(shelf.kind)), order, shelf.name


def _until(part: Part, notes: ShowNotes) -> Timecode | None:
    at = part.at
    if at is None:
        return None
    return min((other.at for other in notes.parts if other.at is not None and other.at > at), default=None)


def _words(question: AnsweredQuestion) -> Iterable[str]:
    return tokens(f"{question.part.title} {question.part.summary}")
