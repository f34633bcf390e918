"""What the Slack app remembers: events that were dealt with, emoji that were put, how forms were filled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.show.asking import Corner, Submission
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.outbox import pause_after
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import UserId

_KEPT: Final = timedelta(days=3)
"""Slack tries an event again for about an hour."""


class StoredAppMemory:
    """Fulfils AppMemory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def heard(self, event: str) -> bool:
        row_of = select(tables.heard.c.event).where(tables.heard.c.event == event)
        with self._store.reading() as connection:
            return connection.execute(row_of).first() is not None

    def remember_heard(self, event: str, *, at: datetime) -> bool:
        with self._store.writing() as connection:
            connection.execute(delete(tables.heard).where(tables.heard.c.at < at - _KEPT))
            return upsert(connection, tables.heard, [{"event": event, "at": at}]) == 1

    def forget_heard(self, event: str) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.heard).where(tables.heard.c.event == event))

    def marks(self) -> Mapping[QuestionId, str]:
        with self._store.reading() as connection:
            return {QuestionId(row.question): row.emoji for row in connection.execute(select(tables.marks))}

    def change_mark(self, question: QuestionId, before: str | None, after: str | None) -> bool:
        table = tables.marks
        stands = (table.c.question == question, table.c.emoji == before)
        with self._store.writing() as connection:
            if before is None:
                return upsert(connection, table, [{"question": question, "emoji": after}]) == 1
            if after is None:
                return connection.execute(delete(table).where(*stands)).rowcount == 1
            return connection.execute(update(table).where(*stands).values(emoji=after)).rowcount == 1

    def keep_draft(self, person: UserId, draft: Submission, *, at: datetime) -> None:
        row = {"person": person, "at": at, "filled_in": _written(draft)}
        with self._store.writing() as connection:
            upsert(connection, tables.drafts, [row], replacing=("at", "filled_in"))

    def draft(self, person: UserId, *, since: datetime) -> Submission | None:
        table = tables.drafts
        row_of = select(table).where(table.c.person == person, table.c.at >= since)
        with self._store.reading() as connection:
            row = connection.execute(row_of).first()
        return draft_of(row.filled_in) if row else None

    def drop_draft(self, person: UserId) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.drafts).where(tables.drafts.c.person == person))

    def must_ask(self, topic: QuestionId, *, at: datetime, attempts: int = 0) -> None:
        row = {"question": topic, "at": at, "attempts": attempts}
        with self._store.writing() as connection:
            upsert(connection, tables.authors, [row], replacing=("attempts", "at") if attempts else ())

    def to_ask(self, *, due: datetime | None = None) -> Mapping[QuestionId, int]:
        with self._store.reading() as connection:
            rows = connection.execute(select(tables.authors).order_by(tables.authors.c.at))
            return {
                QuestionId(row.question): row.attempts
                for row in rows
                if due is None or not row.attempts or not row.at <= due < row.at + pause_after(row.attempts)
            }

    def asked(self, topic: QuestionId) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.authors).where(tables.authors.c.question == topic))

    def keep_submission(self, question: QuestionId, submission: Submission) -> None:
        row = {
            "question": question,
            "corner": submission.corner,
            "department": submission.department,
            "publicly": submission.publicly,
            "may_contact": submission.may_contact,
        }
        with self._store.writing() as connection:
            upsert(connection, tables.submissions, [row])

    def departments(self) -> Mapping[QuestionId, str]:
        table = tables.submissions.c
        chosen = select(table.question, table.department).where(table.department != "")
        with self._store.reading() as connection:
            return {QuestionId(row.question): row.department for row in connection.execute(chosen)}

    def submission(self, question: QuestionId) -> Submission | None:
        row_of = select(tables.submissions).where(tables.submissions.c.question == question)
        with self._store.reading() as connection:
            row = connection.execute(row_of).first()
        if row is None:
            return None
        return Submission(
            corner=Corner(row.corner),
            department=row.department,
            publicly=row.publicly,
            may_contact=row.may_contact,
        )


def draft_of(written: str) -> Submission:
    """Read a stored draft."""
    kept = json.loads(written)
    return Submission(
        Private(kept["words"]),
        Corner(kept["corner"]),
        Naming(kept["naming"]),
        Private(kept["radio_name"]),
        Private(kept["reading"]),
        kept["department"],
        publicly=kept["publicly"],
        may_contact=kept["may_contact"],
        voice=kept["voice"],
    )


def _written(draft: Submission) -> str:
    return json.dumps(
        {
            "words": draft.words.for_host(),
            "corner": draft.corner,
            "naming": draft.naming,
            "radio_name": draft.radio_name.for_host(),
            "reading": draft.reading.for_host(),
            "department": draft.department,
            "publicly": draft.publicly,
            "may_contact": draft.may_contact,
            "voice": draft.voice,
        }
    )
