"""The dates on which prepared episodes go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.schedule import Date, State


class StoredDates:
    """Fulfils Dates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, date: Date, *, at: datetime) -> None:
        row = {"episode": date.episode, "at": date.at, "state": date.state, "noted_at": at}
        with self._store.writing() as connection:
            upsert(connection, tables.dates, [row], replacing=("at", "state", "noted_at"))

    def all(self) -> Sequence[Date]:
        with self._store.reading() as connection:
            rows = connection.execute(select(tables.dates).order_by(tables.dates.c.at))
            return [Date(EpisodeNumber(row.episode), row.at, State(row.state)) for row in rows]

    def of(self, episode: EpisodeNumber) -> Date | None:
        return next((date for date in self.all() if date.episode == episode), None)
