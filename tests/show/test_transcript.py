from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.episode import Episode
from cityhall_fm.show.notes import ShowNotes, show_notes
from cityhall_fm.show.question import Question, Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, paragraphs, parse, shifted, transcript_of, write

from builders import a_published_episode, a_question

LENIENT = """\ufeffWEBVTT - 第7回\r
Kind: captions\r
\r
STYLE\r
::cue { color: white }\r
\r
NOTE 校正ずみ\r
\r
intro\r
00:01.000 --> 00:03.500 align:start\r
<v.loud 課長>こんばんは。</v>\r
\r
2\r
00:00:04,000 -> 00:00:06,000\r
<v 髙橋>佐久は<i>寒い</i>\r
ですね &amp; 雪も</v>\r
\r
00:99.000 --> nonsense\r
lost\r
\r
00:07.000 --> 00:06.000\r
<v 課長>はい。<v 髙橋>ええ。\r
"""


def notes_for(episode: Episode, *questions: Question) -> ShowNotes:
    return show_notes(episode, {question.id: question for question in questions}, withdrawn_title="おたより")


def test_transcripts_as_people_have_them_are_read():
    cues = parse(LENIENT)
    assert [(cue.start.precise(), cue.speaker, cue.words) for cue in cues] == [
        ("00:00:01.000", "課長", "こんばんは。"),
        ("00:00:04.000", "髙橋", "佐久は寒いですね & 雪も"),
        ("00:00:07.000", "課長", "はい。"),
        ("00:00:07.000", "髙橋", "ええ。"),
    ]
    assert all(cue.end > cue.start for cue in cues)


def test_what_is_no_transcript_has_no_cues():
    assert parse("") == parse("佐久の冬\n\n支度") == parse("WEBVTT\n\n00:01.000 --> 00:02.000\n") == ()


def test_the_published_transcript_begins_after_the_jingle():
    episode = a_published_episode(transcript="WEBVTT\n\n00:01.000 --> 00:03.500\n<v 課長>こんばんは")
    assert write(transcript_of(episode, notes_for(episode))) == (
        "WEBVTT\n\n00:00:04.000 --> 00:00:06.500\n<v 課長>こんばんは\n"
    )


def test_an_episode_without_a_transcript_has_no_cues():
    assert transcript_of(a_published_episode(), notes_for(a_published_episode())) == ()


@pytest.mark.parametrize(
    ("at", "kept"), [(10, ["はじめに", "おわりに"]), (None, [])], ids=["timed", "somewhere"]
)
def test_a_withdrawn_answer_is_left_out_of_the_transcript(at, kept):
    question = a_question(status=Status.WITHDRAWN)
    episode = a_published_episode(
        transcript=(
            "WEBVTT\n\n00:01.000 --> 00:03.000\nはじめに\n\n00:09.000 --> 00:11.000\nりんごの木さん\n\n"
            "00:15.000 --> 00:19.000\nお答えします\n\n00:20.000 --> 00:25.000\nおわりに"
        ),
        rundown=Rundown(
            (
                Segment("一", at=Timecode(0)),
                Segment("二", at=None if at is None else Timecode(at * 1000), question=question.id),
                Segment("三", at=Timecode(20_000)),
            )
        ),
    )
    cues = transcript_of(episode, notes_for(episode, question))
    assert [cue.words for cue in cues] == kept


def test_long_lines_break_after_a_mark():
    words = "佐久は晴れの日が多く、冬の朝はよく冷えこみます。" * 5
    lines = write([Cue(Timecode(0), Timecode(9000), words)]).splitlines()[3:]
    assert all(len(line) <= 65 for line in lines)
    assert all(line.endswith(("、", "。")) for line in lines)
    assert "".join(lines) == words


def test_what_a_speaker_says_is_gathered_into_paragraphs():
    cues = [
        Cue(Timecode(0), Timecode(2000), "こんばんは。", "課長"),
        Cue(Timecode(2000), Timecode(4000), "FM です。", "課長"),
        Cue(Timecode(4000), Timecode(6000), "よろしく。", "髙橋"),
        Cue(Timecode(20_000), Timecode(21_000), "さて。", "髙橋"),
        Cue(Timecode(21_000), Timecode(22_000), "Hello", "髙橋"),
        Cue(Timecode(22_000), Timecode(23_000), "Saku", "髙橋"),
    ]
    assert [(cue.speaker, cue.words) for cue in paragraphs(cues)] == [
        ("課長", "こんばんは。FM です。"),
        ("髙橋", "よろしく。"),
        ("髙橋", "さて。Hello Saku"),
    ]


CUES = st.builds(
    lambda start, length, words, speaker: Cue(Timecode(start), Timecode(start + length), words, speaker),
    st.integers(0, 10**7),
    st.integers(1, 10**5),
    st.text(min_size=1),
    st.none() | st.text(),
)


@given(st.lists(CUES, max_size=5))
def test_what_is_written_is_read_back(cues):
    again = parse(write(cues))
    assert parse(write(again)) == again
    assert all("\n" not in cue.words for cue in again)


@given(st.text())
def test_no_text_stops_the_reader(text):
    parse(text)
    parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}")


def test_shifting_moves_both_ends():
    (cue,) = shifted([Cue(Timecode(1000), Timecode(2000), "冬")], Timecode(500))
    assert (cue.start, cue.end) == (Timecode(1500), Timecode(2500))
