"""An inbox in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cityhall_fm.production.ports.inbox import Outline
from cityhall_fm.show.consent import Consent
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId, ts_order


class FakeInbox:
    """Keeps what it is given; `FakeInbox([a_question()], [a_member])` starts with something in it."""

    def __init__(self, questions: Sequence[Question] = (), members: Sequence[Member] = ()) -> None:
        self.threads: dict[tuple[ChannelId, Ts], Thread] = {}
        self.consents: dict[QuestionId, list[Consent]] = {}
        self.moves: list[tuple[QuestionId, Status, datetime]] = []
        self._questions: dict[QuestionId, Question] = {}
        self._channels: dict[ChannelId, str] = {}
        self._members: dict[UserId, Member] = {}
        self.store([], questions)
        self.remember_names(members)

    def stored_openings(self, channel: ChannelId) -> Mapping[Ts, Message]:
        threads = [thread for thread in self.threads.values() if thread.channel == channel]
        return {thread.ts: thread.opening for thread in sorted(threads, key=_age)}

    def store(self, threads: Sequence[Thread], questions: Sequence[Question]) -> None:
        for thread in [*(question.thread for question in questions), *threads]:
            replies = tuple(sorted(thread.replies, key=lambda message: ts_order(message.ts)))
            known_before = self.threads.get((thread.channel, thread.ts), thread)
            permalink = thread.permalink or known_before.permalink
            self.threads[thread.channel, thread.ts] = replace(thread, replies=replies, permalink=permalink)
        for question in questions:
            known = self._questions.get(question.id)
            kept = replace(question, status=known.status) if known else question
            if known and known.received_at:
                kept = replace(kept, received_at=known.received_at)
            self._questions[question.id] = kept
            consents = self.consents.setdefault(question.id, [])
            if question.consent and not consents:
                consents.append(question.consent)

    def channels(self) -> Mapping[ChannelId, str]:
        return dict(self._channels)

    def remember_channel(self, channel: Channel) -> None:
        self._channels[channel.id] = channel.name

    def names(self) -> Mapping[UserId, Member]:
        return dict(self._members)

    def remember_names(self, members: Sequence[Member]) -> None:
        for member in members:
            self._members[member.id] = member
            for id_, question in self._questions.items():
                if question.asker == member.id:
                    self._questions[id_] = replace(question, asker_name=member.name)

    def questions(
        self,
        *,
        channel: ChannelId | None = None,
        statuses: frozenset[Status] = frozenset(Status),
        asker: UserId | None = None,
    ) -> Sequence[Question]:
        chosen = [
            self._read(id_)
            for id_, question in self._questions.items()
            if question.status in statuses
            and channel in (None, question.thread.channel)
            and asker in (None, question.asker)
        ]
        return sorted(chosen, key=lambda question: _age(question.thread))

    def outlines(self) -> Sequence[Outline]:
        return [Outline.of(question) for question in self.questions()]

    def known(self, ids: Iterable[QuestionId]) -> Mapping[QuestionId, Question]:
        return {id_: self._read(id_) for id_ in ids if id_ in self._questions}

    def question(self, beginning: str) -> Question:
        start = beginning.strip().lower()
        start = start if start.startswith("q-") else f"q-{start}"
        found = sorted(id_ for id_ in self._questions if id_.startswith(start))
        if not found or not beginning.strip():
            raise UnknownError("inbox.unknown_question", beginning=beginning)
        if len(found) > 1:
            raise UnknownError("inbox.several_questions", beginning=beginning, ids=", ".join(found))
        return self._read(found[0])

    def set_status(self, id: QuestionId, status: Status, *, at: datetime) -> None:  # noqa: A002
        self._questions[id] = replace(self._known(id), status=status)
        self.moves.append((id, status, at))

    def put_back(self, id_: QuestionId, status: Status) -> None:
        """Set a status as if it had always been so."""
        self._questions[id_] = replace(self._known(id_), status=status)

    def last_withdrawal(self) -> datetime | None:
        answered = {id_: at for id_, status, at in reversed(self.moves) if status is Status.ANSWERED}
        moved = [(id_, at) for id_, status, at in self.moves if status is Status.WITHDRAWN]
        given = [(id_, one.given_at) for id_, all_ in self.consents.items() for one in all_]
        taken = [(id_, one.withdrawn_at) for id_, all_ in self.consents.items() for one in all_]
        later = [at for id_, at in (*moved, *given, *taken) if at and id_ in answered and at > answered[id_]]
        return max(later, default=None)

    def set_consent(self, id: QuestionId, consent: Consent) -> None:  # noqa: A002
        self._known(id)
        self.consents[id].append(consent)

    def _known(self, id_: QuestionId) -> Question:
        if id_ not in self._questions:
            raise UnknownError("inbox.unknown_question", beginning=id_)
        return self._questions[id_]

    def _read(self, id_: QuestionId) -> Question:
        question, consents = self._questions[id_], self.consents[id_]
        thread = self.threads[question.thread.channel, question.thread.ts]
        return replace(question, thread=thread, consent=consents[-1] if consents else None)


def _age(thread: Thread) -> tuple[tuple[int, int], str]:
    return ts_order(thread.ts), thread.channel
