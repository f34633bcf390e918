"""How a database comes to have its tables: named steps, each applied and recorded in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text

from cityhall_fm.adapters.database.tables import applied
from cityhall_fm.show.errors import DatabaseError

Migration = Callable[[Connection], None]

_LOCK: Final = 0x63697479
"""Any number will do, as long as every version takes the same one."""


def first_tables(connection: Connection) -> None:
    """Threads with their messages, questions with their consents, the ledger."""
    number = (
        "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        if connection.dialect.name == "postgresql"
        else "INTEGER PRIMARY KEY AUTOINCREMENT"
    )
    for table in (
        "threads (channel TEXT, ts TEXT, permalink TEXT, PRIMARY KEY (channel, ts))",
        """messages (channel TEXT, thread_ts TEXT, ts TEXT, author TEXT, mrkdwn TEXT NOT NULL, edited TEXT,
           deleted BOOLEAN NOT NULL, from_person BOOLEAN NOT NULL, reactions TEXT NOT NULL,
           reply_count BIGINT NOT NULL, latest_reply TEXT, PRIMARY KEY (channel, thread_ts, ts),
           FOREIGN KEY (channel, thread_ts) REFERENCES threads (channel, ts))""",
        "channels (id TEXT PRIMARY KEY, name TEXT NOT NULL)",
        "members (id TEXT PRIMARY KEY, name TEXT NOT NULL, is_bot BOOLEAN NOT NULL)",
        """questions (id TEXT PRIMARY KEY, kind TEXT NOT NULL, status TEXT NOT NULL, channel TEXT NOT NULL,
           thread_ts TEXT NOT NULL, asker TEXT, asker_name TEXT NOT NULL, words TEXT NOT NULL,
           received_at TEXT, FOREIGN KEY (channel, thread_ts) REFERENCES threads (channel, ts))""",
        f"""consents (number {number}, question TEXT NOT NULL REFERENCES questions (id),
           naming TEXT NOT NULL, wording TEXT NOT NULL, given_at TEXT NOT NULL, radio_name TEXT,
           reading TEXT, withdrawn_at TEXT)""",
        f"""moves (number {number}, question TEXT NOT NULL REFERENCES questions (id),
           status TEXT NOT NULL, at TEXT NOT NULL)""",
        f"""ledger (number {number}, episode BIGINT NOT NULL, step TEXT NOT NULL, outcome TEXT NOT NULL,
           at TEXT NOT NULL)""",
        "posts (key TEXT PRIMARY KEY, intended_at TEXT NOT NULL, channel TEXT, ts TEXT, posted_at TEXT)",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))
    for index in (
        "questions_thread ON questions (channel, thread_ts)",
        "consents_question ON consents (question)",
        "ledger_episode ON ledger (episode)",
    ):
        connection.execute(text(f"CREATE INDEX {index}"))


MIGRATIONS: Final[tuple[Migration, ...]] = (first_tables,)
"""In the order in which they were written; what was released is never changed or taken away."""


def is_current(connection: Connection, *, where: str) -> bool:
    """Tell whether all steps were applied; DatabaseError where a newer version has added some."""
    if not inspect(connection).has_table(applied.name):
        return False
    done = _done(connection)
    if not done <= _names(MIGRATIONS):
        raise DatabaseError("database.newer", where=where)
    return done == _names(MIGRATIONS)


def migrate(connection: Connection, *, where: str) -> None:
    """Apply the next missing step and record it, all within the caller's writing transaction.

    Whoever comes second waits for the first and finds the step done: SQLite by BEGIN IMMEDIATE,
    PostgreSQL by this lock, which ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if is_current(connection, where=where):
        return
    applied.create(connection, checkfirst=True)
    done = _done(connection)
    step = next(step for step in MIGRATIONS if step.__name__ not in done)
    step(connection)
    connection.execute(insert(applied), {"name": step.__name__})


def _done(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(select(applied.c.name)).scalars())


def _names(migrations: Iterable[Migration]) -> frozenset[str]:
    return frozenset(migration.__name__ for migration in migrations)
