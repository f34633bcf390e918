"""What must be there before an episode goes out, and what had better be."""

from __future__ import annotations

import pytest

from cityhall_fm.production.check import check
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import a_published_episode
from fakes.inbox import FakeInbox
from fakes.shelf import FakeShelf

TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>こんばんは"


def checked(episode, **options):
    return check(episode, shelf=FakeShelf(episode), inbox=FakeInbox(), **options)


def test_with_a_transcript_there_is_nothing_to_say():
    assert not checked(a_published_episode(transcript=TRANSCRIPT), transcript_required=True)


@pytest.mark.parametrize("transcript", [None, "", "WEBVTT\n", "WEBVTT\n\nまだ書いていません"])
def test_without_one_a_warning_names_the_standard_the_law_and_the_place(transcript):
    (warning,) = checked(a_published_episode(transcript=transcript))
    laws = ("障害者差別解消法", "Disability Discrimination", "loi japonaise")
    for language, law in zip(LANGUAGES, laws, strict=True):
        said = Catalogue(language).word(warning)
        assert all(part in said for part in ("JIS X 8341-3:2016", "1.2.1", law, "episodes/0007-"))


LATE = "WEBVTT\n\n00:01.000 --> 00:02.000\nこんばんは\n\n02:01.000 --> 02:02.000\n髙橋です📻"


def test_words_after_the_end_of_the_audio_are_told_with_their_line():
    with pytest.raises(NotReadyError) as told:
        checked(a_published_episode(transcript=LATE))  # its recording ends at 1:27
    (fault,) = told.value.missing
    for language, line in zip(LANGUAGES, ("6行目", "line 6", "ligne 6"), strict=True):
        said = Catalogue(language).word(fault)
        assert all(part in said for part in ("transcript.vtt", line, "2:01", "1:27"))


def test_before_the_audio_is_mastered_a_transcript_may_have_any_length():
    assert not checked(a_published_episode(transcript=LATE, enclosure=None))


def test_of_many_faults_the_first_are_told():
    many = "WEBVTT\n\n" + "03:01.000 --> 03:02.000\nこんばんは\n\n" * 30
    with pytest.raises(NotReadyError) as told:
        checked(a_published_episode(transcript=many))
    assert [one.name for one in told.value.missing] == ["transcripts.line"] * 5 + ["transcripts.more"]


def test_a_chapters_picture_that_is_not_there_is_missing():
    images = ("雪.jpg", "gone.png", "https://example.jp/gone.png", None)
    segments = (Segment("雪", at=Timecode(at), image=image) for at, image in enumerate(images))
    with pytest.raises(NotReadyError) as told:
        checked(a_published_episode(rundown=Rundown(tuple(segments))))
    assert [(one.name, one.values["name"]) for one in told.value.missing] == [
        ("episodes.no_picture", "gone.png")
    ]


def test_where_the_show_requires_it_its_lack_is_an_error():
    with pytest.raises(NotReadyError) as told:
        checked(a_published_episode(), transcript_required=True)
    assert [missing.name for missing in told.value.missing] == ["episodes.no_transcript"]
