"""What production asks of the Inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, Self

from cityhall_fm.show.consent import Consent
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId


class Outline(NamedTuple):
    """A question without anybody's words: where its opening stands, and how it stands itself."""

    id: QuestionId
    kind: Kind
    status: Status
    channel: ChannelId
    ts: Ts
    is_deleted: bool
    """Whether its opening message is gone."""

    @classmethod
    def of(cls, question: Question) -> Self:
        thread = question.thread
        opening = thread.opening
        return cls(question.id, question.kind, question.status, thread.channel, thread.ts, opening.deleted)


class Inbox(Protocol):
    """Questions and topics with their threads, in the database."""

    def stored_openings(self, channel: ChannelId) -> Mapping[Ts, Message]:
        """Read the channel's opening messages as they were stored, together with all of their replies."""

    def store(self, threads: Sequence[Thread], questions: Sequence[Question]) -> None:
        """Store one page in one transaction; a question that is there keeps its status and its consent."""

    def channels(self) -> Mapping[ChannelId, str]:
        """Name the channels that were collected from."""

    def remember_channel(self, channel: Channel) -> None: ...

    def names(self) -> Mapping[UserId, Member]:
        """Read the members that threads name."""

    def remember_names(self, members: Sequence[Member]) -> None: ...

    def questions(
        self,
        *,
        channel: ChannelId | None = None,
        statuses: frozenset[Status] = frozenset(Status),
        asker: UserId | None = None,
    ) -> Sequence[Question]:
        """List questions and topics, oldest first; of one channel, or of one person."""

    def outlines(self) -> Sequence[Outline]:
        """List questions and topics, oldest first, without reading what was written."""

    def question(self, beginning: str) -> Question:
        """Read one by its id or a unique beginning of it; UnknownError otherwise."""

    def known(self, ids: Iterable[QuestionId]) -> Mapping[QuestionId, Question]:
        """Read those of these questions that are there, by their whole ids."""

    def set_status(self, id: QuestionId, status: Status, *, at: datetime) -> None: ...  # noqa: A002

    def last_withdrawal(self) -> datetime | None:
        """Tell when somebody last took back an answered question, or changed the consent to it."""

    def set_consent(self, id: QuestionId, consent: Consent) -> None:  # noqa: A002
        """Keep a consent beside the earlier ones; the latest counts."""
