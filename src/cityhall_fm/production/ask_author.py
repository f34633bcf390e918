"""A topic that somebody handed on -> its author is asked, once and in private, whether it may be read."""

from __future__ import annotations

from datetime import datetime

from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.production.ports.slack_app import Desk
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post
from cityhall_fm.show.asking import consent_request_key
from cityhall_fm.show.question import Question


def ask_author(question: Question, words: Words, *, desk: Desk, ledger: Ledger, now: datetime) -> bool:
    """Ask the author of a topic in a direct message; tells whether they were asked now.

    Who was asked is never asked again, also where Slack's answer was lost: better no question than two.
    Who said how they want to be named needs no asking. Without an answer the topic stays paraphrased and
    names nobody. Raises SlackError.
    """
    key = consent_request_key(question.id)
    if question.asker is None or question.consent is not None or not question.usable:
        return False
    if ledger.intend(key, at=now) != now or ledger.posted(key):
        return False
    post = Post(key, desk.direct(question.asker), words.text, words.blocks)
    ledger.remember(desk.post(post), at=now)
    return True
