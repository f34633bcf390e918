"""The inbox as something that one leafs through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store
from cityhall_fm.adapters.database.inbox_rows import consent_of
from cityhall_fm.production.ports.browsing import InboxState, Standing
from cityhall_fm.show.question import Kind, QuestionId, Status


class StoredBrowsing:
    """Fulfils Browsing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def state(self) -> InboxState:
        with self._store.reading() as connection:
            return inbox_state(connection)

    def thread_states(self) -> Mapping[QuestionId, str]:
        questions, threads, message = tables.questions.c, tables.threads.c, tables.messages.c
        by_question = (
            select(questions.id, questions.words, questions.asker_name, threads.permalink, *_sums())
            .join(
                tables.threads,
                and_(questions.channel == threads.channel, questions.thread_ts == threads.ts),
            )
            .join(
                tables.messages,
                and_(questions.channel == message.channel, questions.thread_ts == message.thread_ts),
            )
            .group_by(questions.id, questions.words, questions.asker_name, threads.permalink)
        )
        with self._store.reading() as connection:
            return {QuestionId(row[0]): str(row[1:]) for row in connection.execute(by_question)}

    def standings(self) -> Mapping[QuestionId, Standing]:
        questions, consents = tables.questions.c, tables.consents
        newest = select(func.max(consents.c.number)).group_by(consents.c.question)
        latest: dict[str, Row[Any]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(select(consents).where(consents.c.number.in_(newest))):
                latest[row.question] = row
            found = connection.execute(select(questions.id, questions.kind, questions.status)).all()
        return {
            QuestionId(row.id): Standing(
                Kind(row.kind),
                Status(row.status),
                consent_of(latest[row.id]) if row.id in latest else None,
            )
            for row in found
        }


def inbox_state(connection: Connection) -> InboxState:
    """Fingerprint the inbox by counts and sums that any change alters."""
    threads = [
        select(*_sums()),
        select(func.count(), func.sum(func.length(tables.questions.c.words))),
        select(func.count()).select_from(tables.threads).where(tables.threads.c.permalink.is_not(None)),
        select(func.count(), func.sum(func.length(tables.members.c.name))),
    ]
    choices = [
        select(func.count(), func.max(table.c.number)).select_from(table)
        for table in (tables.moves, tables.consents)
    ]
    counted = [
        "/".join(str(tuple(connection.execute(each).one())) for each in part) for part in (threads, choices)
    ]
    return InboxState(*counted)


def _sums() -> Sequence[ColumnElement[Any]]:
    message = tables.messages.c
    return (
        func.count(message.ts),
        func.max(message.ts),
        func.max(message.edited),
        func.sum(case((message.deleted, 1), else_=0)),
        func.sum(func.length(message.mrkdwn)),
        func.sum(func.length(message.reactions)),
        func.sum(func.length(message.clips)),
    )
