"""A question that is not in the show -> its asker hears it in private, kindly and once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger, Outbox
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Renderer, Words
from cityhall_fm.show.announcement import Post, PostKey, told_key
from cityhall_fm.show.episode import Show
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.outbox import (
    NO_EPISODE,
    Waiting,
    hash_of_words,
    pause_after,
    read_about,
    telling,
    took_nothing,
)
from cityhall_fm.show.outbox import Kind as Delivered
from cityhall_fm.show.question import Kind, Question, Status
from cityhall_fm.show.shelf import first_messages, is_first_time
from cityhall_fm.show.slack_thread import UserId


class Reason(StrEnum):
    """Why not this time, as an asker may hear it."""

    TIME = "time"
    THEME = "theme"
    ANSWERED = "answered"
    PERSONAL = "personal"


def words_for(
    question: Question,
    to: Status,
    *,
    reason: Reason | None,
    everything: Sequence[Question],
    show: Show,
    renderer: Renderer,
    own: str = "",
) -> Words:
    """Word what an asker is told when their question becomes declined, or is kept for next time.

    `everything` is what the inbox knows, by which a first question is told; `own` are words of the host for
    this one, within thanks and good wishes. Raises NotReadyError where
    there is nobody to tell: nobody submitted a topic, and whoever withdrew wants to hear no more of it.
    """
    if question.kind is not Kind.QUESTION or question.asker is None or question.status is Status.WITHDRAWN:
        raise NotReadyError("kind.nobody_to_tell", question=question.id)
    return renderer.declined(
        show,
        later=to is Status.NEXT_TIME,
        first=is_first_time(question, first_messages(everything)),
        reason=reason.value if reason else "",
        permalink=question.thread.permalink,
        own=own,
    )


def words_now(
    question: Question, about: str, *, everything: Sequence[Question], show: Show, renderer: Renderer
) -> Words | None:
    """Word what waited, as it stands now; None where the question was withdrawn, or erased, since."""
    to, reason = meant_by(about)
    try:
        return words_for(
            question,
            to,
            reason=reason,
            own=own_words(about),
            everything=everything,
            show=show,
            renderer=renderer,
        )
    except NotReadyError:
        return None


def tell_asker(
    question: Question,
    words: Words,
    *,
    about: str,
    workspace: Workspace,
    ledger: Ledger,
    outbox: Outbox,
    now: datetime,
) -> bool:
    """Send it as a direct message; tells whether it was sent now, False where it was before.

    `about` is what it says, by `named`. What Slack certainly refused waits in the outbox, and `tell_waiting`
    tries it again; SlackError tells. Where an answer was lost NotReadyError is raised and nothing is sent
    again: direct messages cannot be looked through, and better one message too few than two.
    """
    key = told_key(question.id)
    if question.asker is None:
        raise NotReadyError("kind.nobody_to_tell", question=question.id)
    if ledger.posted(key):
        return False
    outbox.put([telling(question.id, about)], at=now)
    waiting = next((each for each in outbox.waiting(NO_EPISODE) if each.delivery.key == key), None)
    if waiting is None:
        raise NotReadyError("kind.perhaps_told", question=question.id)
    _send(waiting, question.asker, words, workspace=workspace, ledger=ledger, outbox=outbox, now=now)
    return True


def tell_waiting(
    word: Callable[[Question, str], Words | None],
    *,
    inbox: Inbox,
    workspace: Workspace,
    ledger: Ledger,
    outbox: Outbox,
    now: datetime,
) -> int:
    """Send the private messages whose time to be tried again has come; tells how many went out.

    They are worded now: None where nothing is to be said any more. Raises the first SlackError, after
    all others were tried.
    """
    sent, trouble = 0, None
    for waiting in outbox.waiting(NO_EPISODE):
        delivery = waiting.delivery
        if delivery.kind is not Delivered.TOLD or not waiting.is_due(now) or delivery.question is None:
            continue
        question = inbox.question(delivery.question)
        words = word(question, delivery.about or "")
        if question.asker is None or words is None:
            outbox.give_up(delivery, reason="withdrawn", at=now)
            continue
        try:
            _send(waiting, question.asker, words, workspace=workspace, ledger=ledger, outbox=outbox, now=now)
            sent += 1
        except NotReadyError:
            continue
        except SlackError as error:
            trouble = trouble or error
    if trouble:
        raise trouble
    return sent


def tell_later(
    question: Question, about: str, *, ledger: Ledger, outbox: Outbox, at: datetime, now: datetime
) -> None:
    """Queue it to go out by `tell_waiting` from `at` on; until then it can be taken back.

    Raises NotReadyError where there is nobody to tell, or where they were told before.
    """
    if question.kind is not Kind.QUESTION or question.asker is None or question.status is Status.WITHDRAWN:
        raise NotReadyError("kind.nobody_to_tell", question=question.id)
    if was_told(question, ledger=ledger, outbox=outbox):
        raise NotReadyError("kind.perhaps_told", question=question.id)
    outbox.put([telling(question.id, about)], at=now, not_before=at)


def was_told(question: Question, *, ledger: Ledger, outbox: Outbox) -> bool:
    """Tell whether an asker has heard what became of their question, may have, or soon will."""
    key = told_key(question.id)
    queued = any(each.delivery.key == key for each in outbox.waiting(NO_EPISODE))
    return queued or ledger.posted(key) is not None or outbox.said_before(key) is not None


def named(to: Status, reason: Reason | None, own: str = "") -> str:
    """Name what an asker is told, for the outbox; words of the host's own follow in lines of their own.

    >>> named(Status.DECLINED, Reason.TIME), meant_by("next_time/")
    ('declined/time', (<Status.NEXT_TIME: 'next_time'>, None))
    >>> own_words(named(Status.DECLINED, None, "ごめんなさい。"))
    'ごめんなさい。'
    """
    return f"{to}/{reason or ''}" + (f"\n{own}" if own else "")


def meant_by(about: str) -> tuple[Status, Reason | None]:
    """Read such a name."""
    to, reason, _ = read_about(about)
    return Status(to), Reason(reason) if reason else None


def own_words(about: str) -> str:
    """Read the host's own words in it; empty where the usual ones are meant."""
    return read_about(about)[2]


def _send(
    waiting: Waiting,
    asker: UserId,
    words: Words,
    *,
    workspace: Workspace,
    ledger: Ledger,
    outbox: Outbox,
    now: datetime,
) -> None:
    delivery, attempts = waiting.delivery, waiting.attempts
    try:
        channel = workspace.direct(asker)
    except SlackError:
        outbox.put_off(delivery, attempts=attempts + 1, not_before=now + pause_after(attempts + 1))
        raise
    # Every attempt has an intention of its own: one that was noted before and came to no end is in doubt.
    attempt = PostKey(f"{delivery.key}~{attempts}") if attempts else delivery.key
    if not ledger.claim(attempt, at=now):
        outbox.give_up(delivery, reason="perhaps", at=now)
        raise NotReadyError("kind.perhaps_told", question=delivery.question)
    try:
        posted = workspace.post(Post(delivery.key, channel, words.text, words.blocks))
    except SlackError as error:
        if not took_nothing(error):
            outbox.give_up(delivery, reason="perhaps", at=now)
        else:
            outbox.put_off(delivery, attempts=attempts + 1, not_before=now + pause_after(attempts + 1))
        raise
    ledger.remember(posted, at=now)
    outbox.done(delivery, said=hash_of_words(words.text, words.blocks), at=now)
