"""Rows of the inbox -> questions with their threads and consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from cityhall_fm.adapters.database import tables
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import ChannelId, Message, Thread, Ts, UserId, ts_order

OF_THREAD: Final = and_(
    tables.questions.c.channel == tables.messages.c.channel,
    tables.questions.c.thread_ts == tables.messages.c.thread_ts,
)


def read_questions(connection: Connection, chosen: ColumnElement[bool]) -> list[Question]:
    """Read the questions of a choice with their threads and latest consents, oldest first."""
    with_permalink = select(tables.questions, tables.threads.c.permalink).join(
        tables.threads,
        and_(
            tables.questions.c.channel == tables.threads.c.channel,
            tables.questions.c.thread_ts == tables.threads.c.ts,
        ),
    )
    their_messages = select(tables.messages).join(tables.questions, OF_THREAD)
    their_consents = (
        select(tables.consents)
        .join(tables.questions, tables.consents.c.question == tables.questions.c.id)
        .order_by(tables.consents.c.number)
    )
    messages: dict[tuple[str, str], dict[str, Message]] = {}
    for row in connection.execute(their_messages.where(chosen)):
        messages.setdefault((row.channel, row.thread_ts), {})[row.ts] = message_of(row)
    latest = {row.question: consent_of(row) for row in connection.execute(their_consents.where(chosen))}
    found = [
        _question(row, messages[row.channel, row.thread_ts], latest.get(row.id))
        for row in connection.execute(with_permalink.where(chosen))
    ]
    return sorted(found, key=lambda question: (ts_order(question.thread.ts), question.thread.channel))


def _question(row: Row[Any], messages: Mapping[str, Message], consent: Consent | None) -> Question:
    replies = sorted(
        (message for ts, message in messages.items() if ts != row.thread_ts),
        key=lambda message: ts_order(message.ts),
    )
    return Question(
        id=QuestionId(row.id),
        kind=Kind(row.kind),
        status=Status(row.status),
        thread=Thread(ChannelId(row.channel), messages[row.thread_ts], tuple(replies), row.permalink),
        asker=UserId(row.asker) if row.asker is not None else None,
        asker_name=Private(row.asker_name),
        words=Private(row.words),
        consent=consent,
        received_at=row.received_at,
    )


def message_of(row: Row[Any]) -> Message:
    """Read a stored message."""
    return Message(
        ts=Ts(row.ts),
        author=UserId(row.author) if row.author is not None else None,
        mrkdwn=Private(row.mrkdwn),
        edited=Ts(row.edited) if row.edited is not None else None,
        deleted=row.deleted,
        from_person=row.from_person,
        reactions=row.reactions,
        reply_count=row.reply_count,
        latest_reply=Ts(row.latest_reply) if row.latest_reply is not None else None,
        clips=row.clips,
    )


def consent_of(row: Row[Any]) -> Consent:
    """Read a stored consent."""
    return Consent(
        naming=Naming(row.naming),
        wording=row.wording,
        given_at=row.given_at,
        radio_name=Private(row.radio_name) if row.radio_name is not None else None,
        reading=Private(row.reading) if row.reading is not None else None,
        withdrawn_at=row.withdrawn_at,
        voice=row.voice,
    )
