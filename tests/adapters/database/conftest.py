"""An inbox and a ledger of every kind: in memory, in SQLite, in PostgreSQL."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import text

from cityhall_fm.adapters.database import open_database, tables

from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger

_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request, tmp_path):
    """Say where a new database may be made."""
    if request.param == "sqlite":
        return tmp_path / "記憶 memory?#.sqlite3"
    return request.getfixturevalue("postgresql").create_database(f"show_{next(_numbers)}")


@pytest.fixture
def database(home):
    database = open_database(home)
    yield database
    database.close()


@pytest.fixture(scope="session")
def emptied(postgresql):
    """One database in PostgreSQL, emptied for each test: making one takes a tenth of a second."""
    database = open_database(postgresql.create_database("emptied"))

    def empty():
        names = ", ".join(name for name in tables.metadata.tables if name != "migrations")
        with database.store.writing() as connection:
            connection.execute(text(f"TRUNCATE {names}"))
        return database

    database.inbox.questions()
    yield empty
    database.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request, tmp_path):
    """An inbox and a ledger."""
    match request.param:
        case "memory":
            yield FakeInbox(), FakeLedger()
        case "sqlite":
            database = open_database(tmp_path / "memory.sqlite3")
            yield database.inbox, database.ledger
            database.close()
        case _:
            database = request.getfixturevalue("emptied")()
            yield database.inbox, database.ledger


@pytest.fixture
def inbox(kept):
    return kept[0]


@pytest.fixture
def ledger(kept):
    return kept[1]
