"""The inbox: questions and topics with their threads, consents and moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.adapters.database.inbox_rows import OF_THREAD, message_of, read_questions
from cityhall_fm.production.ports.inbox import Outline
from cityhall_fm.show.consent import Consent, Private
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId, ts_order

_MOST_NAMED: Final = 10
"""How many ids are listed to somebody whose beginning fits several."""
_MOST_AT_ONCE: Final = 500
"""Ids in one query: databases take some thousands."""


class StoredInbox:
    """Fulfils Inbox."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def stored_openings(self, channel: ChannelId) -> Mapping[Ts, Message]:
        opening = (tables.messages.c.channel == channel, tables.messages.c.ts == tables.messages.c.thread_ts)
        with self._store.reading() as connection:
            found = [message_of(row) for row in connection.execute(select(tables.messages).where(*opening))]
        return {message.ts: message for message in sorted(found, key=lambda message: ts_order(message.ts))}

    def store(self, threads: Sequence[Thread], questions: Sequence[Question]) -> None:
        page = {
            (thread.channel, thread.ts): thread
            for thread in [*(question.thread for question in questions), *threads]
        }
        with self._store.writing() as connection:
            # Sorted: two collectors that meet wait for each other instead of both failing.
            _store_threads(connection, [page[key] for key in sorted(page)])
            _store_questions(connection, sorted(questions, key=lambda question: question.id))

    def channels(self) -> Mapping[ChannelId, str]:
        with self._store.reading() as connection:
            return {ChannelId(row.id): row.name for row in connection.execute(select(tables.channels))}

    def remember_channel(self, channel: Channel) -> None:
        with self._store.writing() as connection:
            row = {"id": channel.id, "name": channel.name}
            upsert(connection, tables.channels, [row], replacing=("name",))

    def names(self) -> Mapping[UserId, Member]:
        with self._store.reading() as connection:
            return {
                UserId(row.id): Member(UserId(row.id), Private(row.name), row.is_bot)
                for row in connection.execute(select(tables.members))
            }

    def remember_names(self, members: Sequence[Member]) -> None:
        """Keep people's names; their questions carry the new one from now on."""
        rows = [
            {"id": member.id, "name": member.name.for_host(), "is_bot": member.is_bot} for member in members
        ]
        if not rows:
            return
        rows.sort(key=lambda row: str(row["id"]))
        renamed = (
            update(tables.questions)
            .where(tables.questions.c.asker == bindparam("id_"))
            .values(asker_name=bindparam("name_"))
        )
        with self._store.writing() as connection:
            upsert(connection, tables.members, rows, replacing=("name", "is_bot"))
            connection.execute(renamed, [{"id_": row["id"], "name_": row["name"]} for row in rows])

    def questions(
        self,
        *,
        channel: ChannelId | None = None,
        statuses: frozenset[Status] = frozenset(Status),
        asker: UserId | None = None,
    ) -> Sequence[Question]:
        chosen: ColumnElement[bool] = tables.questions.c.status.in_(sorted(statuses))
        if channel is not None:
            chosen = and_(chosen, tables.questions.c.channel == channel)
        if asker is not None:
            chosen = and_(chosen, tables.questions.c.asker == asker)
        with self._store.reading() as connection:
            return read_questions(connection, chosen)

    def outlines(self) -> Sequence[Outline]:
        questions, messages = tables.questions.c, tables.messages.c
        opening = and_(OF_THREAD, messages.ts == messages.thread_ts)
        outlined = select(
            *(questions.id, questions.kind, questions.status, questions.channel, questions.thread_ts),
            messages.deleted,
        ).join(tables.messages, opening)
        with self._store.reading() as connection:
            found = [
                Outline(
                    QuestionId(row.id),
                    Kind(row.kind),
                    Status(row.status),
                    ChannelId(row.channel),
                    Ts(row.thread_ts),
                    row.deleted,
                )
                for row in connection.execute(outlined)
            ]
        return sorted(found, key=lambda one: (ts_order(one.ts), one.channel))

    def question(self, beginning: str) -> Question:
        start = beginning.strip().lower()
        start = start if start.startswith("q-") else f"q-{start}"
        with self._store.reading() as connection:
            fits = tables.questions.c.id.startswith(start, autoescape=True)
            ids = list(connection.execute(select(tables.questions.c.id).where(fits)).scalars())
            if not ids or not beginning.strip():
                raise UnknownError("inbox.unknown_question", beginning=beginning)
            if len(ids) > 1:
                several = [*sorted(ids)[:_MOST_NAMED], *(["…"] if len(ids) > _MOST_NAMED else [])]
                raise UnknownError("inbox.several_questions", beginning=beginning, ids=", ".join(several))
            return read_questions(connection, tables.questions.c.id == ids[0])[0]

    def known(self, ids: Iterable[QuestionId]) -> Mapping[QuestionId, Question]:
        wanted = sorted(set(ids))
        with self._store.reading() as connection:  # one transaction: what is read belongs together
            return {
                question.id: question
                for start in range(0, len(wanted), _MOST_AT_ONCE)
                for question in read_questions(
                    connection, tables.questions.c.id.in_(wanted[start : start + _MOST_AT_ONCE])
                )
            }

    def set_status(self, id: QuestionId, status: Status, *, at: datetime) -> None:  # noqa: A002
        with self._store.writing() as connection:
            known = tables.questions.c.id == id
            if not connection.execute(update(tables.questions).where(known).values(status=status)).rowcount:
                raise UnknownError("inbox.unknown_question", beginning=id)
            connection.execute(insert(tables.moves).values(question=id, status=status, at=at))

    def last_withdrawal(self) -> datetime | None:
        moves, consents = tables.moves, tables.consents
        answered = (
            select(moves.c.question, func.min(moves.c.at).label("at"))
            .where(moves.c.status == Status.ANSWERED)
            .group_by(moves.c.question)
            .subquery()
        )
        later = [
            select(func.max(at))
            .join(answered, answered.c.question == question)
            .where(at > answered.c.at, *also)
            for at, question, also in (
                (moves.c.at, moves.c.question, (moves.c.status == Status.WITHDRAWN,)),
                (consents.c.given_at, consents.c.question, ()),
                (consents.c.withdrawn_at, consents.c.question, ()),
            )
        ]
        with self._store.reading() as connection:
            found = [connection.execute(one).scalar() for one in later]
        return max((at for at in found if at), default=None)

    def set_consent(self, id: QuestionId, consent: Consent) -> None:  # noqa: A002
        with self._store.writing() as connection:
            if not connection.execute(
                select(tables.questions.c.id).where(tables.questions.c.id == id)
            ).first():
                raise UnknownError("inbox.unknown_question", beginning=id)
            connection.execute(insert(tables.consents).values(_consent_row(id, consent)))


