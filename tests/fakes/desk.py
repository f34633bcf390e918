"""A workspace as the app uses it, in memory; and what the app remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.asking import Submission
from cityhall_fm.show.outbox import pause_after
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Thread, Ts, UserId

from fakes.thread_source import FakeThreadSource
from fakes.workspace import FakeWorkspace


class FakeDesk(FakeThreadSource, FakeWorkspace):
    """Shows threads, keeps what is said; everybody's direct messages are named after them."""

    def __init__(
        self, channels: Sequence[Channel], threads: Sequence[Thread] = (), members: Sequence[Member] = ()
    ) -> None:
        FakeWorkspace.__init__(self, channels)
        self._by_name = self._channels
        FakeThreadSource.__init__(self, channels, threads, members)
        self.whispers: list[tuple[ChannelId, UserId, Words]] = []

    def channel_named(self, name: str) -> Channel:
        return self._by_name[name.removeprefix("#")]

    def look_again(self) -> None:
        pass

    def me(self) -> UserId:
        return UserId("UBOT")

    def whisper(self, channel: ChannelId, user: UserId, words: Words) -> None:
        self.whispers.append((channel, user, words))

    def unreact(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        self._refuse_gone(ts)
        self.reactions.discard((channel, ts, emoji))


class FakeAppMemory:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self._heard: dict[str, datetime] = {}
        self._drafts: dict[UserId, tuple[datetime, Submission]] = {}
        self._authors: dict[QuestionId, int] = {}
        self._tried: dict[QuestionId, datetime] = {}
        self._marks: dict[QuestionId, str] = {}
        self._submissions: dict[QuestionId, Submission] = {}

    def heard(self, event: str) -> bool:
        return event in self._heard

    def remember_heard(self, event: str, *, at: datetime) -> bool:
        new = event not in self._heard
        self._heard.setdefault(event, at)
        return new

    def forget_heard(self, event: str) -> None:
        self._heard.pop(event, None)

    def marks(self) -> Mapping[QuestionId, str]:
        return dict(self._marks)

    def change_mark(self, question: QuestionId, before: str | None, after: str | None) -> bool:
        if self._marks.get(question) != before:
            return False
        self._marks.pop(question, None)
        if after:
            self._marks[question] = after
        return True

    def keep_draft(self, person: UserId, draft: Submission, *, at: datetime) -> None:
        self._drafts[person] = (at, draft)

    def draft(self, person: UserId, *, since: datetime) -> Submission | None:
        at, draft = self._drafts.get(person, (None, None))
        return draft if at and at >= since else None

    def drop_draft(self, person: UserId) -> None:
        self._drafts.pop(person, None)

    def must_ask(self, topic: QuestionId, *, at: datetime, attempts: int = 0) -> None:
        if attempts or topic not in self._authors:
            self._authors.pop(topic, None)
            self._authors[topic] = attempts
            self._tried[topic] = at

    def to_ask(self, *, due: datetime | None = None) -> Mapping[QuestionId, int]:
        return {
            topic: attempts
            for topic, attempts in self._authors.items()
            if due is None
            or not attempts
            or not self._tried[topic] <= due < self._tried[topic] + pause_after(attempts)
        }

    def asked(self, topic: QuestionId) -> None:
        self._authors.pop(topic, None)

    def keep_submission(self, question: QuestionId, submission: Submission) -> None:
        self._submissions.setdefault(question, submission)

    def departments(self) -> Mapping[QuestionId, str]:
        return {id_: one.department for id_, one in self._submissions.items() if one.department}

    def submission(self, question: QuestionId) -> Submission | None:
        return self._submissions.get(question)
