"""What must be there before an episode goes out, and what had better be."""

from __future__ import annotations

import pytest

from cityhall_fm.production.check import check
from cityhall_fm.show.errors import NotReadyError
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


def test_where_the_show_requires_it_its_lack_is_an_error():
    with pytest.raises(NotReadyError) as told:
        checked(a_published_episode(), transcript_required=True)
    assert [missing.name for missing in told.value.missing] == ["episodes.no_transcript"]
