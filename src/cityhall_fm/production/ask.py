"""A form -> Question: received in the asker's direct messages, or under the public post they wished for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.production.ports.slack_app import AppMemory, Desk
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.asking import (
    AskingRules,
    Submission,
    handed_in_lately,
    is_only_links,
    public_key,
    submission_key,
)
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.question import Kind, Question, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import Message, Thread, Ts, UserId

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # Slack, "Escaping text"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the app says about a submission, in the asker's language and in the show's."""

    receipt: Callable[[QuestionId | None, bool], Words]
    """The private message; without a question, that it is being received; True greets a first question."""
    public: Callable[[], Words]
    failed: Callable[[], Words]
    consent: str
    """What they were shown that they agree to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a form; `held_back` was to be public, and a host looks at it first.

    `unconfirmed` is why the private message does not say yet that it was received: `confirm` does it again.
    """

    question: Question
    first: bool
    held_back: bool = False
    unconfirmed: CompanionError | None = None


def ask(
    submission: Submission,
    user: UserId,
    *,
    form: str,
    wording: Wording,
    desk: Desk,
    inbox: Inbox,
    ledger: Ledger,
    memory: AppMemory,
    rules: CollectingRules,
    asking: AskingRules,
    now: datetime,
) -> Asked:
    """Store a form as a question, and tell its asker privately that it has arrived.

    Its thread is the app's post in the question channel where the asker wished for one and nothing speaks
    against it, else the private message itself: there the emoji stands, and there the receipt will go.
    The same form (`form` is its view's id) sent again stores nothing more, and confirms it again.

    Raises NotReadyError for somebody who is blocked or asked too often today; SlackError, DatabaseError.
    """
    submission, key = submission.cleaned(), submission_key(form)
    known = _stored_before(form, inbox, ledger)
    if known:
        first = all(one.id == known.id for one in inbox.questions(asker=user))
        return _confirmed(Asked(known, first), form, wording, desk, ledger)
    _demand_permission(user, inbox, asking, now)
    first = not inbox.questions(asker=user)
    held_back = submission.publicly and is_only_links(submission.words)
    publicly = submission.publicly and not held_back and bool(rules.question_channels)

    direct = desk.direct(user)
    waiting = wording.receipt(None, first)
    ledger.intend(key, at=now)
    posted = ledger.posted(key) or desk.post(Post(key, direct, waiting.text, waiting.blocks))
    ledger.remember(posted, at=now)
    try:
        place = _public_place(form, wording, desk, ledger, rules, now) if publicly else posted
        question = _question(submission, user, place, desk, wording.consent, now)
        if place.channel != direct:
            question = _with_permalink(question, desk)
        memory.keep_submission(question.id, submission)
        inbox.store([], [question])
    except CompanionError:
        failed = wording.failed()
        desk.edit(posted, Post(key, direct, failed.text, failed.blocks))
        raise
    return _confirmed(Asked(question, first, held_back), form, wording, desk, ledger)


def confirm(
    question: Question, *, first: bool, form: str, wording: Wording, desk: Desk, ledger: Ledger
) -> None:
    """Bring the private message about a stored form to say that it was received, with its buttons.

    Not where its words were withdrawn, or forgotten on their day: they are taken out of it.
    Raises SlackError.
    """
    key = submission_key(form)
    posted = ledger.posted(key)
    if posted and question.status is not Status.WITHDRAWN and question.words:
        received = wording.receipt(question.id, first)
        desk.edit(posted, Post(key, posted.channel, received.text, received.blocks))


def escaped(words: str) -> str:
    """Write what somebody typed as Slack stores it: nothing in it is a reference.

    >>> escaped("<!here> R&D")
    '&lt;!here&gt; R&amp;D'
    """
    return words.translate(_ESCAPES)


def _confirmed(asked: Asked, form: str, wording: Wording, desk: Desk, ledger: Ledger) -> Asked:
    """Confirm it; what is stored is stored, though Slack does not let us say so."""
    try:
        confirm(asked.question, first=asked.first, form=form, wording=wording, desk=desk, ledger=ledger)
    except CompanionError as error:
        return replace(asked, unconfirmed=error)
    return asked


def _stored_before(form: str, inbox: Inbox, ledger: Ledger) -> Question | None:
    key = submission_key(form)
    keys = (key, public_key(key))
    for posted in filter(None, map(ledger.posted, keys)):
        wanted = question_id(posted.channel, posted.ts)
        found = next((one for one in inbox.questions(channel=posted.channel) if one.id == wanted), None)
        if found:
            return found
    return None


def _demand_permission(user: UserId, inbox: Inbox, asking: AskingRules, now: datetime) -> None:
    if user in asking.blocked:
        raise NotReadyError("slack_app.blocked")
    if handed_in_lately(user, inbox.questions(asker=user), now) >= asking.most_per_day:
        raise NotReadyError("slack_app.too_many", most=asking.most_per_day)


def _public_place(
    form: str, wording: Wording, desk: Desk, ledger: Ledger, rules: CollectingRules, now: datetime
) -> Posted:
    key = public_key(submission_key(form))
    channel = desk.channel_named(rules.question_channels[0])
    ledger.intend(key, at=now)
    words = wording.public()
    post = Post(key, channel.id, words.text, words.blocks)
    posted = ledger.posted(key) or desk.post(post)
    ledger.remember(posted, at=now)
    return posted


def _question(
    submission: Submission, user: UserId, place: Posted, desk: Desk, agreed_to: str, now: datetime
) -> Question:
    by_radio_name = submission.naming is Naming.RADIO_NAME
    member = desk.members(frozenset({user})).get(user)
    return Question(
        question_id(place.channel, place.ts),
        Kind.QUESTION,
        Status.RECEIVED,
        Thread(place.channel, _opening(submission, user, place.ts)),
        asker=user,
        asker_name=member.name if member else Private(""),
        words=submission.words,
        consent=Consent(
            submission.naming,
            agreed_to,
            given_at=now,
            radio_name=submission.radio_name if by_radio_name else None,
            reading=submission.reading if by_radio_name and submission.reading else None,
            voice=submission.voice,
        ),
        received_at=now,
    )


def _opening(submission: Submission, user: UserId, ts: Ts) -> Message:
    return Message(ts, user, Private(escaped(submission.words.for_host())))


def _with_permalink(question: Question, desk: Desk) -> Question:
    permalink = desk.permalink(question.thread.channel, question.thread.ts)
    return replace(question, thread=replace(question.thread, permalink=permalink))
