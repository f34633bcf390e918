"""Everything that a database remembers, copied into another one: of either kind, as of one moment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, select

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store
from cityhall_fm.show.errors import NotReadyError

_NUMBER = "number"


class StoredMemory:
    """Fulfils Memory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, to: Path) -> None:
        """Write everything into a new SQLite file; others may go on working meanwhile."""
        other = Store(to)
        try:
            _copy(self._store, other)
        finally:
            other.close()

    def load(self, source: Path) -> None:
        """Take everything over from such a file; NotReadyError where something is remembered already."""
        if not self._is_empty():
            raise NotReadyError("backup.memory_not_empty", where=self._store.where)
        other = Store(source)
        try:
            _copy(other, self._store)
        finally:
            other.close()

    def _is_empty(self) -> bool:
        with self._store.reading() as connection:
            return not any(
                connection.execute(select(func.count()).select_from(table)).scalar()
                for table in tables.metadata.sorted_tables
                if table not in _STAYING
            )


def _copy(source: Store, target: Store) -> None:
    with source.reading() as reading, target.writing() as writing:
        for table in _ORDER:
            numbered = _NUMBER in table.c
            rows = select(table).order_by(table.c[_NUMBER]) if numbered else select(table)
            # Numbers are given anew, in the same order: PostgreSQL keeps them to itself.
            found = [
                {name: value for name, value in row._mapping.items() if name != _NUMBER}  # noqa: SLF001 - its API
                for row in reading.execute(rows)
            ]
            if found:
                writing.execute(insert(table), found)


_STAYING: Final = frozenset({tables.applied, tables.sessions})
"""What belongs to one database alone: a session opens a door of one studio only."""

_ORDER = (
    *(tables.threads, tables.messages, tables.questions),
    *(
        table
        for table in tables.metadata.sorted_tables
        if table not in _STAYING | {tables.threads, tables.messages, tables.questions}
    ),
)
"""What others refer to comes first."""
