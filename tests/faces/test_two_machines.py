"""Several people and machines make one show: each episode once, none lost, whoever is quicker."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import text

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import release
from cityhall_fm.sandbox.faults import RateLimited
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError
from cityhall_fm.wiring import Wired
from commands import cityhall_fm, start_cityhall_fm
from faces.conftest import TOKEN
from memories import sqlite_only

from torture.scene import collect_questions, lay_out

_numbers = count(1)
ONE = EpisodeNumber(1)
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def shared(tmp_path, slack, request):
    """A show folder whose memory is in PostgreSQL, and what the environment says of it."""
    url = request.getfixturevalue("postgresql").create_database(f"machines_{next(_numbers)}")
    return _lay_out(tmp_path, {**slack, "CITYHALL_FM_DATABASE_URL": url})


@pytest.fixture(params=[pytest.param("sqlite", marks=sqlite_only), "postgresql"])
def either(tmp_path, slack, request):
    """The same with its memory in either database."""
    if request.param == "postgresql":
        return request.getfixturevalue("shared")
    return _lay_out(tmp_path, slack)


def _lay_out(tmp_path, environment):
    folder = tmp_path / "佐久の番組"
    lay_out(folder, str(tmp_path / "site"), numbers=(1, 2))
    collect_questions(Wired(read_settings(folder, environment)))
    return folder, environment


def _another_machine(folder):
    """Clone the folder as git would: without what is built."""
    other = folder.with_name("髙橋の機械")
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("public", "memory.sqlite3*"))
    return other


def _start(folder, environment, *arguments):
    return start_cityhall_fm("--show", folder, *arguments, **environment)


def _ended(processes):
    told = [process.communicate(timeout=110) for process in processes]
    return [(process.returncode, *said) for process, said in zip(processes, told, strict=True)]


def _keys(sandbox):
    return sorted(
        message.metadata["event_payload"]["key"]
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    )


def test_two_episodes_are_released_side_by_side(either, sandbox, tmp_path):
    folder, environment = either
    ended = _ended([_start(folder, environment, "release", number) for number in (1, 2)])

    assert [code for code, _, _ in ended] == [0, 0], ended
    feed = (tmp_path / "site/feed.xml").read_text("utf-8")
    assert feed.count("<item>") == 2
    keys = _keys(sandbox)
    assert len(keys) == len(set(keys))
    assert len([key for key in keys if key.startswith("announcement/")]) == 2
    again = cityhall_fm("--show", folder, "publish", "--plan", **environment)
    assert again.stdout.startswith("0 to send")


def test_one_episode_from_two_machines_goes_out_once(shared, sandbox, tmp_path):
    folder, environment = shared
    other = _another_machine(folder)
    ended = _ended([_start(each, environment, "release", 1) for each in (folder, other)])

    codes = [code for code, _, _ in ended]
    assert 0 in codes, ended
    for code, _, errors in ended:
        assert code == 0 or "is at work on episode 1" in errors
    keys = _keys(sandbox)
    assert len(keys) == len(set(keys)) == 3
    assert (tmp_path / "site/feed.xml").read_text("utf-8").count("<item>") == 1


def test_a_machine_that_does_not_know_an_episode_takes_it_out_of_nobodys_app(shared, sandbox, tmp_path):
    folder, environment = shared
    other = _another_machine(folder)
    assert cityhall_fm("--show", folder, "release", 1, **environment).returncode == 0
    before = (tmp_path / "site/feed.xml").read_bytes()

    refused = cityhall_fm("--show", other, "release", 2, **environment)

    assert refused.returncode == 1
    assert "would vanish" in refused.stderr
    assert "removed: " in refused.stderr
    assert (tmp_path / "site/feed.xml").read_bytes() == before
    assert len(_keys(sandbox)) == 3
    [known] = (folder / "episodes").glob("0001-*")
    shutil.copytree(known, other / "episodes" / known.name, dirs_exist_ok=True)
    assert cityhall_fm("--show", other, "release", 2, **environment).returncode == 0
    assert (tmp_path / "site/feed.xml").read_text("utf-8").count("<item>") == 2
    keys = _keys(sandbox)
    assert len(keys) == len(set(keys))
    said = cityhall_fm("--show", other, "announce", 1, **environment)
    assert "announced before" in said.stdout
    assert _keys(sandbox) == keys


def _lose_all_locks(companion):
    with companion._database.store.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))


def test_a_release_that_lost_its_turn_stops_before_the_feed_and_before_each_message(
    shared, sandbox, tmp_path
):
    folder, environment = shared
    companion, other = (Wired(read_settings(folder, environment)) for _ in range(2))
    try:
        with pytest.raises(ConflictError) as caught:
            release(ONE, companion, now=NOW, progress=Silence(), hold=lambda: _lose_all_locks(other))
        assert caught.value.text.name == "release.turn_lost"
        assert not (tmp_path / "site/feed.xml").exists()

        class Workspace:
            def __getattr__(self, name):
                return getattr(Wired.workspace.func(companion), name)

            def post(self, post, **more):
                posted = Wired.workspace.func(companion).post(post, **more)
                _lose_all_locks(other)
                return posted

        companion.workspace = Workspace()
        with pytest.raises(ConflictError):
            release(ONE, companion, now=NOW, progress=Silence())
        assert len(_keys(sandbox)) == 1
        release(ONE, other, now=NOW, progress=Silence())
        assert len(_keys(sandbox)) == len(set(_keys(sandbox))) == 3
    finally:
        companion.close()
        other.close()


def test_a_turn_that_is_lost_while_slack_asks_to_wait_posts_nothing_twice(shared, sandbox):
    folder, environment = shared
    companion, other = (Wired(read_settings(folder, environment)) for _ in range(2))
    sandbox.faults.add("chat.postMessage", RateLimited(30), times=1)

    def nap(seconds):
        assert seconds == 30
        _lose_all_locks(other)
        release(ONE, other, now=NOW, progress=Silence())

    companion.workspace = SlackWorkspace(TOKEN, sandbox.api_url, sleep=nap)
    try:
        with pytest.raises(ConflictError) as caught:
            release(ONE, companion, now=NOW, progress=Silence())
        assert caught.value.text.name == "release.turn_lost"
        assert len(_keys(sandbox)) == len(set(_keys(sandbox))) == 3
        assert not release(ONE, companion, now=NOW, progress=Silence()).announced
    finally:
        companion.close()
        other.close()


def test_nobody_masters_an_episode_or_builds_while_another_machine_is_at_it(either):
    folder, environment = either
    companion = Wired(read_settings(folder, environment))
    with companion.turn.alone(ONE), companion.turn.alone():
        refused = cityhall_fm("--show", folder, "master", 1, **environment)
        building = _start(folder, environment, "build")
        with pytest.raises(subprocess.TimeoutExpired):
            building.wait(3)
    companion.close()
    assert refused.returncode == 1
    assert "is at work on episode 1" in refused.stderr
    assert _ended([building])[0][0] == 0


def test_taken_out_on_purpose_an_episode_leaves(shared, tmp_path):
    folder, environment = shared
    for number in (1, 2):
        assert cityhall_fm("--show", folder, "release", number, **environment).returncode == 0
    shutil.rmtree(next((folder / "episodes").glob("0001-*")))
    assert cityhall_fm("--show", folder, "build", **environment).returncode == 0
    refused = cityhall_fm("--show", folder, "publish", **environment)
    assert refused.returncode == 1
    assert cityhall_fm("--show", folder, "publish", "--adopt", **environment).returncode == 0
    assert (tmp_path / "site/feed.xml").read_text("utf-8").count("<item>") == 1


def test_a_date_that_one_machine_noted_is_kept_by_another_with_the_same_folder(shared, sandbox, tmp_path):
    folder, environment = shared
    prepared = cityhall_fm("--show", folder, "release", 2, "--at", "2099-12-01T20:00+09:00", **environment)
    assert prepared.returncode == 0, prepared.stderr
    other = _another_machine(folder)
    cancelled = cityhall_fm("--show", other, "release", 2, "--cancel", **environment)
    assert (cancelled.returncode, cancelled.stderr) == (0, "")
    waited = cityhall_fm("--show", folder, "release", "--wait", **environment)
    assert (waited.returncode, waited.stdout) == (0, "")
    assert not (tmp_path / "site/feed.xml").exists() or "<item>" not in (
        tmp_path / "site/feed.xml"
    ).read_text("utf-8")
    assert _keys(sandbox) == []
