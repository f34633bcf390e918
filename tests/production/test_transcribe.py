"""Having a recording written down: once, in the show's language, and never over a host's corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.production.transcribe import Heard, transcribe
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import AudioError, NotReadyError
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue

from builders import a_show, an_episode
from fakes.progress import FakeProgress
from fakes.shelf import FakeShelf
from fakes.transcriber import FakeTranscriber

SEVEN = EpisodeNumber(7)
HELLO = Cue(Timecode(500), Timecode(2500), "こんばんは、髙橋です📻")


class TwoRecordings(FakeShelf):
    def recordings(self, number: EpisodeNumber):
        return [Path(f"{number}/recording-1.wav"), Path(f"{number}/recording-2.wav")]


def run(shelf: FakeShelf, listener: FakeTranscriber, **options) -> tuple[Heard, FakeProgress]:
    progress = FakeProgress()
    options = {"transcriber": lambda: listener, **options}
    return transcribe(
        shelf.episode(SEVEN), show=a_show(), shelf=shelf, progress=progress, **options
    ), progress


def a_listener(*cues: Cue) -> FakeTranscriber:
    return FakeTranscriber(*cues, duration=Timecode(10_000))


def test_what_is_heard_is_kept_as_the_transcript():
    shelf, listener = FakeShelf(an_episode()), a_listener(HELLO)
    heard, progress = run(shelf, listener)
    assert heard == Heard(1, Timecode(10_000))
    assert listener.given == [(Path("0007/recording.flac"), "ja")]
    assert shelf.episode(SEVEN).transcript == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nこんばんは、髙橋です📻\n"
    )
    assert progress.steps == ["transcripts.loading", "transcripts.transcribing"]
    assert progress.done == [(10.0, 10.0)]


def test_several_files_of_one_recording_follow_each_other():
    shelf = TwoRecordings(an_episode())
    heard, _ = run(shelf, a_listener(HELLO))
    assert heard == Heard(2, Timecode(20_000))
    assert "00:00:10.500 --> 00:00:12.500" in (shelf.episode(SEVEN).transcript or "")


def _never():
    raise AssertionError


@pytest.mark.parametrize(
    ("episode", "silent", "name"),
    [
        (an_episode(transcript="WEBVTT\n"), (), "transcripts.exists"),
        (an_episode(), (7,), "episodes.not_ready"),
    ],
)
def test_what_stands_in_the_way_is_told_before_the_model_is_loaded(episode: Episode, silent, name):
    shelf = FakeShelf(episode, silent=silent)
    with pytest.raises(NotReadyError) as error:
        run(shelf, a_listener(HELLO), transcriber=_never)
    assert error.value.text.name == name
    assert shelf.episode(SEVEN) == episode


def test_a_transcript_is_replaced_where_that_is_asked_for():
    shelf = FakeShelf(an_episode(transcript="WEBVTT\n\n0:01 --> 0:02\n古い"))
    run(shelf, a_listener(HELLO), replace=True)
    assert "古い" not in (shelf.episode(SEVEN).transcript or "")


def test_where_nobody_speaks_the_transcript_there_is_stays():
    shelf = FakeShelf(an_episode(transcript="WEBVTT\n\n0:01 --> 0:02\n古い"))
    with pytest.raises(AudioError):
        run(shelf, a_listener(), replace=True)
    assert "古い" in (shelf.episode(SEVEN).transcript or "")
