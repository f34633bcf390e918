"""Questions and topics, and their life from the thread to the answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from cityhall_fm.show.consent import Consent, Private
from cityhall_fm.show.slack_thread import ChannelId, Thread, Ts, UserId

QuestionId = NewType("QuestionId", str)

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is taken for another when it is read aloud."""
_LENGTH: Final = 8


class Kind(StrEnum):
    """A question was submitted by its asker; a topic was collected, and nobody agreed to anything."""

    QUESTION = "question"
    TOPIC = "topic"


class Status(StrEnum):
    """Where a question stands; the asker sees it as an emoji on their own message."""

    RECEIVED = "received"
    SHORTLISTED = "shortlisted"
    SLOTTED = "slotted"
    RECORDED = "recorded"
    ANSWERED = "answered"
    NEXT_TIME = "next_time"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


EMOJI: Final = {
    Status.RECEIVED: "eyes",
    Status.SHORTLISTED: "radio",
    Status.RECORDED: "studio_microphone",
    Status.ANSWERED: "white_check_mark",
    Status.NEXT_TIME: "seedling",
}

_OPEN: Final = frozenset({Status.RECEIVED, Status.SHORTLISTED, Status.NEXT_TIME, Status.DECLINED})
_MOVES: Final = {
    Status.SHORTLISTED: _OPEN,
    Status.NEXT_TIME: _OPEN | {Status.SLOTTED},
    Status.DECLINED: _OPEN | {Status.SLOTTED},
    Status.SLOTTED: _OPEN | {Status.SLOTTED},
    Status.RECORDED: frozenset({Status.SLOTTED, Status.RECORDED}),
    Status.ANSWERED: frozenset({Status.SLOTTED, Status.RECORDED, Status.ANSWERED}),
    Status.WITHDRAWN: frozenset(Status),
    Status.RECEIVED: frozenset({Status.RECEIVED}),
}


def may_become(now: Status, then: Status) -> bool:
    """Tell whether a question may go from one status to another; withdrawing is always allowed.

    >>> may_become(Status.RECEIVED, Status.SHORTLISTED), may_become(Status.WITHDRAWN, Status.SLOTTED)
    (True, False)
    """
    return now in _MOVES[then]


@dataclass(frozen=True, slots=True)
class Question:
    """One thread in the inbox, as question or topic; `consent` is None for a topic."""

    id: QuestionId
    kind: Kind
    status: Status
    thread: Thread
    asker: UserId | None
    asker_name: Private
    words: Private
    """The opening message as plain text, every reference resolved."""
    consent: Consent | None = None
    received_at: datetime | None = None

    @property
    def usable(self) -> bool:
        """Whether anything of it may still be used: nobody withdrew, nobody said no."""
        return self.status is not Status.WITHDRAWN and (self.consent is None or self.consent.stands)


def question_id(channel: ChannelId, ts: Ts) -> QuestionId:
    """Name a thread in eight letters: the same on every machine, and telling nothing of Slack.

    >>> question_id(ChannelId("C01"), Ts("1731326400.000100"))
    'q-xmqpev6a'
    """
    number = int.from_bytes(hashlib.sha256(f"{channel}/{ts}".encode()).digest()[:5])
    letters = (_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return QuestionId(f"q-{''.join(letters)}")
