"""Two processes never act on one episode at once; on two they do, and take turns with what is shared."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.database.locks import StoredTurn
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError
from commands import QUIET

THREE, FOUR = EpisodeNumber(3), EpisodeNumber(4)
HOLDER = """
import sys
from pathlib import Path
from cityhall_fm.adapters.database import open_database
kind, home, what = sys.argv[1:]
database = open_database(Path(home) if kind == "path" else home)
with database.turn.alone(int(what) if what else None):
    print("held", flush=True)
    sys.stdin.readline()
database.close()
"""


@contextmanager
def _somebody_else_at(home, what):
    """Hold an episode, or what is shared (None), in another process until told to let go."""
    kind = "path" if isinstance(home, Path) else "url"
    given = [sys.executable, "-c", HOLDER, kind, str(home), "" if what is None else str(what)]
    holder = subprocess.Popen(given, env=QUIET, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own code
    try:
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


@pytest.fixture
def turn(database):
    return StoredTurn(database.store, patience=0.3)


def test_an_episode_that_another_process_is_at_is_refused_and_others_are_free(home, turn):
    with _somebody_else_at(home, THREE) as holder:
        with pytest.raises(ConflictError) as caught, turn.alone(THREE):
            pass
        assert (caught.value.text.name, caught.value.text.values["number"]) == ("release.busy_episode", 3)
        with turn.alone(FOUR), turn.alone():
            pass
        holder.kill()
        holder.wait(10)
        with _patiently(turn, THREE):
            pass


@contextmanager
def _patiently(turn, episode):
    """Take an episode as soon as the server has noticed that its holder died."""
    for _ in range(50):
        try:
            with turn.alone(episode):
                yield
                return
        except ConflictError:
            time.sleep(0.1)
    raise AssertionError("a dead process holds it still")


def test_what_is_shared_is_waited_for(home, database, turn):
    with _somebody_else_at(home, None) as holder:
        with pytest.raises(ConflictError) as caught, turn.alone(), turn.alone():
            pass
        assert caught.value.text.name == "release.busy"
        with turn.alone(THREE):
            pass
        threading.Timer(0.3, lambda: print(file=holder.stdin, flush=True)).start()
        with StoredTurn(database.store, patience=20).alone():
            assert holder.wait(10) == 0


def test_within_it_again_costs_nothing_and_what_is_shared_comes_after(turn):
    with turn.alone(THREE), turn.alone(THREE), turn.alone(), turn.alone(), turn.alone(THREE):
        pass
    with turn.alone(THREE):
        pass


def test_threads_of_one_process_keep_each_other_out(turn):
    refused = []

    def other():
        try:
            with turn.alone(THREE):
                pass
        except ConflictError as error:
            refused.append(error.text.name)

    with turn.alone(THREE):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert refused == ["release.busy_episode"]


def test_one_process_of_a_machine_keeps_the_dates_and_episodes_are_free(home):
    one, other = open_database(home), open_database(home)
    try:
        with one.turn.keeping_dates() as mine, other.turn.keeping_dates() as too, other.turn.alone(THREE):
            assert (mine, too) == (True, False)
        with other.turn.keeping_dates() as mine:
            assert mine
    finally:
        one.close()
        other.close()


def test_whoever_is_alone_still_hears_so(turn):
    turn.still_alone()
    with turn.alone(THREE), turn.alone():
        turn.still_alone()
    turn.still_alone()


def test_a_lock_that_went_with_its_connection_is_noticed_and_ends_nothing_that_was_done(postgresql):
    url = postgresql.create_database("locks_lost")
    one, other = open_database(url), open_database(url)
    try:
        with one.turn.alone(THREE):
            one.turn.still_alone()
            with other.store.writing() as connection:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
                )
            with _patiently(other.turn, THREE):
                for _ in range(2):
                    with pytest.raises(ConflictError) as caught:
                        one.turn.still_alone()
                    assert caught.value.text.name == "release.turn_lost"
                with other.turn.alone():
                    other.turn.still_alone()
        with one.turn.alone(THREE), one.turn.alone():
            one.turn.still_alone()
    finally:
        one.close()
        other.close()


def test_two_connections_in_one_process_keep_each_other_out(home):
    one, other = open_database(home), open_database(home)
    try:
        with one.turn.alone(THREE), pytest.raises(ConflictError), other.turn.alone(THREE):
            pass
        with other.turn.alone(THREE):
            pass
    finally:
        one.close()
        other.close()
