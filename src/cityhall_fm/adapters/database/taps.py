"""Taps of the on-air card, so that their times can still be corrected when the recording is heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.on_air import Tap, TapKind


class StoredTaps:
    """Fulfils TapMemory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, number: EpisodeNumber, taps: Sequence[Tap], *, person: str, at: datetime) -> None:
        rows = [
            {
                "id": tap.id,
                "episode": number,
                "kind": tap.kind.value,
                "tapped": tap.tapped,
                "clock_offset": tap.offset,
                "segment": tap.segment,
                "jump": tap.jump,
                "undoes": tap.undoes,
                "shift": tap.shift,
                "person": person,
                "noted_at": at,
            }
            for tap in taps
        ]
        with self._store.writing() as connection:
            upsert(connection, tables.taps, rows)

    def taps(self, number: EpisodeNumber) -> Sequence[Tap]:
        table = tables.taps
        with self._store.reading() as connection:
            rows = connection.execute(select(table).where(table.c.episode == number)).all()
        found = (
            Tap(
                row.id,
                TapKind(row.kind),
                row.tapped,
                row.clock_offset,
                segment=row.segment,
                jump=row.jump,
                undoes=row.undoes,
                shift=row.shift,
            )
            for row in rows
        )
        return sorted(found, key=lambda tap: (tap.at, tap.id))
