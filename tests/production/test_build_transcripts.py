"""The transcripts that listeners fetch: every one that the feed names, and none with what was withdrawn."""

from __future__ import annotations

import re

import pytest

from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.production.build_feed import build_feed
from cityhall_fm.show.episode import Episode, Key
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.publication import public_file
from cityhall_fm.show.question import Question, Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import read
from cityhall_fm.texts import Catalogue

from builders import a_published_episode, a_question, a_show
from fakes.card_painter import FakeCardPainter
from fakes.public_folder import FakePublicFolder
from fakes.renderer import FakeRenderer

TRANSCRIPT = (
    "WEBVTT\n\n00:01.000 --> 00:03.000\n<v 課長>こんばんは。佐久のことを話します。\n\n"
    "00:12.000 --> 00:18.000\n<v 課長>りんごの木さんからの質問です。\n\n"
    "00:21.000 --> 00:25.000\n<v 髙橋>ありがとうございました📻。"
)
NAMES = ("7/transcript.vtt", "7/transcript.srt", "7/transcript.json", "7/transcript.html")


def built(episode: Episode, *questions: Question) -> dict[Key, bytes]:
    folder = FakePublicFolder()
    known = {question.id: question for question in questions}
    noted = [(episode, show_notes(episode, known, withdrawn_title="おたより"))]
    build_feed(
        show=a_show(),
        noted=noted,
        renderer=FakeRenderer(),
        painter=FakeCardPainter(),
        feed_writer=RssFeedWriter(),
        examine=lambda _: (),
        folder=folder,
    )
    return dict(folder.contents)


def test_the_feed_names_every_transcript_that_was_built_with_the_type_it_is_served_as():
    files = built(a_published_episode(transcript=TRANSCRIPT))
    named = re.findall(
        r'<podcast:transcript url="https://fm.example.jp/(\S+)" type="(\S+)"', files["feed.xml"].decode()
    )
    assert [name for name, _ in named] == list(NAMES)
    for name, media_type in named:
        served = public_file(Key(name), sha256="0", length_bytes=len(files[Key(name)]))
        assert served.fingerprint.content_type.partition(";")[0] == media_type


def test_without_a_transcript_there_is_none_of_them():
    files = built(a_published_episode())
    assert not [key for key in files if "transcript" in key]
    assert b"podcast:transcript" not in files["feed.xml"]


@pytest.mark.parametrize("name", NAMES[:3])
def test_each_of_them_says_the_same_behind_the_jingle(name):
    files = built(a_published_episode(transcript=TRANSCRIPT))
    cues = [placed.cue for placed in read(files[Key(name)].decode()).cues]
    assert [(cue.start.exact(), cue.speaker) for cue in cues] == [
        ("0:04", "課長"),
        ("0:15", "課長"),
        ("0:24", "髙橋"),
    ]


def test_what_was_withdrawn_is_in_none_of_them():
    question = a_question(status=Status.WITHDRAWN)
    rundown = Rundown(
        (
            Segment("はじめに", at=Timecode(0)),
            Segment("りんごの木さんの質問", at=Timecode(10_000), question=question.id),
            Segment("おわりに", at=Timecode(20_000)),
        )
    )
    files = built(a_published_episode(transcript=TRANSCRIPT, rundown=rundown), question)
    assert [key for key, content in files.items() if "りんごの木" in content.decode(errors="ignore")] == []
    for name in NAMES:
        assert "髙橋" in files[Key(name)].decode()


def test_one_that_does_not_fit_its_audio_stops_the_build_with_its_line():
    late = TRANSCRIPT + "\n\n05:00.000 --> 05:01.000\nほかの回です。"
    with pytest.raises(NotReadyError) as told:
        built(a_published_episode(transcript=late))
    (fault,) = told.value.missing
    assert Catalogue("ja").word(fault).startswith("第7回 transcript.vtt 12行目: 5:00 に始まりますが")