def _store_threads(connection: Connection, threads: Sequence[Thread]) -> None:
    if not threads:
        return
    rows = [{"channel": thread.channel, "ts": thread.ts, "permalink": thread.permalink} for thread in threads]
    upsert(connection, tables.threads, rows, unless_null=("permalink",))
    before = delete(tables.messages).where(
        tables.messages.c.channel == bindparam("channel_"), tables.messages.c.thread_ts == bindparam("ts_")
    )
    connection.execute(before, [{"channel_": thread.channel, "ts_": thread.ts} for thread in threads])
    connection.execute(insert(tables.messages), [row for thread in threads for row in _message_rows(thread)])


def _store_questions(connection: Connection, questions: Sequence[Question]) -> None:
    rows = [
        {
            "id": question.id,
            "kind": question.kind,
            "status": question.status,
            "channel": question.thread.channel,
            "thread_ts": question.thread.ts,
            "asker": question.asker,
            "asker_name": question.asker_name.for_host(),
            "words": question.words.for_host(),
            "received_at": question.received_at,
        }
        for question in questions
    ]
    upsert(
        connection,
        tables.questions,
        rows,
        replacing=("kind", "asker", "asker_name", "words"),
        keeping=("received_at",),
    )
    given = {question.id: question.consent for question in questions if question.consent}
    if not given:
        return
    answered = frozenset(connection.execute(select(tables.consents.c.question).distinct()).scalars())
    new = [_consent_row(id_, consent) for id_, consent in given.items() if id_ not in answered]
    if new:
        connection.execute(insert(tables.consents), new)


def _message_rows(thread: Thread) -> list[dict[str, object]]:
    messages = {message.ts: message for message in (*thread.replies, thread.opening)}
    return [
        {
            "channel": thread.channel,
            "thread_ts": thread.ts,
            "ts": message.ts,
            "author": message.author,
            "mrkdwn": message.mrkdwn.for_host(),
            "edited": message.edited,
            "deleted": message.deleted,
            "from_person": message.from_person,
            "reactions": message.reactions,
            "reply_count": message.reply_count,
            "latest_reply": message.latest_reply,
            "clips": message.clips,
        }
        for message in messages.values()
    ]


def _consent_row(id_: QuestionId, consent: Consent) -> dict[str, object]:
    return {
        "question": id_,
        "naming": consent.naming,
        "wording": consent.wording,
        "given_at": consent.given_at,
        "radio_name": consent.radio_name.for_host() if consent.radio_name is not None else None,
        "reading": consent.reading.for_host() if consent.reading is not None else None,
        "withdrawn_at": consent.withdrawn_at,
        "voice": consent.voice,
    }
