"""A clone without audio and without memory builds the feed of what was published, the same every time."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import feedparser

from commands import cityhall_fm

REPOSITORY = Path(__file__).parents[2]


def _built(folder: Path) -> dict[str, str]:
    public = folder / "feeds" / "public"
    return {
        str(path.relative_to(public)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in public.rglob("*")
        if path.is_file()
    }


def test_the_feed_of_published_episodes_is_built_without_their_audio(tmp_path):
    for part in ("feeds", "episodes"):
        made = shutil.ignore_patterns("public", "site", "*sqlite*")
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=made)

    first = cityhall_fm("--show", tmp_path, "build", fresh=True)
    assert first.returncode == 0, first.stderr
    built = _built(tmp_path)
    assert not [key for key in built if key.endswith(".mp3")]
    parsed = feedparser.parse(str(tmp_path / "feeds/public/feed.xml"))
    assert [entry.itunes_episode for entry in parsed.entries] == ["2", "1"]

    shutil.rmtree(tmp_path / "feeds" / "public")
    assert cityhall_fm("--show", tmp_path, "build", fresh=True).returncode == 0
    assert _built(tmp_path) == built


def test_a_build_says_what_apps_would_mind_and_when_there_was_nothing_to_do(tmp_path):
    for part in ("feeds", "episodes"):
        made = shutil.ignore_patterns("public", "site", "*sqlite*")
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=made)
    for path in tmp_path.glob("episodes/000[12]*/enclosure.json"):
        written = path.read_text("utf-8").replace(".mp3", ".ogg").replace("audio/mpeg", "audio/ogg")
        path.write_text(written, "utf-8")
    first = cityhall_fm("--show", tmp_path, "build", fresh=True).stdout.splitlines()
    again = cityhall_fm("--show", tmp_path, "build", fresh=True).stdout.splitlines()
    assert "and 1 more enclosure: " in first[0]
    assert first[0] == again[0]
    assert "file(s) changed" in first[1]
    assert again[1].endswith("is up to date already.")
