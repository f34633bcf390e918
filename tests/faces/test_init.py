"""A city that has nothing yet: from an empty folder to its first release, without reading any manual."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from cityhall_fm.adapters.new_home import ShowFolder
from cityhall_fm.production.begin_show import Wishes, begin_show
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.scheduling import keep_dates
from cityhall_fm.sandbox import World, serving
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.errors import InputError, NotReadyError
from cityhall_fm.show.moving.lenient import derived_guid
from cityhall_fm.show.schedule import Date
from cityhall_fm.show.units import cron_line, systemd_unit
from cityhall_fm.texts import LANGUAGES, Catalogue
from cityhall_fm.wiring import Wired
from commands import QUIET, cityhall_fm

from torture.scene import _tone

FIRST = {"ja": "0001-first", "en": "0001-first", "fr": "0001-premier"}


def _begin(folder, **wishes):
    return begin_show(
        folder,
        Wishes(**wishes),
        home=ShowFolder(folder),
        artwork=b"PNG",
        say=Catalogue(wishes.get("language", "ja")),
        new_guid=lambda: Guid("772c1bc4-f6f1-4af8-a730-040090e95630"),
        python=sys.executable,
    )


def test_from_an_empty_folder_to_the_first_release_and_its_announcement(tmp_path):
    folder = tmp_path / "髙橋の町 📻"
    begun = cityhall_fm(
        "init", folder, "--title", "髙橋ラジオ😀", "--city", "髙橋町", "--language", "ja",
        "--email", "fm@takahashi.example", "--public-url", "https://fm.takahashi.example/",
    )  # fmt: skip
    assert (begun.returncode, begun.stderr) == (0, "")
    assert "Please note" not in begun.stdout
    missing = cityhall_fm("release", 1, "--without-slack", cwd=folder)
    assert missing.returncode == 1
    assert "recording" in missing.stderr
    _tone(folder / "episodes/0001-first/recording.wav", seconds=4)

    planned = cityhall_fm("release", 1, "--plan", cwd=folder)
    released = cityhall_fm("release", 1, "--without-slack", cwd=folder)

    assert (planned.returncode, planned.stderr) == (0, "")
    assert "master episode 1" in planned.stdout
    assert (released.returncode, released.stderr) == (0, "")
    assert "cityhall-fm announce 1" in released.stdout
    feed = (folder / "feeds/site/feed.xml").read_text("utf-8")
    assert "髙橋ラジオ😀" in feed
    assert derived_guid("https://fm.takahashi.example/feed.xml") in feed
    assert list((folder / "feeds/site/media").glob("0001-*.mp3"))
    world = World()
    bot = world.install_app("xoxb-sandbox")
    channel = world.add_channel("ラジオ", members=[bot.id])
    with serving(world) as sandbox:
        slack = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": sandbox.api_url}
        for told in ("announced\n", "announced before\n"):
            said = cityhall_fm("announce", 1, cwd=folder, **slack)
            assert (said.returncode, said.stderr) == (0, "")
            assert told in said.stdout
    assert len([message for message in world.messages(channel.id) if message.metadata]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_can_be_read_and_speaks_the_citys_language(tmp_path, language):
    samples = _begin(tmp_path / "番組", language=language, city='佐久 "😀" \\ #')

    settings = read_settings(tmp_path / "番組", {})
    assert (settings.show.city, settings.show.language) == ('佐久 "😀" \\ #', language)
    assert samples == ("title", "email", "public_url")
    [episode] = Wired(settings).shelf.episodes()
    assert [segment.at is None for segment in episode.rundown.segments] == [False]
    guide = (tmp_path / "番組" / "README.md").read_text("utf-8")
    assert {"ja": "最初の公開", "en": "first release", "fr": "première sortie"}[language] in guide
    assert FIRST[language] in guide
    assert (tmp_path / "番組" / "episodes" / FIRST[language] / "episode.md").exists()


def test_every_command_that_the_guide_tells_to_run_is_there(tmp_path, monkeypatch):
    from cityhall_fm.cli import commands  # noqa: PLC0415 - words its help when it is imported

    for language in LANGUAGES:
        guide = Catalogue(language)("start.readme", title="x")
        told = re.findall(r"`cityhall-fm ((?:[a-z-]+ ?)+)", guide)
        assert len(told) > 9
        for words in told:
            command = commands
            for word in words.split():
                if hasattr(command, "commands"):
                    assert word in command.commands, words
                    command = command.commands[word]
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(commands, ["init", "x", "--email", "not one"]).exit_code == 2
    assert CliRunner().invoke(commands, ["init", "x", "--target", "ftp://x"]).exit_code == 2
    assert CliRunner().invoke(commands, ["init", "x", "--public-url", "fm"]).exit_code == 2
    assert not (tmp_path / "x").exists()


def test_a_folder_that_holds_something_is_left_alone_and_a_fresh_clone_is_none(tmp_path):
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    _begin(tmp_path / "clone")
    before = set(tmp_path.rglob("*"))

    with pytest.raises(NotReadyError):
        _begin(tmp_path / "clone")
    with pytest.raises(InputError):
        _begin(tmp_path / "clone" / "README.md")

    assert set(tmp_path.rglob("*")) == before


def test_two_cities_without_an_address_are_two_shows(tmp_path):
    ids = []
    for name in ("one", "two"):
        assert cityhall_fm("init", tmp_path / name).returncode == 0
        ids.append(read_settings(tmp_path / name, {}).show.guid)
    assert len(set(ids)) == 2


FOLDER = "/srv/50% \"佐久\" $HOME `x` \\ 'y'"


def test_the_unit_is_one_that_systemd_takes(tmp_path):
    unit = tmp_path / "cityhall-fm.service"
    unit.write_text(systemd_unit(sys.executable, FOLDER), "utf-8")
    _verified(unit)


def _verified(unit):
    """Have systemd itself read a unit, where it is installed."""
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("systemd-analyze is not installed")
    run = subprocess.run(  # noqa: S603 - found above
        [program, "verify", "--man=no", "--generators=no", str(unit)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "manager" in run.stderr and "initialize" in run.stderr:
        pytest.skip("systemd-analyze has no manager to ask here")
    assert [line for line in run.stderr.splitlines() if "cityhall-fm" in line] == []
    assert run.returncode == 0, run.stderr


@pytest.fixture
def begun(tmp_path):
    """A show that was begun in a folder whose name means something to cron, the shell and systemd."""
    folder = tmp_path / "50% \"佐久\" $HOME `x` \\ 'y' 📻"
    assert cityhall_fm("init", folder).returncode == 0
    return folder


def _run(command, **environment):
    return subprocess.run(  # noqa: S603 - our own command
        command,
        cwd="/",
        env={**QUIET, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _as_cron_reads_it(line):
    return re.sub(r"(?<!\\)%.*", "", line.split(" ", 5)[5]).replace("\\%", "%")  # crontab(5)


def test_the_line_that_init_wrote_for_cron_runs_as_cron_runs_it(begun, tmp_path):
    [line] = (begun / "units" / "crontab").read_text("utf-8").splitlines()

    run = _run(["/bin/sh", "-c", _as_cron_reads_it(line)], HOME=str(tmp_path))

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (begun / "feeds" / "memory.sqlite3").exists()  # the dates of this very folder were looked at


def test_the_unit_that_init_wrote_starts_what_there_is(begun):
    unit = (begun / "units" / "cityhall-fm.service").read_text("utf-8")
    [started] = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(started)]  # systemd.syntax(7)

    assert words[:4] == [sys.executable, "-m", "cityhall_fm", "--show"]
    assert words[4] == str(begun)
    run = _run([*words, "--help"])  # whatever it does not know it refuses before it helps
    assert (run.returncode, run.stderr) == (0, "")
    assert _run([*words, "--nonsense", "--help"]).returncode == 2
    _verified(begun / "units" / "cityhall-fm.service")


def test_the_shell_gives_cron_the_folder_as_it_is_called():
    line = cron_line("/usr/bin/python3", FOLDER)
    assert line.split(" ", 5)[:5] == ["*/5", "*", "*", "*", "*"]
    words = shlex.split(_as_cron_reads_it(line))
    assert words[words.index("--show") + 1] == FOLDER


def test_the_line_for_cron_knows_the_database_that_several_machines_share(tmp_path):
    place = "postgresql+psycopg://髙橋:50%25@db/fm?connect_timeout=1&x=$1 📻"
    (tmp_path / ".config").mkdir()
    written = f"# 佐久\nCITYHALL_FM_DATABASE_URL='{place}'\n"
    (tmp_path / ".config" / "cityhall-fm.env").write_text(written, "utf-8")
    python = tmp_path / "50% python"
    python.write_text('#!/bin/sh\nprintf "%s" "$CITYHALL_FM_DATABASE_URL"\n', "utf-8")
    python.chmod(0o700)

    line = cron_line(str(python), FOLDER)

    assert _run(["/bin/sh", "-c", _as_cron_reads_it(line)], HOME=str(tmp_path)).stdout == place
    assert _run(["/bin/sh", "-c", _as_cron_reads_it(line)], HOME="/nowhere").stdout == ""


def test_cron_takes_only_what_comes_soon(tmp_path):
    _begin(tmp_path / "番組")
    companion = Wired(read_settings(tmp_path / "番組", {}))
    now = datetime(2100, 12, 1, 11, tzinfo=UTC)
    companion.dates.note(Date(EpisodeNumber(1), now + timedelta(hours=1)), at=now)

    def never(_):
        raise AssertionError

    keep_dates(
        companion,
        clock=lambda: now,
        sleep=never,
        progress=Silence(),
        told=never,
        out=never,
        within=timedelta(minutes=6),
    )
    companion._database.close()
    run = cityhall_fm("--show", tmp_path / "番組", "release", "--wait", "--within", 6)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
