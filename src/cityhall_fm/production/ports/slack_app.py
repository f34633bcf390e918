"""What the Slack app asks of the outside, beside the ports that every job knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from cityhall_fm.production.ports.slack import ThreadSource, Workspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.asking import Submission
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId


class Desk(ThreadSource, Workspace, Protocol):
    """The live workspace as the app uses it: single threads, direct messages, whispers, emoji taken back."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str: ...

    def look_again(self) -> None:
        """Forget which channels and members there are: new ones come while the app runs."""

    def me(self) -> UserId:
        """Name our own bot."""

    def whisper(self, channel: ChannelId, user: UserId, words: Words) -> None:
        """Say something in a channel that only one member sees, and only now."""

    def unreact(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Take our reaction away; fine if it is not there."""


class AppMemory(Protocol):
    """What the app must remember beside inbox and ledger; in the database."""

    def heard(self, event: str) -> bool:
        """Tell whether an event was dealt with, by this process or another."""

    def remember_heard(self, event: str, *, at: datetime) -> bool:
        """Note that an event was dealt with; what is older than a few days is forgotten.

        True for the one process that notes it first.
        """

    def forget_heard(self, event: str) -> None:
        """Forget it again, for whoever noted it first and could not deal with it."""

    def marks(self) -> Mapping[QuestionId, str]:
        """Tell which emoji we put under each question, as far as one stands there."""

    def change_mark(self, question: QuestionId, before: str | None, after: str | None) -> bool:
        """Note another emoji, or none, in place of `before`; False where that stands there no more."""

    def keep_submission(self, question: QuestionId, submission: Submission) -> None:
        """Keep corner, department and the contact permission; words and names are the inbox's."""

    def keep_draft(self, person: UserId, draft: Submission, *, at: datetime) -> None:
        """Keep what somebody typed and did not send, in place of an earlier one."""

    def draft(self, person: UserId, *, since: datetime) -> Submission | None:
        """Read it back, unless it is older."""

    def drop_draft(self, person: UserId) -> None: ...

    def must_ask(self, topic: QuestionId, *, at: datetime, attempts: int = 0) -> None:
        """Note that a topic's author is to be asked; or how often Slack has refused to, the last time now."""

    def to_ask(self, *, due: datetime | None = None) -> Mapping[QuestionId, int]:
        """Name the topics whose authors are still to be asked, the longest first, with the attempts.

        Those only that are `due` then: after each attempt there is a pause, `pause_after`.
        """

    def asked(self, topic: QuestionId) -> None:
        """Note that an author was asked, or is not to be."""

    def departments(self) -> Mapping[QuestionId, str]:
        """Tell which department each asker chose, where one did."""

    def submission(self, question: QuestionId) -> Submission | None:
        """Read them back."""
