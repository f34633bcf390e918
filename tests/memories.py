"""Where shows of tests keep their memory: in SQLite beside their settings, or all of them in PostgreSQL.

With `MEMORY=postgresql` in the environment every folder has a database of its own on a real server. A file
stands beside where SQLite's would: whoever copies the folder copies the memory, whoever deletes it loses it.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Container, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from cityhall_fm import settings
from cityhall_fm.adapters.database import open_database
from free_port import free_ports
from postgresql_server import PostgreSQLServer, postgresql_server, why_not

IN_POSTGRESQL = os.environ.get("MEMORY") == "postgresql"
_VARIABLE = "CITYHALL_FM_DATABASE_URL"
_NOWHERE = Path("/nowhere")
_numbers = count(1)
_made: dict[str, Path] = {}
_open: list[psycopg.Connection] = []
_in_sqlite = settings.database_of

sqlite_only = pytest.mark.skipif(IN_POSTGRESQL, reason="it is about SQLite's own file")
names_its_own = pytest.mark.skipif(IN_POSTGRESQL, reason="it says itself which memory is in which database")


@cache
def server() -> PostgreSQLServer:
    """Start this process's server at its first use; it stops as the process ends."""
    missing = why_not()
    if missing:
        pytest.skip(missing)
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(postgresql_server(*free_ports(1)))


def memory_of(folder: Path) -> Path | str:
    """Tell where a show folder's memory is."""
    return _in_postgresql(folder, {}) if IN_POSTGRESQL else _in_sqlite(folder, {})


def a_memory() -> str:
    """Say where an empty memory of no folder may be."""
    return server().url(_new_database(_NOWHERE, like=_migrated())) if IN_POSTGRESQL else "sqlite://"


def copy_memory(folder: Path, other: Path) -> None:
    """Give another folder a memory of its own that begins as this one's is now."""
    kept = _file(folder)
    _file(other).write_bytes(kept.read_bytes())


def environment_for(arguments: Sequence[object], cwd: Path | None = None) -> Mapping[str, str]:
    """Say in a command's environment where the memory of the show is that it is about."""
    if not IN_POSTGRESQL:
        return {}
    given = [*map(str, arguments)]
    folder = Path(given[given.index("--show") + 1]) if "--show" in given[:-1] else cwd or Path.cwd()
    return {_VARIABLE: _in_postgresql(folder, {})} if (folder / "feeds").is_dir() else {}


def use_postgresql() -> None:
    """Let everything that runs in this process find its memory there."""
    settings.database_of = _in_postgresql
    event.listen(Pool, "connect", _note)


def drop_memories_under(folder: Path) -> None:
    """Give back the space of a test's databases: each takes some megabytes."""
    names = [name for name, home in _made.items() if home.is_relative_to(folder)]
    let_go(names)
    for name in names:
        del _made[name]
        _say(f"DROP DATABASE {name} WITH (FORCE)")


def let_go(names: Container[str] = ()) -> None:
    """Close what tests left open, as SQLite does by itself: of these databases, or of all."""
    for connection in list(_open):
        if connection.closed or not names or connection.info.dbname in names:
            _open.remove(connection)
            connection.close()


def _note(connection: object, _: object) -> None:
    if isinstance(connection, psycopg.Connection):
        _open.append(connection)


def _in_postgresql(folder: Path, environment: Mapping[str, str]) -> str:
    if environment.get(_VARIABLE):
        return environment[_VARIABLE]
    file = _file(folder)
    name, _, home = file.read_text("utf-8").partition("\n") if file.is_file() else ("", "", "")
    if home != str(folder.resolve()):
        name = _new_database(folder.resolve(), like=name or _migrated())
        file.write_text(f"{name}\n{folder.resolve()}", "utf-8")
    return server().url(name)


def _file(folder: Path) -> Path:
    file = _in_sqlite(folder, {})
    assert isinstance(file, Path)
    return file.with_name(f"{file.name}-in-postgresql") if IN_POSTGRESQL else file


def _new_database(home: Path, *, like: str) -> str:
    name = f"memory_{os.getpid()}_{next(_numbers)}"
    _say(f"CREATE DATABASE {name} TEMPLATE {like}")
    _made[name] = home
    return name


@cache
def _migrated() -> str:
    """Make the database that new ones begin as: to bring each up to date takes a while."""
    database = open_database(server().create_database("migrated"))
    database.inbox.questions()
    database.close()
    return "migrated"


def _say(statement: str) -> None:
    with psycopg.connect(server().loopback_url("postgres"), autocommit=True) as connection:
        connection.execute(statement)
