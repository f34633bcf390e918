"""Inbox and episodes -> what a member sees of their own questions, and whether one was answered before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.library import Answer, AnsweredQuestion, Noted, answered
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.outbox import Delivery, read_about
from cityhall_fm.show.outbox import Kind as Delivered
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.similar import AnsweredBefore
from cityhall_fm.show.slack_thread import UserId, ts_order
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Answered:
    """Where something is answered; `url` opens the page at that second."""

    episode: Episode
    title: str
    url: str
    at: Timecode | None


@dataclass(frozen=True, slots=True)
class Mine:
    """A member's own question: where it will air, or where it was answered."""

    question: Question
    airs_in: Episode | None = None
    answered: Answered | None = None
    reason: str = ""
    """Why it is not in the show, as its asker was told: time, theme, answered, personal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member's App Home shows; questions newest first."""

    mine: tuple[Mine, ...] = ()
    next: Episode | None = None
    newest: Episode | None = None


def standing(
    user: UserId,
    *,
    show: Show,
    inbox: Inbox,
    shelf: EpisodeShelf,
    now: datetime,
    told: Iterable[Delivery] = (),
) -> Standing:
    """Gather what is to be said to a member about their questions and the show.

    A topic of theirs is among them once they said how it may be read. `told` is what askers were told in
    private, with the reasons.
    """
    episodes = shelf.episodes()
    mine = [
        question
        for question in inbox.questions(asker=user)
        if question.kind is Kind.QUESTION or question.consent
    ]
    mine.sort(key=lambda question: ts_order(question.thread.ts), reverse=True)
    answers = {one.id: one for one in answered(_noted(episodes, inbox))}
    reasons = {
        one.question: one.about for one in told if one.kind is Delivered.TOLD and one.question and one.about
    }
    planned = {
        id_: episode for episode in episodes if not episode.published_at for id_ in episode.rundown.questions
    }
    return Standing(
        tuple(_mine(question, planned, answers.get(question.id), show, reasons) for question in mine),
        next=_next(episodes, now),
        newest=max(_published(episodes), key=lambda one: one.number, default=None),
    )


def answered_before(
    words: str, *, show: Show, inbox: Inbox, shelf: EpisodeShelf, most: int = 2
) -> Sequence[Answered]:
    """Find published answers to questions like this one."""
    known = AnsweredBefore(answered(_noted(shelf.episodes(), inbox)))
    return [_answered(one.answered.answers[0], show) for one in known.like(words, most=most)]


def _mine(
    question: Question,
    planned: dict[QuestionId, Episode],
    found: AnsweredQuestion | None,
    show: Show,
    reasons: Mapping[QuestionId, str],
) -> Mine:
    if not question.usable:
        return Mine(question)
    status, reason, _ = read_about(reasons.get(question.id, ""))
    if reason and status == question.status:
        return Mine(question, reason=reason)
    if found and question.status is Status.ANSWERED:
        return Mine(question, answered=_answered(found.answers[0], show))
    return Mine(question, airs_in=planned.get(question.id))


def _answered(answer: Answer, show: Show) -> Answered:
    at = answer.part.at
    # The folder of an episode's page: its fragment opens the player there.
    url = f"{show.public_url}/{answer.episode.number}/{at.fragment if at is not None else ''}"
    return Answered(answer.episode, answer.part.title, url, at)


def _noted(episodes: Sequence[Episode], inbox: Inbox) -> Sequence[Noted]:
    newest_first = sorted(_published(episodes), key=lambda episode: -episode.number)
    # Not the whole inbox: somebody waits while this is looked up.
    known = inbox.known(id_ for episode in newest_first for id_ in episode.rundown.questions)
    return [(episode, show_notes(episode, known, withdrawn_title="")) for episode in newest_first]


def _published(episodes: Sequence[Episode]) -> Sequence[Episode]:
    return [episode for episode in episodes if episode.published_at]


def _next(episodes: Sequence[Episode], now: datetime) -> Episode | None:
    coming = [
        (one.planned_for, one)
        for one in episodes
        if not one.published_at and one.planned_for and one.planned_for > now
    ]
    return min(coming, key=lambda pair: pair[0], default=(None, None))[1]
