"""A topic that somebody handed on -> its author is asked, once and in private, whether it may be read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.production.ports.slack_app import AppMemory, Desk
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.asking import consent_request_key, request_of
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.outbox import took_nothing
from cityhall_fm.show.question import Question

_REFUSED: Final = "slack.refused"
"""What is about this one author or message; a wrong token or scope is mended, and until then they wait."""


def ask_author(
    question: Question, words: Words, *, desk: Desk, ledger: Ledger, memory: AppMemory, now: datetime
) -> bool:
    """Ask the author of a topic in a direct message; tells whether they were asked now.

    Who was asked is never asked again, also where Slack's answer was lost: better no question than two.
    What Slack certainly did not take is remembered, and may be tried again later; not where Slack refuses
    this author for good, who left or takes no messages of apps. An author hears one such
    question a day: the topics that were handed on beside it wait for their own. Who said how they want to be
    named needs no asking. Without an answer the topic stays paraphrased and names nobody. Raises
    SlackError, UnknownError.
    """
    key = consent_request_key(question.id)
    known = ledger.posted(key) or question.consent
    if question.asker is None or known or not question.usable:
        memory.asked(question.id)
        return False
    waiting = memory.to_ask()
    attempts = waiting.get(question.id, 0)
    if question.id not in waiting:
        memory.must_ask(question.id, at=now)
    today = request_of(question.asker, now)
    if memory.heard(today):
        return False
    try:
        direct = desk.direct(question.asker)
    except CompanionError as error:  # nothing was said, and the author still waits
        _put_off(question, error, memory, attempts, now)
        raise
    # Two threads, or two machines, may be about to ask the same author about two topics: one has the day.
    if not memory.remember_heard(today, at=now):
        return False
    # Every attempt has an intention of its own: one that was noted before and came to no end is in doubt.
    attempt = PostKey(f"{key}~{attempts}") if attempts else key
    if not ledger.claim(attempt, at=now):
        memory.forget_heard(today)
        memory.asked(question.id)
        return False
    try:
        posted = desk.post(Post(key, direct, words.text, words.blocks))
    except CompanionError as error:
        if not took_nothing(error):
            memory.asked(question.id)
        else:
            memory.forget_heard(today)
            _put_off(question, error, memory, attempts, now)
        raise
    ledger.remember(posted, at=now)
    memory.asked(question.id)
    return True


def _put_off(
    question: Question, error: CompanionError, memory: AppMemory, attempts: int, now: datetime
) -> None:
    for_good = isinstance(error, SlackError) and error.text.name == _REFUSED and not error.retryable
    if for_good or isinstance(error, UnknownError):
        memory.asked(question.id)
    else:
        memory.must_ask(question.id, at=now, attempts=attempts + 1)
