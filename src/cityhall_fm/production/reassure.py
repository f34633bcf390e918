"""Askers who wait for longer than was promised -> each hears in private, kindly and once, that we have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger, Outbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Renderer, Words
from cityhall_fm.show.announcement import Post, Posted, PostKey, no_key, told_key
from cityhall_fm.show.asking import waiting_key
from cityhall_fm.show.collecting import FOLLOWED
from cityhall_fm.show.episode import Show
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.outbox import NO_EPISODE, took_nothing
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.shelf import first_messages, is_first_time, overdue
from cityhall_fm.show.slack_thread import UserId

AT_ONCE: Final = 20
"""A day: nobody's afternoon and no rate limit is filled with it."""
ShowFor = Callable[[UserId], Show]
"""Takes the show in a member's own language."""


@dataclass(frozen=True, slots=True)
class Reassured:
    """Who was written to, and what Slack refused."""

    told: tuple[QuestionId, ...] = ()
    refused: tuple[SlackError | UnknownError, ...] = ()


def silent(
    *, inbox: Inbox, keeping: Keeping, ledger: Ledger, outbox: Outbox, within: timedelta, now: datetime
) -> tuple[Question, ...]:
    """Name the questions whose askers have heard nothing for longer than was promised, the longest first.

    Whatever their status: open, planned or recorded for a show that does not come, or declined and nobody
    said so. That we have a message, or keep it for another time, is no word about a no. Withdrawn ones are
    their askers' own doing, answered ones have their receipt. Not those that were late already when they
    came to us, as from an old export: a host finds them on the shelf and decides.
    """
    late = overdue(inbox.questions(), within=within, now=now, statuses=FOLLOWED | {Status.DECLINED})
    about = {each.key: each.about or "" for each in outbox.deliveries(NO_EPISODE)}
    soon = {each.delivery.key for each in outbox.waiting(NO_EPISODE)}
    since = keeping.since([question.id for question in late], now=now)
    return tuple(
        question
        for question in late
        if question.received_at
        and question.received_at + within >= since[question.id]
        and told_key(question.id) not in soon
        and not any(ledger.posted(key) for key in _enough(question, about))
    )


def _enough(question: Question, about: Mapping[PostKey, str]) -> tuple[PostKey, ...]:
    """Name the messages of which one is enough for an asker to know how their question stands."""
    told = told_key(question.id)
    if question.status is not Status.DECLINED:
        return told, waiting_key(question.id)
    if about.get(told, "").startswith(Status.NEXT_TIME):
        return (no_key(question.id),)
    return (told,)


def word_for(
    question: Question, *, everything: Sequence[Question], show: Show, renderer: Renderer, again: bool = False
) -> tuple[PostKey, Words]:
    """Word what its asker hears, and name the message: that we have it, or that it found no place.

    `again` for somebody who was told something else before.
    """
    place = question.thread.permalink
    if question.status is not Status.DECLINED:
        return waiting_key(question.id), renderer.waiting(show, permalink=place)
    first = is_first_time(question, first_messages(everything))
    words = renderer.declined(show, later=False, first=first, reason="", permalink=place)
    return (no_key if again else told_key)(question.id), words


def reassure(
    *,
    inbox: Inbox,
    keeping: Keeping,
    ledger: Ledger,
    outbox: Outbox,
    workspace: Workspace,
    renderer: Renderer,
    show_for: ShowFor,
    within: timedelta,
    now: datetime,
) -> Reassured:
    """Write to them, so many at a time; where an answer of Slack was lost, nobody is written to twice.

    Whom Slack certainly told nothing is written to another day. Who cannot be written to at all, because
    they have left, keeps nobody's place.
    """
    everything = inbox.questions()
    told: list[QuestionId] = []
    refused: list[SlackError | UnknownError] = []
    left = AT_ONCE
    for question in silent(
        inbox=inbox, keeping=keeping, ledger=ledger, outbox=outbox, within=within, now=now
    ):
        if question.asker is None or left == 0:
            continue
        show = show_for(question.asker)
        again = ledger.posted(told_key(question.id)) is not None
        key, words = word_for(question, everything=everything, show=show, renderer=renderer, again=again)
        try:
            direct = workspace.direct(question.asker)
            if ledger.claim(key, at=now):
                post = Post(key, direct, words.text, words.blocks)
                ledger.remember(_posted(post, workspace=workspace, ledger=ledger), at=now)
                told.append(question.id)
                left -= 1
        except (SlackError, UnknownError) as error:
            refused.append(error)
            left -= not _is_about_them(error)
    return Reassured(tuple(told), tuple(refused))


def _posted(post: Post, *, workspace: Workspace, ledger: Ledger) -> Posted:
    try:
        return workspace.post(post)
    except (SlackError, UnknownError) as error:
        if took_nothing(error):
            ledger.unclaim(post.key)
        raise


def _is_about_them(error: SlackError | UnknownError) -> bool:
    """Tell what one member's account is refused from what would meet everybody: a token, Slack's trouble."""
    return isinstance(error, UnknownError) or (error.text.name == "slack.refused" and not error.retryable)
