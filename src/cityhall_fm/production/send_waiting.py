"""What waits in the outbox -> Slack, once its time has come: about episodes in order, and about questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from cityhall_fm.production.going_out import is_out
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.say import is_named, send_left
from cityhall_fm.production.take_back import ShowFor, take_back_waiting
from cityhall_fm.production.tell_asker import tell_waiting, words_now
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import CompanionError, ConflictError, UnknownError
from cityhall_fm.show.outbox import NO_EPISODE, Delivery, Waiting, due
from cityhall_fm.show.question import Question
from cityhall_fm.show.text import Text

_LOOKS_AGAIN_AFTER: Final = timedelta(minutes=10)
"""So long rest the messages about an episode that is not public."""


@dataclass(frozen=True, slots=True)
class SentLater:
    """What went out in one round."""

    about_episodes: tuple[Delivery, ...]
    about_questions: int
    """Private messages, and posts whose words were taken back."""

    def __bool__(self) -> bool:
        return bool(self.about_episodes or self.about_questions)


def send_waiting(
    companion: Companion,
    *,
    everything: Callable[[], Sequence[Question]],
    show_for: ShowFor,
    now: datetime,
    told: Callable[[Text], None],
) -> SentLater:
    """Send all that Slack did not take before and whose pause is over; nothing is said twice.

    An episode that somebody else is at is left to them, and one that is not public, or whose folder is on
    another machine, waits. `everything` is what the inbox knows; what the host should hear is `told`. Raises
    the first CompanionError after all others were tried.
    """
    sent: list[Delivery] = []
    trouble: list[CompanionError] = []
    for number in _due(companion.outbox.waiting(), now):
        try:
            if _is_public(number, companion):
                said = send_left(number, companion, now=now)
                sent.extend(said.sent)
                for remark in said.remarks:
                    told(remark)
            _put_off(number, companion, now)
        except ConflictError:
            continue
        except CompanionError as error:
            trouble.append(error)
    rounds = (
        partial(
            take_back_waiting,
            inbox=companion.inbox,
            workspace=companion.workspace,
            outbox=companion.outbox,
            show_for=show_for,
            now=now,
        ),
        partial(
            tell_waiting,
            partial(_worded, companion, everything, show_for),
            inbox=companion.inbox,
            workspace=companion.workspace,
            ledger=companion.ledger,
            outbox=companion.outbox,
            now=now,
        ),
    )
    about_questions = 0
    for each in rounds:
        try:
            about_questions += each()
        except CompanionError as error:
            trouble.append(error)
    if trouble:
        raise trouble[0]
    return SentLater(tuple(sent), about_questions)


def _due(waiting: Sequence[Waiting], now: datetime) -> Sequence[EpisodeNumber]:
    """Name the episodes of which something may go now."""
    numbers = dict.fromkeys(each.delivery.episode for each in waiting)
    of = {number: [each for each in waiting if each.delivery.episode == number] for number in numbers}
    return [number for number in numbers if number != NO_EPISODE and due(of[number], now)]


def _is_public(number: EpisodeNumber, companion: Companion) -> bool:
    """Tell whether listeners find the episode: it may have been rolled back while its messages waited."""
    try:
        episode = companion.shelf.episode(number)
    except UnknownError:
        return False
    if not is_out(episode, companion):
        return False
    public = companion.bucket.feed()
    return public is not None and is_named(episode, public.content, companion)


def _put_off(number: EpisodeNumber, companion: Companion, now: datetime) -> None:
    """Look at what is not public, or not yet corrected, only now and then: each time costs the whole feed.

    Not where this machine knows no date for it, which costs nothing: it would keep another from sending.
    """
    try:
        dated = companion.shelf.episode(number).published_at is not None
    except UnknownError:
        return
    with companion.turn.alone(number):
        waiting = due(companion.outbox.waiting(number), now) if dated else []
        refused = [each for each in waiting if each.refused]
        not_before = now + _LOOKS_AGAIN_AFTER
        for each in (*refused, *[each for each in waiting if not each.refused][:1]):
            companion.outbox.put_off(
                each.delivery, attempts=each.attempts, not_before=not_before, refused=each.refused
            )


def _worded(
    companion: Companion,
    everything: Callable[[], Sequence[Question]],
    show_for: ShowFor,
    question: Question,
    about: str,
) -> Words | None:
    if question.asker is None:
        return None
    return words_now(
        question,
        about,
        everything=everything(),
        show=show_for(question.asker),
        renderer=companion.renderer,
    )
