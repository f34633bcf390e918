"""A backup brought back onto an empty machine makes the same feed, and remembers the same."""

from __future__ import annotations

import errno
import json
import re
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from cityhall_fm.adapters.database import open_database, tables
from cityhall_fm.cli import commands
from cityhall_fm.cli.console import Console
from cityhall_fm.production.back_up import back_up, restore
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import release
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError, InputError, NotReadyError
from cityhall_fm.show.schedule import Date
from cityhall_fm.wiring import Wired, memory_of
from commands import QUIET, cityhall_fm
from memories import names_its_own

from torture.scene import collect_questions, lay_out

pytestmark = names_its_own

_numbers = count(1)
ONE = EpisodeNumber(1)
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def released(tmp_path, slack):
    folder = tmp_path / "番組"
    lay_out(folder, str(tmp_path / "site"), numbers=(1,))
    collect_questions(Wired(read_settings(folder, slack)))
    companion = Wired(read_settings(folder, slack))
    release(ONE, companion, now=NOW, progress=Silence())
    companion.dates.note(Date(EpisodeNumber(2), NOW + timedelta(days=14)), at=NOW)
    companion._database.close()
    return folder


def _remembered(database):
    with database.store.reading() as connection:
        rows = [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in (tables.dates, tables.feeds, tables.live_feeds, tables.endpoints)
        ]
    return (
        rows,
        [(question, question.consent) for question in database.inbox.questions()],
        database.ledger.steps(ONE),
        [(each, database.outbox.said_before(each.key)) for each in database.outbox.deliveries(ONE)],
        [database.ledger.posted(each.of) for each in database.outbox.deliveries(ONE)],
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_same_feed_and_the_same_memory_on_an_empty_machine(released, tmp_path, slack, kind, request):
    file = tmp_path / "控え.zip"
    saved = cityhall_fm("--show", released, "backup", file, **slack)
    assert (saved.returncode, saved.stderr) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "recording" in name or "public" in name]
    other, more = tmp_path / "別の機械", {}
    if kind == "postgresql":
        more["CITYHALL_FM_DATABASE_URL"] = request.getfixturevalue("postgresql").create_database("restored")

    brought = cityhall_fm("--show", other, "restore", file, **slack, **more)
    assert (brought.returncode, brought.stderr) == (0, "")
    assert cityhall_fm("--show", other, "build", **slack, **more).returncode == 0

    feed = released / "feeds/public/feed.xml"
    assert (other / "feeds/public/feed.xml").read_bytes() == feed.read_bytes()
    home = more.get("CITYHALL_FM_DATABASE_URL") or other / "feeds/memory.sqlite3"
    databases = open_database(released / "feeds/memory.sqlite3"), open_database(home)
    before, after = map(_remembered, databases)
    for database in databases:
        database.close()
    assert after == before
    assert len(after[1]) > 2
    assert all(after[0])


@pytest.fixture
def bucket(s3):
    """An empty bucket of this test's own, and what boto3 reads of it."""
    name = f"backup-{next(_numbers)}"
    with s3.stranger() as client:
        client.create_bucket(Bucket=name)
        yield name, client, s3.environment()


def test_a_backup_in_a_private_bucket_makes_the_same_show_elsewhere(released, tmp_path, slack, bucket):
    name, client, environment = bucket
    more = {**slack, **environment}
    saved = cityhall_fm("--show", released, "backup", f"s3://{name}/safe", **more)
    assert (saved.returncode, saved.stderr) == (0, "")
    [kept] = client.list_objects_v2(Bucket=name)["Contents"]
    assert f"s3://{name}/{kept['Key']}" in saved.stdout
    assert "could not be found out" not in saved.stdout
    assert client.head_object(Bucket=name, Key=kept["Key"])["CacheControl"] == "private, no-store"

    for number, source in enumerate((f"s3://{name}/safe", f"s3://{name}/{kept['Key']}")):
        other = tmp_path / f"別の機械{number}"
        brought = cityhall_fm("--show", other, "restore", source, **more)
        assert (brought.returncode, brought.stderr) == (0, "")
        assert cityhall_fm("--show", other, "build", **more).returncode == 0
        feed = released / "feeds/public/feed.xml"
        assert (other / "feeds/public/feed.xml").read_bytes() == feed.read_bytes()
        databases = [open_database(folder / "feeds/memory.sqlite3") for folder in (released, other)]
        before, after = map(_remembered, databases)
        for database in databases:
            database.close()
        assert after == before
    none = cityhall_fm("--show", tmp_path / "x", "restore", f"s3://{name}/elsewhere", **more)
    assert (none.returncode, len(none.stderr.splitlines())) == (1, 2)
    assert not (tmp_path / "x").exists()


