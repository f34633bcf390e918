"""Everything that a database remembers, copied into another one: of either kind, as of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, select

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
            with other.writing() as writing:
                _copy(self._store, writing)
        finally:
            other.close()

    @contextmanager
    def loading(self, source: Path) -> Iterator[None]:
        """Take everything over from such a file, for good once the block has ended well, else not at all.

        NotReadyError where something is remembered already.
        """
        other = Store(source)
        try:
            with self._store.writing() as writing:
                if not _is_empty(writing):
                    raise NotReadyError("backup.memory_not_empty", where=self._store.where)
                _copy(other, writing)
                yield
        finally:
            other.close()


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.execute(select(func.count()).select_from(table)).scalar()
        for table in tables.metadata.sorted_tables
        if table not in _STAYING
    )


def _copy(source: Store, writing: Connection) -> None:
    with source.reading() as reading:
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
