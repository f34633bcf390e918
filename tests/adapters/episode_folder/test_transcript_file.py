"""`transcript.vtt` beside `episode.md`: what is kept is read back, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import UnknownError

from builders import an_episode
from fakes.shelf import FakeShelf

SEVEN = EpisodeNumber(7)
WEBVTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v 髙橋>佐久📻\n"


@pytest.fixture(params=["memory", "folder"])
def shelf(request, tmp_path: Path):
    if request.param == "memory":
        return FakeShelf(an_episode())
    path = tmp_path / "0007-冬" / "episode.md"
    path.parent.mkdir()
    path.write_text("---\nnumber: 7\ntitle: 冬支度\nguid: g\n---\n", "utf-8")
    return EpisodeFolder(tmp_path)


def test_a_transcript_that_is_kept_is_the_episodes(shelf):
    assert shelf.episode(SEVEN).transcript is None
    shelf.keep_transcript(SEVEN, "WEBVTT\n")
    shelf.keep_transcript(SEVEN, WEBVTT)
    assert shelf.episode(SEVEN).transcript == WEBVTT


def test_there_is_no_transcript_of_an_episode_that_is_not_there(shelf):
    with pytest.raises(UnknownError):
        shelf.keep_transcript(EpisodeNumber(9), WEBVTT)


def test_nothing_else_stays_in_the_folder(tmp_path):
    path = tmp_path / "0007-冬" / "episode.md"
    path.parent.mkdir()
    path.write_text("---\nnumber: 7\ntitle: 冬支度\nguid: g\n---\n", "utf-8")
    EpisodeFolder(tmp_path).keep_transcript(SEVEN, WEBVTT)
    assert sorted(one.name for one in path.parent.iterdir()) == ["episode.md", "transcript.vtt"]
    assert (path.parent / "transcript.vtt").read_bytes() == WEBVTT.encode()
