"""Whoever acts on the show does so alone: a lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text

from cityhall_fm.adapters.database.connection import Store
from cityhall_fm.adapters.database.errors import database_errors
from cityhall_fm.show.errors import ConflictError

_NUMBER: Final = 0x66A1
"""Any number will do for PostgreSQL, as long as every version takes the same one."""


class StoredTurn:
    """Fulfils Turn: by PostgreSQL's advisory lock, or by a locked file beside SQLite's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._depth = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else who shares the database out; within it, again at no cost."""
        if self._depth:
            yield
            return
        with self._locked():
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        path = self._store.path
        if self._store.is_file:
            if path is None:
                yield
                return
            with self._file_locked(path):
                yield
            return
        with self._store.session() as connection:
            with database_errors(self._store.where):
                got = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": _NUMBER}).scalar()
            if not got:
                raise ConflictError("release.busy", where=self._store.where)
            try:
                yield
            finally:
                with database_errors(self._store.where):
                    connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _NUMBER})

    @contextmanager
    def _file_locked(self, path: Path) -> Iterator[None]:
        lock = path.with_name(f"{path.name}.lock")
        try:
            held = lock.open("ab")
        except OSError:  # a folder that may not be written: the database says so more clearly
            yield
            return
        with held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConflictError("release.busy", where=self._store.where) from None
            yield
