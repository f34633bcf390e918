"""A transcript is typed in the finished audio's times and kept in the recording's."""

from __future__ import annotations

import pytest

from cityhall_fm.production.edit_transcript import Line, edit_transcript, transcript_lines, transcript_seen
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError, InputError
from cityhall_fm.show.transcript import parse

from builders import a_published_episode
from fakes.shelf import FakeShelf

SEVEN = EpisodeNumber(7)


@pytest.fixture
def shelf():
    return FakeShelf(a_published_episode(transcript="WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>やあ\n"))


def edit(shelf, *lines: Line, seen: str | None = None):
    seen = transcript_seen(shelf.episode(SEVEN)) if seen is None else seen
    return edit_transcript(SEVEN, lines, seen=seen, shelf=shelf)


def test_times_come_and_go_with_the_jingle(shelf):
    (cue,) = transcript_lines(shelf.episode(SEVEN))
    assert cue.start.exact() == "0:04"  # the jingle is 3 s long
    edit(shelf, Line("0:05", "0:06.5", " 髙橋 ", "こんばんは\n佐久😀"))
    (kept,) = parse(shelf.episode(SEVEN).transcript)
    assert (kept.start.exact(), kept.end.exact(), kept.speaker) == ("0:02", "0:03.5", "髙橋")
    assert [line.start.exact() for line in transcript_lines(shelf.episode(SEVEN))] == ["0:05"]


def test_every_wrong_time_is_told_and_nothing_is_kept(shelf):
    before = shelf.episode(SEVEN)
    with pytest.raises(InputError) as told:
        edit(shelf, Line("5", "5", "", "a"), Line("5", "6", "", "b"), Line("x", "6", "", "c"))
    assert [problem.text.values["line"] for problem in told.value.problems] == [1, 3]
    assert shelf.episode(SEVEN) == before


def test_only_what_was_seen_is_replaced(shelf):
    with pytest.raises(ConflictError):
        edit(shelf, Line("5", "6", "", "a"), seen="another")


def test_an_empty_transcript_is_kept_as_one(shelf):
    assert edit(shelf, Line("x", "y", "", " ")) == []
    assert parse(shelf.episode(SEVEN).transcript) == ()
