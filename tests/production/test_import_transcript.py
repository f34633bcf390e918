"""Bringing a transcript in: checked against the finished audio, kept in the recording's times."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.production.import_transcript import Imported, import_transcript
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import InputError, NotReadyError
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import parse, transcript_of
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import a_published_episode, an_enclosure, an_episode
from fakes.shelf import FakeShelf

SEVEN = EpisodeNumber(7)
SRT = "1\n00:00:01,000 --> 00:00:30,000\n課長: こんばんは\n\n2\n00:00:30,000 --> 00:01:27,000\n髙橋: 寒い📻\n"
"""The episodes of these tests: a recording of 87 seconds behind 3 seconds of jingle."""


def imported(episode: Episode, content: str = SRT, *, finished: bool = False) -> tuple[Imported, str]:
    shelf = FakeShelf(episode)
    told = import_transcript(episode, content, path=Path("七.srt"), finished=finished, shelf=shelf)
    return told, shelf.episode(SEVEN).transcript or ""


def test_a_file_becomes_the_episodes_transcript():
    told, kept = imported(a_published_episode())
    assert kept == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:30.000\n<v 課長>こんばんは\n\n"
        "00:00:30.000 --> 00:01:27.000\n<v 髙橋>寒い📻\n"
    )
    assert told == Imported(
        2, ("課長", "髙橋"), Timecode.parse("1:27"), replaced=False, compared=True, warnings=()
    )


def test_times_of_the_finished_audio_become_the_recordings_and_go_out_unchanged():
    in_finished = "WEBVTT\n\n00:01.000 --> 00:02.500\n♪\n\n00:04.250 --> 01:30.000\n<v 課長>こんばんは"
    told, kept = imported(a_published_episode(), in_finished, finished=True)
    assert [problem.text.name for problem in told.warnings] == ["transcripts.in_jingle"]
    assert [(cue.start.exact(), cue.words) for cue in parse(kept)] == [("0:01.25", "こんばんは")]
    episode = a_published_episode(transcript=kept)
    (public,) = transcript_of(episode, show_notes(episode, {}, withdrawn_title="おたより"))
    assert (public.start.exact(), public.end.exact()) == ("0:04.25", "1:30")


@pytest.mark.parametrize(("at", "finished"), [("1:27", False), ("1:30", True)])
def test_what_begins_after_the_audio_is_refused_and_nothing_is_written(at, finished):
    shelf = FakeShelf(episode := a_published_episode(transcript="WEBVTT\n"))
    content = f"0:05 --> 1:20\nはい\n\n{at} --> 2:00\n遅い"
    with pytest.raises(InputError) as error:
        import_transcript(episode, content, path=Path("七.srt"), finished=finished, shelf=shelf)
    assert [(problem.line, problem.text.name) for problem in error.value.problems] == [
        (4, "transcripts.beyond")
    ]
    assert shelf.episode(SEVEN).transcript == "WEBVTT\n"


@pytest.mark.parametrize(("at", "finished"), [("1:26.9", False), ("1:29.9", True)])
def test_what_begins_just_before_the_end_is_taken(at, finished):
    told, _ = imported(
        a_published_episode(), f"0:05 --> 1:20\nはい\n\n{at} --> 1:30\nでは", finished=finished
    )
    assert told.cues == 2


def test_silence_that_mastering_cut_off_at_the_beginning_is_counted():
    trimmed = an_enclosure(trimmed=Timecode.of_seconds(2))
    _, kept = imported(a_published_episode(enclosure=trimmed), "0:04 --> 0:09\nはい", finished=True)
    assert [(cue.start.exact(), cue.end.exact()) for cue in parse(kept)] == [("0:03", "0:08")]
    told, _ = imported(a_published_episode(enclosure=trimmed), "0:05 --> 1:20\nはい\n\n1:28.9 --> 1:29\nでは")
    assert told.cues == 2


def test_words_that_all_lie_within_the_jingle_are_no_transcript():
    with pytest.raises(InputError) as error:
        imported(a_published_episode(), "0:00 --> 0:02\n♪", finished=True)
    assert [problem.text.name for problem in error.value.problems] == ["transcripts.nothing"]


def test_before_mastering_the_times_cannot_be_compared():
    told, _ = imported(an_episode(), "0:01 --> 0:40\nはい\n\n0:40 --> 9:00:00\nええ")
    assert (told.cues, told.compared) == (2, False)


def test_finished_times_need_finished_audio():
    with pytest.raises(NotReadyError) as error:
        imported(an_episode(), finished=True)
    assert "cityhall-fm master 7" in Catalogue("en").word(error.value.text)


def test_a_second_file_takes_the_place_of_the_first():
    told, kept = imported(a_published_episode(transcript="WEBVTT\n\n0:01 --> 0:02\n古い"))
    assert told.replaced
    assert "古い" not in kept


def test_a_long_list_of_problems_is_cut_and_counted():
    content = "".join(f"{minute}:00 --> {minute}:01\nはい\n\n" for minute in range(30))
    with pytest.raises(InputError) as error:
        imported(a_published_episode(), content)
    assert len(error.value.problems) == 21
    for language in LANGUAGES:
        say = Catalogue(language)
        assert "28" in say.word(error.value.text)
        assert "8" in say.word(error.value.problems[-1].text)
        assert len(say.word(error.value.text).strip().splitlines()) == 2


def test_every_problem_has_words_in_every_language():
    wrong = (
        "-0:01 --> 0:02\nはい\n\n0:03 --> 0:02\nはい\n\nx --> 0:02\nはい\n\n言葉だけ\nもう一つ\n\n"
        "0:10 --> 0:10\nはい\n\n0:01 --> 0:05\nはい\n\n0:03 --> 9:00\nはい\n\n9:00 --> 9:01\nはい"
    )
    with pytest.raises(InputError) as error:
        imported(a_published_episode(), wrong)
    names = [problem.text.name.removeprefix("transcripts.") for problem in error.value.problems]
    assert names == ["negative", "reversed", "unreadable", "beyond"]
    told, _ = imported(a_published_episode(), wrong[wrong.index("言葉") :].rpartition("\n\n")[0])
    remarks = {problem.text.name.removeprefix("transcripts.") for problem in told.warnings}
    assert remarks == {"untimed", "no_length", "unordered", "outlasts", "at_once"}
    for problem in (*error.value.problems, *told.warnings):
        assert len({Catalogue(language).word(problem.text) for language in LANGUAGES}) == 3
