from __future__ import annotations

import pytest

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.production.time_rundown import time_rundown
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.rundown import Chapter, Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_published_episode, an_enclosure, an_episode
from fakes.shelf import FakeShelf

SEVEN = EpisodeNumber(7)


def marks(*times: str) -> list[Chapter]:
    return [Chapter(Timecode.parse(time), "") for time in times]


def times(shelf, number: int = SEVEN) -> list[str | None]:
    segments = shelf.episode(number).rundown.segments
    return [segment.at.exact() if segment.at is not None else None for segment in segments]


def test_times_of_the_recording_are_written_as_they_are():
    shelf = FakeShelf(an_episode())
    laid = time_rundown(SEVEN, marks("0:01", "0:20.4", "1:06.85"), shelf=shelf, language="ja")
    assert times(shelf) == ["0:01", "0:20.4", "1:06.85"]
    assert len(laid.changed) == 3


def test_times_of_the_finished_audio_lose_the_jingle():
    shelf = FakeShelf(a_published_episode())  # its jingle is 3 s long
    time_rundown(SEVEN, marks("0:00", "0:23.4", "1:06.85"), shelf=shelf, language="ja", finished=True)
    assert times(shelf) == ["0:00", "0:20.4", "1:03.85"]


def test_times_of_the_finished_audio_get_back_the_silence_that_was_cut_off():
    enclosure = an_enclosure(trimmed=Timecode.parse("0:05"))
    shelf = FakeShelf(a_published_episode(enclosure=enclosure))
    time_rundown(SEVEN, marks("0:00", "0:23.4"), shelf=shelf, language="ja", finished=True)
    assert times(shelf)[:2] == ["0:05", "0:25.4"]


def test_finished_audio_that_is_not_there_is_told_and_nothing_is_written():
    shelf = FakeShelf(an_episode())
    before = times(shelf)
    with pytest.raises(NotReadyError) as told:
        time_rundown(SEVEN, marks("0:09"), shelf=shelf, language="ja", finished=True)
    assert told.value.text.name == "episodes.no_master"
    assert times(shelf) == before


def test_done_again_it_changes_nothing():
    shelf = FakeShelf(an_episode())
    time_rundown(SEVEN, marks("0:01", "0:20"), shelf=shelf, language="ja")
    assert time_rundown(SEVEN, marks("0:01", "0:20"), shelf=shelf, language="ja").changed == ()


def test_an_unknown_episode_is_told():
    with pytest.raises(UnknownError):
        time_rundown(EpisodeNumber(70), marks("0:01"), shelf=FakeShelf(), language="ja")


@pytest.fixture(params=["fake", "folder"])
def shelf_of(request, tmp_path):
    """Make a shelf with one episode of these segments."""

    def make(*segments: Segment):
        if request.param == "fake":
            return FakeShelf(an_episode(1, rundown=Rundown(segments)))
        shelf = EpisodeFolder(tmp_path)
        shelf.create(title="冬", guid=Guid("g"), planned_for=None)
        for segment in segments:
            shelf.slot(EpisodeNumber(1), segment, at_position=None)
        return shelf

    return make


def test_every_shelf_fills_an_empty_rundown(shelf_of):
    shelf = shelf_of()
    chapters = [Chapter(Timecode(0), "はじめに: #1"), Chapter(Timecode(9900), "", "https://example.jp/")]
    time_rundown(EpisodeNumber(1), chapters, shelf=shelf, language="en")
    assert shelf.episode(EpisodeNumber(1)).rundown.segments == (
        Segment("はじめに: #1", at=Timecode(0)),
        Segment("Part 2", at=Timecode(9900), url="https://example.jp/"),
    )


def test_every_shelf_changes_times_only(shelf_of):
    kept = Segment("二", at=Timecode(5000), summary="要点", image="https://example.jp/a.png")
    shelf = shelf_of(Segment("一"), kept, Segment("三", at=Timecode(9000)))
    shelf.keep_enclosure(EpisodeNumber(1), an_enclosure(1))
    time_rundown(
        EpisodeNumber(1),
        [Chapter(Timecode(1), "一"), Chapter(Timecode(7000), "三")],
        shelf=shelf,
        language="ja",
    )
    assert shelf.episode(EpisodeNumber(1)).rundown.segments == (
        Segment("一", at=Timecode(1)),
        kept,
        Segment("三", at=Timecode(7000)),
    )
