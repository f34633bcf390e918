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
    number = _number(connection)
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


def outbox_feeds_and_dates(connection: Connection) -> None:
    """Messages that wait to be sent, feeds that can come back, dates on which an episode goes out."""
    number = _number(connection)
    for table in (
        "endpoints (endpoint TEXT PRIMARY KEY, conditions TEXT NOT NULL)",
        """feeds (place TEXT, sha256 TEXT, key TEXT NOT NULL, kept_at TEXT NOT NULL,
           settled BOOLEAN NOT NULL, PRIMARY KEY (place, sha256))""",
        """live_feeds (place TEXT PRIMARY KEY, sha256 TEXT NOT NULL, etag TEXT NOT NULL,
           at TEXT NOT NULL)""",
        f"""outbox (number {number}, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, episode BIGINT NOT NULL,
           question TEXT, channel TEXT NOT NULL, thread_ts TEXT, emoji TEXT, queued_at TEXT NOT NULL,
           attempts BIGINT NOT NULL, not_before TEXT NOT NULL, done_at TEXT, given_up TEXT, said TEXT)""",
        """dates (episode BIGINT PRIMARY KEY, at TEXT NOT NULL, state TEXT NOT NULL,
           noted_at TEXT NOT NULL)""",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))


def slack_app(connection: Connection) -> None:
    """Events that the Slack app dealt with, emoji that it put, forms that were filled in."""
    for table in (
        "heard (event TEXT PRIMARY KEY, at TEXT NOT NULL)",
        "marks (question TEXT PRIMARY KEY, emoji TEXT NOT NULL)",
        """submissions (question TEXT PRIMARY KEY, corner TEXT NOT NULL, department TEXT NOT NULL,
           publicly BOOLEAN NOT NULL, may_contact BOOLEAN NOT NULL)""",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))


def keeping_and_erased(connection: Connection) -> None:
    """Since when questions are kept and when their words were removed; people who asked to be erased."""
    for table in (
        """keeping (question TEXT PRIMARY KEY REFERENCES questions (id), since TEXT NOT NULL,
           forgotten_at TEXT)""",
        "erased (person TEXT PRIMARY KEY, at TEXT NOT NULL)",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))


def studio(connection: Connection) -> None:
    """Who is in the studio, who did what there, how hosts read words."""
    number = _number(connection)
    for table in (
        """sessions (key TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
           began_at TEXT NOT NULL, seen_at TEXT NOT NULL)""",
        f"""acts (number {number}, at TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
           about TEXT NOT NULL)""",
        "readings (word TEXT PRIMARY KEY, reading TEXT NOT NULL)",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))


def voices_and_drafts(connection: Connection) -> None:
    """Voices under messages and the consent to play them; unsent forms; authors who wait to be asked."""
    for change in (
        "ALTER TABLE messages ADD COLUMN clips TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE consents ADD COLUMN voice BOOLEAN NOT NULL DEFAULT FALSE",
        "CREATE TABLE drafts (person TEXT PRIMARY KEY, at TEXT NOT NULL, filled_in TEXT NOT NULL)",
        "CREATE TABLE authors (question TEXT PRIMARY KEY, at TEXT NOT NULL, attempts BIGINT NOT NULL)",
    ):
        connection.execute(text(change))


def outbox_about(connection: Connection) -> None:
    """Messages in private that wait, with what they are to say."""
    connection.execute(text("ALTER TABLE outbox ADD COLUMN about TEXT"))


def on_air_taps(connection: Connection) -> None:
    """Taps of the on-air card, by the clock of the device and by how far it was off."""
    connection.execute(
        text(
            """CREATE TABLE taps (id TEXT PRIMARY KEY, episode BIGINT NOT NULL, kind TEXT NOT NULL,
               tapped BIGINT NOT NULL, clock_offset BIGINT NOT NULL, segment TEXT NOT NULL,
               jump BOOLEAN NOT NULL, undoes TEXT NOT NULL, shift BIGINT NOT NULL, person TEXT NOT NULL,
               noted_at TEXT NOT NULL)"""
        )
    )
    connection.execute(text("CREATE INDEX taps_episode ON taps (episode)"))


def doings(connection: Connection) -> None:
    """Things lately done to questions, which can be taken back."""
    for change in (
        f"""CREATE TABLE doings (number {_number(connection)}, question TEXT NOT NULL, person TEXT NOT NULL,
           at TEXT NOT NULL, what TEXT NOT NULL, was TEXT NOT NULL, history TEXT NOT NULL, slotted TEXT,
           tells_at TEXT)""",
        "CREATE INDEX doings_person ON doings (person)",
        "CREATE INDEX moves_question ON moves (question)",
    ):
        connection.execute(text(change))


def heard_feeds(connection: Connection) -> None:
    """Whether the public feed was heard as apps hear it, and which media; what was public before was."""
    for change in (
        "ALTER TABLE live_feeds ADD COLUMN heard BOOLEAN NOT NULL DEFAULT TRUE",
        "ALTER TABLE live_feeds ADD COLUMN heard_media TEXT",
    ):
        connection.execute(text(change))


def outlines(connection: Connection) -> None:
    """Outlines of public feeds: what their episodes are recognised by."""
    connection.execute(text("ALTER TABLE live_feeds ADD COLUMN outline TEXT"))


def rollbacks(connection: Connection) -> None:
    """Which rollback began and never ended."""
    table = "rollbacks (place TEXT PRIMARY KEY, away TEXT NOT NULL, back TEXT NOT NULL)"
    connection.execute(text(f"CREATE TABLE {table}"))


def sendings(connection: Connection) -> None:
    """At which files a publication was that never ended."""
    table = f"sendings (number {_number(connection)}, place TEXT NOT NULL, files TEXT NOT NULL)"
    connection.execute(text(f"CREATE TABLE {table}"))


MIGRATIONS: Final[tuple[Migration, ...]] = (
    first_tables,
    outbox_feeds_and_dates,
    slack_app,
    keeping_and_erased,
    studio,
    voices_and_drafts,
    outbox_about,
    on_air_taps,
    doings,
    heard_feeds,
    outlines,
    rollbacks,
    sendings,
)
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


def _number(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    return "INTEGER PRIMARY KEY AUTOINCREMENT"


def _done(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(select(applied.c.name)).scalars())


def _names(migrations: Iterable[Migration]) -> frozenset[str]:
    return frozenset(migration.__name__ for migration in migrations)
