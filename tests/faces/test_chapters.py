"""Chapters as a host brings them from an editor, and as they come out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import cityhall_fm

ENCLOSURE = {
    "key": "media/0001-0123456789ab.mp3",
    "length_bytes": 1_440_000,
    "media_type": "audio/mpeg",
    "sha256": "ab" * 32,
    "duration": "2:10",
    "programme_at": "0:03.5",
    "loudness": {"integrated": -16.0, "loudness_range": 5.0, "true_peak": -1.2},
    "recipe": "cd" * 32,
}
LABELS = "0.5\t0.5\tオープニング\n30.25\t41.0\t🚄\n61\t61\t\n999\t999\tせき\n"


@pytest.fixture
def episode(show: Path) -> Path:
    """The folder of episode 1, mastered and published."""
    folder = next(show.glob("episodes/0001-*"))
    (folder / "enclosure.json").write_text(json.dumps(ENCLOSURE), "utf-8")
    path = folder / "episode.md"
    written = path.read_text("utf-8").replace(
        "rundown:", "published_at: 2026-11-01T20:00:00+09:00\nrundown:", 1
    )
    path.write_text(written, "utf-8")
    return folder


def _chapters(show: Path, *arguments: object, code: int = 0):
    run = cityhall_fm("--show", show, "episode", "chapters", 1, *arguments)
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    return run


def _rundown(show: Path) -> list[dict]:
    return json.loads(cityhall_fm("--show", show, "episode", "show", 1, "--json").stdout)["rundown"]


def test_what_is_printed_as_json_is_what_goes_public(show, episode):
    path = episode / "episode.md"
    first = path.read_text("utf-8").index("  - title:")
    whole = path.read_text("utf-8")
    line = whole.index("\n", first) + 1
    given = "    url: https://example.jp/はじめに\n    image: https://example.jp/a.png\n"
    path.write_text(whole[:line] + given + whole[line:], "utf-8")
    printed = _chapters(show, "--format", "json").stdout
    assert cityhall_fm("--show", show, "build").returncode == 0
    assert printed == (show / "feeds/public/1/chapters.json").read_text("utf-8")
    document = json.loads(printed)["chapters"]
    assert (document[0]["url"], document[0]["img"]) == (
        "https://example.jp/はじめに",
        "https://example.jp/a.png",
    )
    assert document[1]["url"].endswith(f"/1/#t={int(document[1]['startTime'])}")


@pytest.mark.parametrize("form", ["json", "psc", "vtt", "mp4chaps", "audacity"])
def test_what_is_printed_is_brought_back_and_changes_nothing(show, episode, tmp_path, form):
    before = (episode / "episode.md").read_bytes()
    (tmp_path / "out").write_text(_chapters(show, "--format", form).stdout, "utf-8")
    run = _chapters(show, "--from", tmp_path / "out", "--finished")
    assert "stays as it was" in run.stdout
    assert (episode / "episode.md").read_bytes() == before


def test_labels_of_an_editor_come_into_the_rundown_and_what_changed_is_told(show, tmp_path):
    (tmp_path / "labels.txt").write_text(LABELS, "utf-8")
    before = _rundown(show)
    told = json.loads(_chapters(show, "--from", tmp_path / "labels.txt", "--json").stdout)
    after = _rundown(show)
    assert [segment["title"] for segment in after] == [segment["title"] for segment in before]
    assert after[0]["at"] == "0:00.5"
    assert {one["position"]: one["at"] for one in told["placed"] if one["changed"]} == {
        place: now["at"]
        for place, (old, now) in enumerate(zip(before, after, strict=True), 1)
        if old["at"] != now["at"]
    }
    assert told["placed"][0]["how"] == "title"
    again = _chapters(show, "--from", tmp_path / "labels.txt")
    assert "stays as it was" in again.stdout


def test_an_empty_rundown_is_filled_from_a_file(show, tmp_path):
    assert cityhall_fm("--show", show, "episode", "new", "髙橋さんの冬").returncode == 0
    (tmp_path / "chapters.txt").write_text("0:00 はじめに\n0:20.4 灯油 ☃️\n", "utf-8")
    run = cityhall_fm("--show", show, "episode", "chapters", 2, "--from", tmp_path / "chapters.txt")
    assert (run.returncode, run.stderr) == (0, "")
    assert "2 new" in run.stdout
    printed = cityhall_fm("--show", show, "episode", "chapters", 2)
    assert printed.stdout == "00:00:00 はじめに\n00:00:20 灯油 ☃️\n"
    assert "not mastered" in printed.stderr


def test_a_broken_file_is_told_with_its_line_and_changes_nothing(show, tmp_path):
    path = next(show.glob("episodes/0001-*")) / "episode.md"
    before = path.read_bytes()
    (tmp_path / "labels.txt").write_text("0.0\t0.0\tあ\n冬\n", "utf-8")
    run = _chapters(show, "--from", tmp_path / "labels.txt", code=1)
    assert run.stdout == ""
    assert "line 2" in run.stderr
    assert "labels.txt" in run.stderr
    assert path.read_bytes() == before


def test_what_cannot_be_done_is_told_in_two_lines(show, tmp_path):
    assert cityhall_fm("--show", show, "episode", "new", "冬").returncode == 0
    (tmp_path / "x.txt").write_text("0:00 はじめに\n", "utf-8")
    for arguments in (
        [1, "--from", tmp_path / "nothing.txt"],
        [1, "--from", tmp_path],
        [1, "--from", tmp_path / "x.txt", "--finished"],
        [2],
        [70],
    ):
        run = cityhall_fm("--show", show, "episode", "chapters", *arguments)
        assert (run.returncode, run.stdout) == (1, ""), arguments
        assert len(run.stderr.splitlines()) == 2, run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--finished"],
        ["--format", "json", "--json"],
        ["--format", "cue"],
        ["--from", "x", "--format", "text"],
    ],
)
def test_what_does_not_go_together_is_wrong_usage(show, arguments):
    _chapters(show, *arguments, code=2)