def test_no_backup_goes_where_listeners_or_strangers_could_read_it(released, slack, bucket):
    name, client, environment = bucket
    more = {**slack, **environment}
    settings = released / "feeds/show.toml"
    published = re.sub(r'(?m)^target = ".*"', f'target = "s3://{name}/fm"', settings.read_text("utf-8"))
    settings.write_text(published, "utf-8")
    for place in ("fm", "fm/private/"):
        refused = cityhall_fm("--show", released, "backup", f"s3://{name}/{place}", **more)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 2)
        assert "where the show is published" in refused.stderr
    readable = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{name}/*",
            }
        ],
    }
    client.put_bucket_policy(Bucket=name, Policy=json.dumps(readable))

    refused = cityhall_fm("--show", released, "backup", f"s3://{name}/safe", **more)

    assert refused.returncode == 1
    assert "Anybody can read" in refused.stderr
    assert client.list_objects_v2(Bucket=name)["KeyCount"] == 0


def _restore(folder, source, **environment):
    return restore(folder, memory=lambda at: memory_of(at, environment), source=source)


def test_nothing_is_restored_over_a_show_or_a_memory(released, tmp_path):
    file = tmp_path / "backup.zip"
    filled = tmp_path / "filled.sqlite3"
    database = open_database(released / "feeds/memory.sqlite3")
    back_up(released, memory=database.memory, to=file)
    database.memory.save(filled)
    database.close()

    with pytest.raises(NotReadyError, match="folder_not_empty"):
        _restore(released, file)
    with pytest.raises(NotReadyError, match="memory_not_empty"):
        _restore(tmp_path / "elsewhere/番組", file, CITYHALL_FM_DATABASE_URL=f"sqlite:///{filled}")
    assert not (tmp_path / "elsewhere").exists()


def test_a_restore_that_breaks_off_leaves_nothing_and_is_done_again(released, tmp_path, monkeypatch):
    file, other = tmp_path / "backup.zip", tmp_path / "別の機械"
    database = open_database(released / "feeds/memory.sqlite3")
    back_up(released, memory=database.memory, to=file)
    database.close()
    (other / "feeds").mkdir(parents=True)
    (other / "feeds/erased.txt").write_text("", "utf-8")
    real, files = Path.replace, iter(range(3))

    def full(path, target):
        if next(files, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(InputError, match="unwritable"):
            _restore(other, file)
    left = [path.name for path in other.rglob("*") if path.is_file()]
    assert left in ([], ["erased.txt"])

    _restore(other, file)
    assert (other / "feeds/show.toml").read_bytes() == (released / "feeds/show.toml").read_bytes()
    assert (other / "feeds/memory.sqlite3").exists()
    assert not list(other.glob(".restore-*"))


@pytest.fixture(params=["sqlite", "postgresql"])
def remembers_in(request):
    """What the new machine's environment says about its memory."""
    if request.param == "sqlite":
        return {}
    server = request.getfixturevalue("postgresql")
    return {"CITYHALL_FM_DATABASE_URL": server.create_database(f"broken_off_{next(_numbers)}")}


def _backup_of(released, file):
    database = open_database(released / "feeds/memory.sqlite3")
    back_up(released, memory=database.memory, to=file)
    database.close()
    return file


def _is_the_same_show(other, released, environment):
    assert (other / "feeds/show.toml").read_bytes() == (released / "feeds/show.toml").read_bytes()
    home = environment.get("CITYHALL_FM_DATABASE_URL") or other / "feeds/memory.sqlite3"
    databases = open_database(released / "feeds/memory.sqlite3"), open_database(home)
    before, after = map(_remembered, databases)
    for database in databases:
        database.close()
    assert after == before
    assert not [path for path in other.iterdir() if path.name.startswith(".resto")]


def test_where_moving_in_fails_no_memory_is_filled_either(released, tmp_path, monkeypatch, remembers_in):
    file, other = _backup_of(released, tmp_path / "控え.zip"), tmp_path / "別の機械"
    real = Path.replace

    def full(path, target):
        if path.name == "episode.md":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(InputError, match="unwritable"):
            _restore(other, file, **remembers_in)
    assert not other.exists()

    _restore(other, file, **remembers_in)
    _is_the_same_show(other, released, remembers_in)


_KILLED = """
import os, signal, sys
from pathlib import Path

from cityhall_fm.cli import main

real, name = Path.replace, sys.argv.pop(1)

def replace(path, target):
    if path.name == name:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(path, target)

Path.replace = replace
main()
"""
"""A process that is killed right before a file is moved in."""


@pytest.mark.parametrize("at", ["episode.md", "show.toml"])
def test_killed_while_moving_in_it_is_restored_by_doing_it_again(released, tmp_path, remembers_in, at):
    file, other = _backup_of(released, tmp_path / "控え.zip"), tmp_path / "別の機械"
    restore = [sys.executable, "-c", _KILLED, at, "--show", other, "restore", file]
    ended = subprocess.run(restore, check=False, env=QUIET | remembers_in, timeout=60)  # noqa: S603 - ours
    assert ended.returncode == -signal.SIGKILL
    assert list(other.glob(".restore-*"))
    assert not (other / "feeds/show.toml").exists()

    _restore(other, file, **remembers_in)
    _is_the_same_show(other, released, remembers_in)
    with pytest.raises(NotReadyError, match="folder_not_empty"):
        _restore(other, file, **remembers_in)


def test_of_two_restores_at_once_the_second_is_told_and_the_first_is_whole(released, tmp_path, monkeypatch):
    file, other = _backup_of(released, tmp_path / "控え.zip"), tmp_path / "別の機械"
    real, told = Path.replace, []

    def replace(path, target):
        if path.name == "show.toml":
            with pytest.raises(ConflictError, match=r"backup\.restoring") as caught:
                _restore(other, file)
            told.append(caught.value)
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace)
        _restore(other, file)

    assert len(told) == 1
    _is_the_same_show(other, released, {})


def test_what_somebody_wrote_after_a_kill_is_not_cleared_away(released, tmp_path, monkeypatch):
    file, other = _backup_of(released, tmp_path / "控え.zip"), tmp_path / "別の機械"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            _restore(other, file)  # all is there, and the note too
    written = other / "episodes/0001-新しい.md"
    written.write_text("髙橋さん🎙", "utf-8")

    with pytest.raises(NotReadyError, match="folder_not_empty"):
        _restore(other, file)
    assert written.exists()
    _is_the_same_show(other, released, {})


def _interrupted(path, **_):
    if path.name == ".restoring":
        raise KeyboardInterrupt


def test_a_folder_keeps_backups_by_their_dates_and_the_newest_comes_back(released, tmp_path, slack):
    safe = tmp_path / "金庫"
    safe.mkdir()
    none = cityhall_fm("--show", tmp_path / "x", "restore", safe, **slack)
    assert (none.returncode, len(none.stderr.splitlines())) == (1, 2)
    saved = cityhall_fm("--show", released, "backup", safe, **slack)
    assert (saved.returncode, saved.stderr) == (0, "")
    [kept] = safe.iterdir()
    assert str(kept) in saved.stdout
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (safe / "cityhall-fm-20010101T000000Z.zip").write_bytes(b"older, and no backup")

    brought = cityhall_fm("--show", tmp_path / "x", "restore", safe, **slack)

    assert (brought.returncode, brought.stderr) == (0, "")
    assert (tmp_path / "x/feeds/show.toml").exists()
    for public in (tmp_path / "site", released / "feeds/public", tmp_path / "site/控え.zip"):
        refused = cityhall_fm("--show", released, "backup", public, **slack)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 2)
    assert not list((tmp_path / "site").glob("*.zip"))


def test_from_postgresql_back_into_a_file(released, tmp_path, slack, postgresql):
    first, second = tmp_path / "一.zip", tmp_path / "二.zip"
    there = {"CITYHALL_FM_DATABASE_URL": postgresql.create_database("there_and_back")}
    steps = [
        (released, "backup", first, {}),
        (tmp_path / "a", "restore", first, there),
        (tmp_path / "a", "backup", second, there),
        (tmp_path / "b", "restore", second, {}),
    ]
    for folder, command, file, more in steps:
        done = cityhall_fm("--show", folder, command, file, **slack, **more)
        assert (done.returncode, done.stderr) == (0, "")

    databases = [open_database(each / "feeds/memory.sqlite3") for each in (released, tmp_path / "b")]
    before, after = map(_remembered, databases)
    for database in databases:
        database.close()
    assert after == before


def test_a_restored_machine_has_nothing_to_send(released, tmp_path, slack, bucket):
    name, client, environment = bucket
    more = {**slack, **environment}
    settings = released / "feeds/show.toml"
    published = re.sub(r'(?m)^target = ".*"', f'target = "s3://{name}/fm"', settings.read_text("utf-8"))
    settings.write_text(published, "utf-8")
    for command in ("build", "publish", "publish"):
        assert cityhall_fm("--show", released, command, **more).returncode == 0
    assert (released / "feeds/.published.json").exists()
    before = client.list_objects_v2(Bucket=name)["Contents"]
    assert cityhall_fm("--show", released, "backup", tmp_path / "控え.zip", **more).returncode == 0
    other = tmp_path / "別の機械"
    assert cityhall_fm("--show", other, "restore", tmp_path / "控え.zip", **more).returncode == 0
    assert not (other / "feeds/.published.json").exists()

    assert cityhall_fm("--show", other, "build", **more).returncode == 0
    again = cityhall_fm("--show", other, "publish", **more)

    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("0 to send")
    after = client.list_objects_v2(Bucket=name)["Contents"]
    assert [(each["Key"], each["LastModified"]) for each in after] == [
        (each["Key"], each["LastModified"]) for each in before
    ]


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "feeds/../../outside", "src/x"])
def test_a_file_that_is_no_backup_of_ours_is_refused(tmp_path, name):
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("memory.sqlite3", b"")
        archive.writestr(name, b"x")
    for source in (file, tmp_path / "torn.zip"):
        shutil.copy(file, source) if source != file else None
        source.write_bytes(source.read_bytes() if source == file else file.read_bytes()[:40])
        with pytest.raises(InputError):
            _restore(tmp_path / "show", source)
    assert not (tmp_path / "show").exists()


def test_the_unit_names_the_folder_and_no_secret(released, slack):
    unit = cityhall_fm("--show", released, "units", **slack)
    assert "ExecStart=" in unit.stdout
    assert '" serve\n' in unit.stdout
    assert slack["SLACK_BOT_TOKEN"] not in unit.stdout
    assert cityhall_fm("--show", released, "units", "--cron", **slack).stdout.startswith("*/5 ")


