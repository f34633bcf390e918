"""Whatever is wrong is told in clear lines with exit code 1, and nothing is left half-done."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cityhall_fm.sandbox import World, serving
from commands import cityhall_fm
from free_port import free_ports
from memories import sqlite_only


def _tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "sqlite3" not in path.name
    }


def _refused(show: Path, *arguments: object, lines: int = 2, **environment: str) -> str:
    """Run a command that must fail, leave everything as it was, and say so in that many lines."""
    before = _tree(show)
    run = cityhall_fm("--show", show, *arguments, **environment)
    assert (run.returncode, run.stdout) == (1, "")
    assert len(run.stderr.splitlines()) == lines, run.stderr
    assert "Traceback" not in run.stderr
    assert _tree(show) == before
    return run.stderr


def _episode(show: Path) -> Path:
    return next(show.glob("episodes/0001-*"))


@pytest.fixture
def collected(show, slack):
    run = cityhall_fm("--show", show, "collect", **slack)
    assert run.returncode == 0, run.stderr
    return show


def test_a_missing_recording(collected, slack):
    (_episode(collected) / "recording.opus").unlink()
    told = _refused(collected, "release", 1, lines=3, **slack)
    assert "There is no recording" in told


def test_a_recording_that_is_no_audio(collected, slack):
    (_episode(collected) / "recording.opus").write_bytes(b"this is not sound" * 999)
    assert "recording.opus" in _refused(collected, "release", 1, **slack)


def test_a_recording_that_breaks_off(collected, slack):
    whole = (_episode(collected) / "recording.opus").read_bytes()
    (_episode(collected) / "recording.opus").write_bytes(whole[: len(whole) // 2])
    assert "recording.opus" in _refused(collected, "master", 1, **slack)


def test_broken_front_matter(show):
    path = _episode(show) / "episode.md"
    path.write_text(path.read_text("utf-8").replace("number: 1", "number: 一"), "utf-8")
    told = _refused(show, "build", lines=3)
    assert "line 2" in told


def test_a_broken_manifest(show):
    path = show / "feeds" / "show.toml"
    path.write_text(path.read_text("utf-8").replace('language = "ja"', 'language = "日本語"'), "utf-8")
    assert "language" in _refused(show, "build", lines=3)


def test_an_unknown_question(collected):
    assert "q-00000000" in _refused(collected, "inbox", "show", "q-00000000")


def test_an_unknown_question_in_the_rundown(show, slack):
    assert "not in the inbox" in _refused(show, "release", 1, lines=4, **slack)


def test_an_unknown_episode(show):
    assert "episode 70" in _refused(show, "master", 70)


def test_a_wrong_token(show, slack):
    told = _refused(show, "collect", SLACK_BOT_TOKEN="xoxb-wrong", SLACK_API_URL=slack["SLACK_API_URL"])
    assert "xoxb-wrong" not in told


def test_no_token(show):
    assert "SLACK_BOT_TOKEN" in _refused(show, "collect")


def test_a_missing_scope(show):
    world = World.from_export(Path(__file__).parents[2] / "src/cityhall_fm/demo/workspace")
    world.install_app("xoxb-few", scopes={"channels:read", "users:read"})
    with serving(world) as sandbox:
        told = _refused(show, "collect", SLACK_BOT_TOKEN="xoxb-few", SLACK_API_URL=sandbox.api_url)
    assert "channels:history" in told


def test_a_slack_that_does_not_answer(show):
    url = f"http://127.0.0.1:{free_ports(1)[0]}/api/"
    _refused(show, "collect", SLACK_BOT_TOKEN="xoxb-x", SLACK_API_URL=url)


def test_a_channel_to_announce_in_that_is_not_there_is_told_before_anything_is_done(collected, slack):
    path = collected / "feeds" / "show.toml"
    path.write_text(
        path.read_text("utf-8").replace('announce_channel = "fm', 'announce_channel = "am'), "utf-8"
    )
    assert "amリモート市役所" in _refused(collected, "release", 1, **slack)


def test_an_unreachable_bucket_is_told_before_anything_is_done(collected, slack):
    path = collected / "feeds" / "show.toml"
    path.write_text(
        path.read_text("utf-8").replace('target = "feeds/site"', 'target = "s3://saku/fm"'), "utf-8"
    )
    bucket = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_ports(1)[0]}",
        "AWS_ACCESS_KEY_ID": "AKgeheim",
        "AWS_SECRET_ACCESS_KEY": "geheim",
    }
    assert "geheim" not in _refused(collected, "release", 1, **slack, **bucket)


def test_a_truncated_export(show, tmp_path):
    export = tmp_path / "export.zip"
    World.from_export(Path(__file__).parents[2] / "src/cityhall_fm/demo/workspace").write_export(export)
    export.write_bytes(export.read_bytes()[:-500])
    assert "export.zip" in _refused(show, "collect", "--export", export)


@sqlite_only
def test_a_database_of_something_else(show):
    (show / "feeds" / "memory.sqlite3").write_bytes(b"not a database" * 999)
    _refused(show, "inbox", "list")


def test_wrong_usage_is_exit_code_2(show):
    assert cityhall_fm("--show", show, "master", "three").returncode == 2
    assert cityhall_fm("--show", show, "episode", "add", 1, "q-1", "--at", "soon").returncode == 2
