"""What was lately done to questions, with which history they had before and after."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, or_, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Link, Segment
from cityhall_fm.show.undoing import UNDO_WITHIN, Done, History, Slotted


class StoredUndoing:
    """Fulfils Undoing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def history(self, question: QuestionId) -> History:
        with self._store.reading() as connection:
            return _history(connection, question)

    def note(self, done: Done) -> Done:
        table = tables.doings
        with self._store.writing() as connection:
            connection.execute(delete(table).where(table.c.at < done.at - UNDO_WITHIN))
            number = connection.execute(insert(table).values(_row(done)).returning(table.c.number)).scalar()
        return replace(done, number=number or 0)

    def done(self, number: int) -> Done | None:
        with self._store.reading() as connection:
            row = connection.execute(select(tables.doings).where(tables.doings.c.number == number)).first()
        return _done(row) if row else None

    def lately(self, person: str, *, now: datetime) -> Sequence[Done]:
        table = tables.doings
        mine = select(table).where(
            table.c.person == person,
            table.c.at > now - UNDO_WITHIN,
            or_(table.c.tells_at.is_(None), table.c.tells_at > now),
        )
        with self._store.reading() as connection:
            return [_done(row) for row in connection.execute(mine.order_by(table.c.number.desc()))]

    def forget(self, number: int) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.doings).where(tables.doings.c.number == number))

    def revert(self, question: QuestionId, status: Status, *, before: History, after: History) -> bool:
        known = tables.questions.c.id == question
        with self._store.writing() as connection:
            # Whoever changes a question writes its row first: they wait here, or we for them.
            if not connection.execute(update(tables.questions).where(known).values(id=question)).rowcount:
                return False
            if _history(connection, question) != after:
                return False
            _drop_last(connection, tables.moves, question, after.moves - before.moves)
            _drop_last(connection, tables.consents, question, after.consents - before.consents)
            connection.execute(update(tables.questions).where(known).values(status=status))
        return True


def _history(connection: Connection, question: QuestionId) -> History:
    counts = [
        connection.execute(
            select(func.count()).select_from(table).where(table.c.question == question)
        ).scalar_one()
        for table in (tables.moves, tables.consents)
    ]
    return History(*counts)


def _drop_last(connection: Connection, table: Table, question: QuestionId, count: int) -> None:
    latest = select(table.c.number).where(table.c.question == question).order_by(table.c.number.desc())
    numbers = list(connection.execute(latest.limit(count)).scalars()) if count > 0 else []
    if numbers:
        connection.execute(delete(table).where(table.c.number.in_(numbers)))


def _row(done: Done) -> dict[str, object]:
    return {
        "question": done.question,
        "person": done.person,
        "at": done.at,
        "what": done.what,
        "was": done.was,
        "history": json.dumps([done.before, done.after]),
        "slotted": json.dumps(_plain(done.slotted), ensure_ascii=False) if done.slotted else None,
        "tells_at": done.tells_at,
    }


def _done(row: Row[Any]) -> Done:
    before, after = (History(*counts) for counts in json.loads(row.history))
    return Done(
        QuestionId(row.question),
        row.person,
        row.at,
        row.what,
        Status(row.was),
        before,
        after,
        _slotted(json.loads(row.slotted)) if row.slotted else None,
        row.tells_at,
        row.number,
    )


def _plain(slotted: Slotted) -> dict[str, object]:
    return {
        "episode": slotted.episode,
        "title": slotted.title,
        "summary": slotted.summary,
        "links": [[link.url, link.title] for link in slotted.links],
        "was": slotted.was
        and {"title": slotted.was.title, "links": [[link.url, link.title] for link in slotted.was.links]},
    }


def _slotted(plain: dict[str, Any]) -> Slotted:
    was = plain["was"]
    return Slotted(
        EpisodeNumber(plain["episode"]),
        plain["title"],
        plain["summary"],
        _links(plain["links"]),
        Segment(was["title"], links=_links(was["links"])) if was else None,
    )


def _links(plain: list[list[str]]) -> tuple[Link, ...]:
    return tuple(Link(url, title) for url, title in plain)
