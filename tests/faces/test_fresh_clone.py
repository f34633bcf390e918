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

    first = cityhall_fm("--show", tmp_path, "build")
    assert first.returncode == 0, first.stderr
    built = _built(tmp_path)
    assert not [key for key in built if key.endswith(".mp3")]
    parsed = feedparser.parse(str(tmp_path / "feeds/public/feed.xml"))
    assert [entry.itunes_episode for entry in parsed.entries] == ["2", "1"]

    shutil.rmtree(tmp_path / "feeds" / "public")
    assert cityhall_fm("--show", tmp_path, "build").returncode == 0
    assert _built(tmp_path) == built