@pytest.fixture
def run(slack):
    """Run a command that succeeds; gives what it said."""

    def command(folder, *arguments):
        done = cityhall_fm("--show", folder, *arguments, **slack)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return command


@pytest.fixture
def kept(show, run, tmp_path):
    """What was kept about somebody, who is in the backup and was erased since."""
    run(show, "collect")
    kept = json.loads(run(show, "privacy", "show", "ゆきんこ", "--json"))
    run(show, "backup", tmp_path / "控え.zip")
    assert "erased.txt" in run(show, "privacy", "erase", "ゆきんこ", "--yes")
    return kept


def test_whom_the_show_erased_does_not_come_back_with_an_old_backup(show, run, kept, tmp_path):
    marks = (show / "feeds" / "erased.txt").read_text("utf-8")
    assert (kept["person"] in marks, len(marks.splitlines())) == (False, 1)
    folder = tmp_path / "新しい家"
    (folder / "feeds").mkdir(parents=True)
    (folder / "feeds" / "erased.txt").write_text(marks, "utf-8")
    assert "removed again" in run(folder, "restore", tmp_path / "控え.zip")
    nobody = cityhall_fm("--show", folder, "privacy", "show", kept["person"])
    assert (nobody.returncode, "Nothing is kept" in nobody.stderr) == (1, True)
    assert (folder / "feeds" / "erased.txt").read_text("utf-8") == marks
    run(folder, "collect")
    assert kept["questions"][0]["words"] not in run(folder, "inbox", "list", "--json")


def test_killed_right_after_the_show_is_in_place_nobody_who_was_erased_is_back(
    show, slack, kept, tmp_path, monkeypatch
):
    folder = tmp_path / "新しい家"
    (folder / "feeds").mkdir(parents=True)
    shutil.copy(show / "feeds" / "erased.txt", folder / "feeds")
    for name, value in slack.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Console, "tell", _killed)

    with pytest.raises(SystemExit, match="killed"):
        commands(["--show", str(folder), "restore", str(tmp_path / "控え.zip")])

    assert (folder / "feeds/show.toml").exists()
    nobody = cityhall_fm("--show", folder, "privacy", "show", kept["person"], **slack)
    assert (nobody.returncode, "Nothing is kept" in nobody.stderr) == (1, True)


def _killed(*_, **__):
    raise SystemExit("killed")
