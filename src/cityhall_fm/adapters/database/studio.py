"""What the studio remembers: who is there, who did what, how words are read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.browsing import inbox_state
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.production.ports.studio import Act, Session
from cityhall_fm.show.roles import Role
from cityhall_fm.show.text import Text


class StoredStudioMemory:
    """Fulfils StudioMemory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, session: Session) -> None:
        row = {
            "key": session.key,
            "person": session.person,
            "name": session.name,
            "role": session.role.value,
            "began_at": session.began_at,
            "seen_at": session.seen_at,
        }
        with self._store.writing() as connection:
            connection.execute(insert(tables.sessions), row)

    def session(self, key: str) -> Session | None:
        with self._store.reading() as connection:
            row = connection.execute(select(tables.sessions).where(tables.sessions.c.key == key)).first()
        return _session(row) if row else None

    def seen(self, key: str, *, at: datetime) -> None:
        with self._store.writing() as connection:
            connection.execute(update(tables.sessions).where(tables.sessions.c.key == key).values(seen_at=at))

    def end(self, key: str) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.sessions).where(tables.sessions.c.key == key))

    def end_before(self, *, began: datetime, seen: datetime) -> None:
        table = tables.sessions
        with self._store.writing() as connection:
            connection.execute(delete(table).where(or_(table.c.began_at < began, table.c.seen_at < seen)))

    def note(self, act: Act) -> None:
        values = json.dumps(dict(act.what.values), ensure_ascii=False, default=str)
        row = {"at": act.at, "person": act.person, "name": act.what.name, "about": values}
        with self._store.writing() as connection:
            connection.execute(insert(tables.acts), row)

    def acts(self, *, most: int) -> Sequence[Act]:
        latest = select(tables.acts).order_by(tables.acts.c.number.desc()).limit(most)
        with self._store.reading() as connection:
            return [
                Act(row.at, row.person, Text.of(row.name, **json.loads(row.about)))
                for row in connection.execute(latest)
            ]

    def state(self) -> str:
        with self._store.reading() as connection:
            return "/".join(inbox_state(connection))

    def readings(self) -> Mapping[str, str]:
        with self._store.reading() as connection:
            return {row.word: row.reading for row in connection.execute(select(tables.readings))}

    def keep_reading(self, word: str, reading: str | None) -> None:
        with self._store.writing() as connection:
            if reading is None:
                connection.execute(delete(tables.readings).where(tables.readings.c.word == word))
            else:
                upsert(
                    connection,
                    tables.readings,
                    [{"word": word, "reading": reading}],
                    replacing=("reading",),
                )


def _session(row: Row[Any]) -> Session:
    return Session(row.key, row.person, row.name, Role(row.role), row.began_at, row.seen_at)
