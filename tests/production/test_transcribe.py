"""Having a recording written down: once, in the show's language, and never over a host's corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.production.transcribe import Heard, transcribe
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import AudioError, NotReadyError
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, Transcribed, parse, shifted

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


class Tracks(FakeShelf):
    """A recording in tracks, and another in one piece where `also` says so."""

    also: tuple[str, ...] = ()

    def recordings(self, number: EpisodeNumber):
        return [Path(f"{number}/{name}") for name in self.also]

    def tracks(self, number: EpisodeNumber):
        return {name: Path(f"{number}/track-{name}.wav") for name in ("ゲスト🍎", "課長")}


class ByTrack(FakeTranscriber):
    """Hears the guest answer what the host says a second earlier."""

    def transcribe(self, recording, *, language, progress):
        heard = super().transcribe(recording, language=language, progress=progress)
        return (
            heard
            if "課長" in recording.name
            else Transcribed(shifted(heard.cues, Timecode(1000)), Timecode(12_000))
        )


def test_each_track_is_heard_and_says_who_speaks():
    shelf = Tracks(an_episode())
    heard, progress = run(shelf, ByTrack(HELLO, duration=Timecode(10_000)))
    assert heard == Heard(2, Timecode(12_000), ("課長", "ゲスト🍎"))
    assert [(cue.speaker, cue.start) for cue in parse(shelf.episode(SEVEN).transcript)] == [
        ("課長", Timecode(500)),
        ("ゲスト🍎", Timecode(1500)),
    ]
    assert progress.steps.count("transcripts.transcribing") == 2


def test_tracks_beside_a_recording_are_asked_back_before_the_model_is_loaded():
    shelf = Tracks(an_episode())
    shelf.also = ("recording.wav",)
    with pytest.raises(NotReadyError) as error:
        run(shelf, a_listener(HELLO), transcriber=_never)
    assert [missing.name for missing in error.value.missing] == ["audio.recording_and_tracks"]


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
