"""One store: opened at first use, brought up to date, read and written in transactions."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from threading import Lock
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, OperationalError

from cityhall_fm.adapters.database.errors import database_errors
from cityhall_fm.adapters.database.migrations import is_current, migrate
from cityhall_fm.show.errors import DatabaseError

PATIENCE: Final = 15.0
"""Seconds that a writer waits for another one."""
_PAUSE: Final = 0.05


class Store:
    """A database's engine; several threads may share one."""

    def __init__(self, home: Path | str, *, patience: float = PATIENCE) -> None:
        self._home = home
        self._patience = patience
        self._engine: Engine | None = None
        self._opening = Lock()

    @property
    def where(self) -> str:
        """Its name as people know it: a path, or server and database; never user or password."""
        if isinstance(self._home, Path):
            return str(self._home)
        url = _url(self._home)
        if url.get_backend_name() == "sqlite":
            return url.database or "memory"
        port = f":{url.port}" if url.port else ""
        return f"{url.host or 'localhost'}{port}/{url.database or ''}"

    @property
    def is_file(self) -> bool:
        """Whether it is SQLite, and so on this machine only."""
        return isinstance(self._home, Path) or _url(self._home).get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """SQLite's file, if it has one."""
        if isinstance(self._home, Path):
            return self._home
        database = _url(self._home).database
        return Path(database) if self.is_file and database and database != ":memory:" else None

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """Hold one connection of the server, outside of any transaction."""
        with database_errors(self.where):
            connection = self._opened().connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database throughout."""
        with database_errors(self.where), self._opened().connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is kept whole, or, when anything is raised, not at all."""
        with database_errors(self.where), _writing(self._opened()) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database; using the store again opens it again."""
        with self._opening:
            if self._engine:
                self._engine.dispose()
            self._engine = None

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = _engine(self._home, self._patience)
                try:
                    self._bring_up_to_date(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def _bring_up_to_date(self, engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            _write_ahead(engine, self._patience)
        while True:
            with engine.connect() as connection, connection.begin():
                if is_current(connection, where=self.where):
                    return
            with _writing(engine) as connection:
                migrate(connection, where=self.where)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    replacing: Sequence[str] = (),
    keeping: Sequence[str] = (),
    unless_null: Sequence[str] = (),
) -> int:
    """Insert rows; of those that are there, columns are replaced, replaced unless null, or kept if set.

    Returns how many rows were written.
    """
    if not rows:
        return 0
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    new, old = statement.excluded, table.c
    values = {
        **{name: new[name] for name in replacing},
        **{name: func.coalesce(new[name], old[name]) for name in unless_null},
        **{name: func.coalesce(old[name], new[name]) for name in keeping},
    }
    keys = list(table.primary_key)
    written = connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=values)
        if values
        else statement.on_conflict_do_nothing(index_elements=keys),
        list(rows),
        execution_options={"preserve_rowcount": True},
    )
    return written.rowcount


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        yield connection


def _url(home: Path | str) -> URL:
    if isinstance(home, Path):
        return URL.create("sqlite", database=str(home))
    try:
        url = make_url(home)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise DatabaseError("database.bad_url") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(home: Path | str, patience: float) -> Engine:
    url = _url(home)
    # What is stored are people's words: no statement's values may reach a message or a log.
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10}
        )
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
    _keep_from_others(url.database)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_from_others(database: str | None) -> None:
    if database and database != ":memory:" and not database.startswith("file:"):
        with suppress(OSError):  # what SQLite says next is clearer
            os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o660))


def _set_up_sqlite(connection: SQLiteConnection, record: object) -> None:  # noqa: ARG001
    # The driver begins transactions late and never for reading: we say BEGIN ourselves, below.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer, it fails: a
    # writer queues up at its beginning.
    options = connection.get_execution_options()
    if not options.get("no_transaction"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate") else "BEGIN")


def _write_ahead(engine: Engine, patience: float) -> None:
    # SQLite does not wait when the journal's mode changes, so we do.
    for tries_left in range(round(patience / _PAUSE), -1, -1):
        try:
            with engine.connect().execution_options(no_transaction=True) as connection:
                mode: Any = connection.execute(text("PRAGMA journal_mode")).scalar()
                if mode not in ("wal", "memory"):
                    connection.execute(text("PRAGMA journal_mode = WAL"))
        except OperationalError as error:
            busy = "locked" in str(error.orig)
            if not busy or not tries_left:
                raise
            time.sleep(_PAUSE)
        else:
            return
