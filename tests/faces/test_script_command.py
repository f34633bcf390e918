"""The reading script on the command line: to read, to print, and never among what listeners fetch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands import cityhall_fm

REPOSITORY = Path(__file__).parents[2]
SECRET = "ここだけの原稿です"


@pytest.fixture
def written(tmp_path) -> Path:
    """The example show, with words to read in its first episode."""
    for part in ("feeds", "episodes"):
        built = shutil.ignore_patterns("public", "site", "*sqlite*")
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=built)
    path = next(tmp_path.glob("episodes/0001-*")) / "episode.md"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("rundown:\n", f"rundown:\n  - {{title: 髙橋🍎, script: {SECRET}。}}\n", 1), "utf-8"
    )
    return tmp_path


def run(show: Path, *arguments: object) -> str:
    done = cityhall_fm("--show", show, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_script_is_read_as_text(written):
    told = run(written, "script", 1)
    assert f"1. 髙橋🍎 [読む時間 0:02]\n\n{SECRET}。" in told
    assert "(もりした ゆう)" in told


def test_a_script_is_printed_with_readings_across_or_down(written):
    page = run(written, "script", 1, "--format", "html")
    assert "<ruby>原稿<rp>(</rp><rt>げんこう</rt><rp>)</rp></ruby>" in page
    assert "size: A4;" in page
    assert '<html lang="ja">' in page
    down = run(written, "script", 1, "--format", "html", "--vertical")
    assert '<html lang="ja" class="vertical">' in down
    assert "size: A4 landscape;" in down
    assert "<script" not in page + down
    assert 'src="http' not in page + down


def test_an_episode_that_is_not_there_has_no_script(written):
    done = cityhall_fm("--show", written, "script", 9)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 2)


def test_nothing_of_it_is_ever_public(written):
    run(written, "build")
    files = [path for path in (written / "feeds" / "public").rglob("*") if path.is_file()]
    assert any("髙橋🍎".encode() in path.read_bytes() for path in files)
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
