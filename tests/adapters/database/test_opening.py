"""How a database is opened, brought up to date, shared, and how it refuses."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exc, inspect, text

from cityhall_fm.adapters.database import open_database, tables
from cityhall_fm.adapters.database.errors import database_errors
from cityhall_fm.adapters.database.migrations import MIGRATIONS
from cityhall_fm.show.announcement import PostKey
from cityhall_fm.show.consent import Private
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import DatabaseError
from cityhall_fm.show.slack_thread import Ts
from cityhall_fm.texts import LANGUAGES, Catalogue
from free_port import free_ports
from thorough import examples

from builders import CHANNEL, NOON, a_message, a_question, a_thread


def refused(database):
    """Ask something of a database that refuses, and word the error in every language."""
    with pytest.raises(DatabaseError) as caught:
        database.inbox.questions()
    database.close()
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2
    return caught.value


def test_the_tables_are_those_that_this_version_works_with(database):
    with database.store.reading() as connection:
        found = inspect(connection)
        made = {
            name: {column["name"]: column["nullable"] for column in found.get_columns(name)}
            for name in found.get_table_names()
            if name != "sqlite_sequence"
        }

    assert {name: set(columns) for name, columns in made.items()} == {
        name: set(table.c.keys()) for name, table in tables.metadata.tables.items()
    }
    for name, table in tables.metadata.tables.items():
        keys = {column.name for column in table.primary_key}
        assert {column.name for column in table.c if not column.nullable} - keys == {
            column for column, nullable in made[name].items() if not nullable
        } - keys


def test_every_migration_is_recorded_once_when_it_is_opened_again(home):
    for _ in range(2):
        database = open_database(home)
        database.ledger.intend(PostKey("佐久"), at=NOON)
        database.close()

    with database.store.reading() as connection:
        names = [*connection.execute(text("SELECT name FROM migrations")).scalars()]
    database.close()
    assert names == [migration.__name__ for migration in MIGRATIONS]


def test_a_database_of_a_newer_version_is_left_alone(home):
    database = open_database(home)
    with database.store.writing() as connection:
        connection.execute(text("INSERT INTO migrations VALUES ('something_of_tomorrow')"))
    database.close()

    error = refused(open_database(home))

    assert (error.text.name, error.retryable) == ("database.newer", False)


def test_many_that_open_an_empty_database_at_once_agree(home):
    databases = [open_database(home) for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        steps = list(threads.map(lambda database: database.ledger.steps(EpisodeNumber(1)), databases))

    assert steps == [{}] * 8
    for database in databases:
        database.close()


def test_processes_that_open_and_write_at_once_lose_nothing(home):
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from cityhall_fm.adapters.database import open_database\n"
        "home = sys.argv[1] if '://' in sys.argv[1] else Path(sys.argv[1])\n"
        "database = open_database(home)\n"
        "for number in range(10):\n"
        "    database.ledger.record(7, f'{sys.argv[2]}/{number}', 'ok', at=datetime.now(UTC))\n"
        "database.close()\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(home), name], stderr=subprocess.PIPE)  # noqa: S603
        for name in "abc"
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]

    database = open_database(home)
    assert errors == [b""] * 3
    assert len(database.ledger.steps(EpisodeNumber(7))) == 30
    database.close()


def test_a_page_is_stored_whole_or_not_at_all(database):
    good, broken = a_question(), a_question("1763600999.000100")
    broken = replace(broken, received_at=datetime(2026, 11, 1))  # noqa: DTZ001

    with pytest.raises(TypeError):
        database.inbox.store([good.thread], [good, broken])

    assert database.inbox.questions() == []
    assert database.inbox.stored_openings(CHANNEL) == {}


hostile = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [
        "\0",
        "髙橋\0はな",
        "\ud800",
        "\udfff\ud800",
        "' OR 1=1 --",
        "%s %(x)s :x ?",
        "👩🏽‍🚀",
        "\r\n\u2028",
        "\ufeff長",
    ]
)
moments = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=hostile, name=hostile, received_at=moments)
def test_hostile_text_comes_back_as_it_was_but_for_what_no_database_takes(database, words, name, received_at):
    thread = a_thread(opening=a_message(words=words), replies=(a_message("1763600500.000009", name),))
    question = replace(
        a_question(), thread=thread, words=Private(words), asker_name=Private(name), received_at=received_at
    )

    database.inbox.store([thread], [question])

    found = database.inbox.question(question.id)
    assert found.words.for_host() == _storable(words)
    assert found.asker_name.for_host() == _storable(name)
    assert found.thread.replies[0].mrkdwn.for_host() == _storable(name)
    assert found.thread.ts == Ts("1763600400.000100")


def _storable(words):
    return words.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path):
    path = tmp_path / "memory.sqlite3"
    path.write_text("佐久のメモ\n" * 100, "utf-8")

    error = refused(open_database(path))

    assert error.text.name == "database.corrupt"
    assert path.read_text("utf-8").startswith("佐久のメモ")


def test_a_torn_database_is_told(tmp_path):
    path = tmp_path / "memory.sqlite3"
    database = open_database(path)
    database.inbox.store([], [a_question()])
    database.close()
    path.write_bytes(path.read_bytes()[:5000])

    assert refused(open_database(path)).text.name == "database.corrupt"


@pytest.mark.parametrize("home", ["no folder/memory.sqlite3", "."])
def test_a_place_that_cannot_be_opened_is_told(tmp_path, home):
    error = refused(open_database(tmp_path / home))

    assert error.text.name == "database.cannot_open"
    assert error.text.values["where"] == str(tmp_path / home)


def test_a_database_without_the_right_to_write_is_told(tmp_path):
    path = tmp_path / "memory.sqlite3"
    sqlite3.connect(path).close()
    path.touch()

    error = refused(open_database(f"sqlite:///file:{path}?mode=ro&uri=true"))

    assert error.text.name == "database.read_only"


def test_a_database_that_somebody_else_holds_is_told_as_passing(tmp_path):
    path = tmp_path / "memory.sqlite3"
    database = open_database(path, patience=0.1)
    database.inbox.questions()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(DatabaseError) as caught:
            database.inbox.store([], [a_question()])
    database.close()

    assert (caught.value.text.name, caught.value.retryable) == ("database.locked", True)


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    path = tmp_path / "memory.sqlite3"
    database = open_database(path)
    database.inbox.store([], [a_question()])
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert len(database.inbox.questions()) == 1
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such rights")
def test_a_new_file_is_not_readable_for_everybody(tmp_path):
    database = open_database(tmp_path / "memory.sqlite3")
    database.inbox.questions()
    database.close()

    assert (tmp_path / "memory.sqlite3").stat().st_mode & 0o007 == 0


def test_a_server_that_does_not_answer_is_told_without_the_password():
    port = free_ports(1)[0]
    url = f"postgresql://課長:tellnobody@127.0.0.1:{port}/fm?password=tellnobody2"

    error = refused(open_database(url))

    assert (error.text.name, error.retryable) == ("database.unreachable", True)
    assert error.text.values["where"] == f"127.0.0.1:{port}/fm"
    assert "tellnobody" not in repr(error) + repr(error.__cause__)


def test_a_wrong_password_and_an_unknown_database_are_told(postgresql):
    for url in (postgresql.loopback_url("postgres", "wrong"), postgresql.loopback_url("nosuch")):
        error = refused(open_database(url))

        assert error.text.name == "database.unreachable"
        assert "wrong" not in repr(error)


def test_the_right_password_opens_it(postgresql):
    database = open_database(postgresql.loopback_url("postgres"))

    assert database.inbox.questions() == []
    database.close()


def test_a_server_that_was_restarted_is_found_again(postgresql):
    database = open_database(postgresql.create_database("restarted"))
    database.inbox.store([], [a_question()])
    other = open_database(postgresql.url("postgres"))
    with other.store.writing() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'restarted'")
        )
    other.close()

    assert len(database.inbox.questions()) == 1
    database.close()


@pytest.mark.parametrize("url", ["", "佐久", "nosuch://server/db", "postgresql://host:port/x"])
def test_a_url_that_cannot_be_read_is_told(url):
    assert refused(open_database(url)).text.name == "database.bad_url"


def test_a_driver_that_is_not_installed_is_named():
    error = refused(open_database("postgresql+pg8000://server/fm"))

    assert (error.text.name, error.text.values["driver"]) == ("database.driver", "pg8000")


@pytest.mark.parametrize(
    "kind", [exc.SQLAlchemyError, exc.InvalidRequestError, exc.TimeoutError, exc.DataError]
)
def test_whatever_sqlalchemy_raises_becomes_ours(kind):
    made = (
        kind("SELECT", {"name": "髙橋"}, Exception("髙橋"))
        if issubclass(kind, exc.DBAPIError)
        else kind("髙橋")
    )

    with pytest.raises(DatabaseError) as caught, database_errors("here"):
        raise made

    assert caught.value.text.name == "database.failed"
    assert "髙橋" not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_refused_row_is_not_quoted(database):
    with pytest.raises(DatabaseError) as caught, database.store.writing() as connection:
        connection.execute(text("INSERT INTO members VALUES ('U1', '髙橋', NULL)"))

    assert "髙橋" not in repr(caught.value)
    assert caught.value.__suppress_context__
