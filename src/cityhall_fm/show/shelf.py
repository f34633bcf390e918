"""A fair shelf: open questions by what a host easily overlooks. Counts only; nobody is given a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.asking import is_held_back
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import ChannelId, UserId, ts_order

OPEN: Final = frozenset({Status.RECEIVED, Status.SHORTLISTED, Status.NEXT_TIME})
LEAST: Final = 3
"""A count of fewer people than these is not shown: it would point at somebody."""
LATELY: Final = timedelta(days=92)
_NONE_CHOSEN: Final[Mapping[QuestionId, str]] = MappingProxyType({})


IN_PRIVATE: Final = ChannelId("in-private")
"""Where questions stand that were asked through the app alone: all together, nobody's own messages."""


class Shelf(StrEnum):
    """Which open questions to look at."""

    FIRST_TIME = "first-time"
    WAITING = "waiting"
    QUIET_DEPARTMENTS = "quiet-departments"
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Shelved:
    """An open question with what the shelf knows of it; `people` is None where they are too few to tell."""

    question: Question
    waiting_days: int
    first_time: bool
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """Whom questions are for: how many wait, how many were answered lately; None for too few people."""

    group: str
    """As `group_of` names it."""
    waiting: int | None
    answered_lately: int | None


def shelved(
    shelf: Shelf | None,
    questions: Sequence[Question],
    *,
    aired: Mapping[QuestionId, datetime],
    now: datetime,
    chosen: Mapping[QuestionId, str] = _NONE_CHOSEN,
) -> tuple[Shelved, ...]:
    """Put open questions in the order of a shelf; None takes all, oldest first.

    `questions` are all that the inbox knows, `aired` tells when one was answered in an episode, `chosen`
    which department its asker named.
    """
    people = {one.id: interested(one) for one in questions}
    firsts = first_messages(questions)
    return all_shelves(questions, aired=aired, firsts=firsts, people=people, now=now, chosen=chosen)[shelf]


def all_shelves(
    questions: Sequence[Question],
    *,
    aired: Mapping[QuestionId, datetime],
    firsts: Mapping[UserId, tuple[int, int]],
    people: Mapping[QuestionId, int],
    now: datetime,
    chosen: Mapping[QuestionId, str] = _NONE_CHOSEN,
) -> Mapping[Shelf | None, tuple[Shelved, ...]]:
    """Fill every shelf, and under None have all of them, those too that are held back for a host.

    `firsts` is what `first_messages` finds, `people` how many are `interested` in each question.
    """
    found = [
        Shelved(one, waiting_days(one, now), is_first_time(one, firsts), _enough(people.get(one.id, 0)))
        for one in questions
        if one.status in OPEN and one.usable
    ]
    found.sort(key=lambda one: (-one.waiting_days, one.question.id))
    looked_at = [one for one in found if not is_held_back(one.question)]
    submitted = [one for one in looked_at if one.question.kind is Kind.QUESTION]
    answered = _answered_lately(questions, aired, now, chosen)
    quiet = sorted(
        submitted,
        key=lambda one: (answered[group_of(one.question, chosen)], group_of(one.question, chosen)),
    )
    popular = sorted((one for one in looked_at if one.people is not None), key=lambda one: -(one.people or 0))
    return {
        None: tuple(found),
        Shelf.FIRST_TIME: tuple(one for one in looked_at if one.first_time),
        Shelf.WAITING: tuple(submitted),
        Shelf.QUIET_DEPARTMENTS: tuple(quiet),
        Shelf.POPULAR: tuple(popular),
    }


def departments(
    questions: Sequence[Question],
    *,
    aired: Mapping[QuestionId, datetime],
    now: datetime,
    chosen: Mapping[QuestionId, str] = _NONE_CHOSEN,
) -> tuple[Department, ...]:
    """Count by department, the least answered first; of one with few askers no number is told."""
    asked = [question for question in questions if question.kind is Kind.QUESTION and question.usable]
    waiting = Counter(group_of(one, chosen) for one in asked if one.status in OPEN)
    answered = _answered_lately(asked, aired, now, chosen)
    askers: dict[str, set[UserId]] = {}
    for one in asked:
        if one.asker:
            askers.setdefault(group_of(one, chosen), set()).add(one.asker)
    order = sorted(waiting, key=lambda group: (answered[group], group))
    return tuple(
        Department(group, waiting[group], answered[group])
        if len(askers.get(group, ())) >= LEAST
        else Department(group, None, None)
        for group in order
    )


def overdue(
    questions: Iterable[Question],
    *,
    within: timedelta,
    now: datetime,
    statuses: frozenset[Status] = OPEN,
) -> tuple[Question, ...]:
    """Name the questions that are open for longer than was promised, the longest first."""
    late = [
        one
        for one in questions
        if one.kind is Kind.QUESTION
        and one.status in statuses
        and one.usable
        and one.received_at is not None
        and one.received_at + within < now
    ]
    return tuple(sorted(late, key=lambda one: (one.received_at or now, one.id)))


def group_of(question: Question, chosen: Mapping[QuestionId, str]) -> str:
    """Tell which department a question is for: the one that its asker chose, else where it was asked."""
    return chosen.get(question.id) or place_of(question)


def place_of(question: Question) -> ChannelId:
    """Tell where a question was asked: in which channel, or in private."""
    channel = question.thread.channel
    return IN_PRIVATE if channel.startswith("D") else channel


def waiting_days(question: Question, now: datetime) -> int:
    """Count the whole days since a question came in."""
    return max(0, (now - question.received_at).days) if question.received_at else 0


def first_messages(questions: Iterable[Question]) -> Mapping[UserId, tuple[int, int]]:
    """Find when each person was first heard of: by a thread of their own, or a reply in another's."""
    firsts: dict[UserId, tuple[int, int]] = {}
    for question in questions:
        for message in (question.thread.opening, *question.thread.replies):
            if message.author:
                at = ts_order(message.ts)
                firsts[message.author] = min(firsts.get(message.author, at), at)
    return firsts


def is_first_time(question: Question, firsts: Mapping[UserId, tuple[int, int]]) -> bool:
    """Tell whether a question is the first that is known of its asker."""
    if question.kind is not Kind.QUESTION or question.asker is None:
        return False
    return firsts.get(question.asker) == ts_order(question.thread.ts)


def interested(question: Question) -> int:
    """Count who reacted to a question or joined in, each once, its asker not among them.

    Of a reaction that Slack lists only in part, those who are not listed count as others.
    """
    thread = question.thread
    reactions = [one for message in (thread.opening, *thread.replies) for one in message.reactions]
    people = {user for one in reactions for user in one.users}
    people |= {reply.author for reply in thread.replies if reply.author and reply.from_person}
    unlisted = max((one.count - len(one.users) for one in reactions), default=0)
    return len(people - {question.asker}) + max(0, unlisted)


def _enough(people: int) -> int | None:
    return people if people >= LEAST else None


def _answered_lately(
    questions: Iterable[Question],
    aired: Mapping[QuestionId, datetime],
    now: datetime,
    chosen: Mapping[QuestionId, str],
) -> Counter[str]:
    lately = (one for one in questions if one.id in aired and now - aired[one.id] <= LATELY)
    return Counter(group_of(one, chosen) for one in lately)
