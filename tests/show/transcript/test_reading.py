"""Transcripts as people bring them: WebVTT and SRT, with speakers and with every fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.transcript import Draft, read

SRT = """\ufeff1\r
00:00:01,000 --> 00:00:03,500\r
課長: こんばんは。\r
今日は冬の話です\r
\r
2\r
00:00:03,500 --> 00:00:06,000\r
灯油の質問が届いています。\r
3\r
00:00:06,000 --> 00:00:08,250\r
髙橋:寒いですね📻\r
"""


def said(draft: Draft) -> list[tuple[int, str | None, str]]:
    return [(placed.line, placed.cue.speaker, placed.cue.words) for placed in draft.cues]


def faults(draft: Draft) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.text.name.removeprefix("transcripts.")) for problem in draft.errors]


def remarks(draft: Draft) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.text.name.removeprefix("transcripts.")) for problem in draft.warnings]


def test_srt_is_read_with_its_speakers_and_lines_also_where_an_empty_line_was_lost():
    draft = read(SRT)
    assert said(draft) == [
        (2, "課長", "こんばんは。今日は冬の話です"),
        (7, "課長", "灯油の質問が届いています。"),
        (10, "髙橋", "寒いですね📻"),
    ]
    assert draft.cues[2].cue.end.exact() == "0:08.25"
    assert draft.errors == draft.warnings == ()


@pytest.mark.parametrize(
    ("words", "speaker", "spoken"),
    [
        ("Sarah: In today's episode", "Sarah", "In today's episode"),
        ("[Dr. Sarah Lee]: Hello", "Dr. Sarah Lee", "Hello"),
        ("【課長】こんばんは", "課長", "こんばんは"),
        ("課長:こんばんは", "課長", "こんばんは"),
        ("20:00 から放送です", None, "20:00 から放送です"),
        ("https://example.jp/ を見てください", None, "https://example.jp/ を見てください"),
        ("今日は、そうですね、まず:灯油です", None, "今日は、そうですね、まず:灯油です"),
        ("What I want to tell you is: come", None, "What I want to tell you is: come"),
        ("課長:", None, "課長:"),
    ],
)
def test_a_name_before_the_words_is_a_speaker_and_other_colons_are_not(words, speaker, spoken):
    assert said(read(f"00:01.000 --> 00:02.000\n{words}")) == [(1, speaker, spoken)]


def test_a_colon_later_on_is_no_speaker_where_the_file_began_without_one():
    draft = read("00:01.0 --> 00:02.0\nこんばんは\n\n00:02.0 --> 00:03.0\n時間: 夜8時です")
    assert said(draft) == [(1, None, "こんばんは"), (4, None, "時間: 夜8時です")]


def test_voices_that_are_given_only_at_changes_go_on():
    draft = read(
        "WEBVTT\n\n00:01.0 --> 00:02.0\n<v 課長>はい\n\n00:02.0 --> 00:03.0\nそうです\n\n"
        "00:03.0 --> 00:04.0\n<v 髙橋>ええ"
    )
    assert [speaker for _, speaker, _ in said(draft)] == ["課長", "課長", "髙橋"]


def test_voices_that_are_given_every_time_do_not_go_on():
    draft = read(
        "WEBVTT\n\n00:01.0 --> 00:02.0\n<v 課長>はい\n\n00:02.0 --> 00:03.0\n<v 課長>ええ\n\n"
        "00:03.0 --> 00:04.0\n♪"
    )
    assert [speaker for _, speaker, _ in said(draft)] == ["課長", "課長", None]


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ("-00:00:01.000 --> 00:00:02.000", "negative"),
        ("00:00:05.000 --> 00:00:02.000", "reversed"),
        ("00:99:00.000 --> 00:00:02.000", "unreadable"),
        ("00:00:01.000 --> soon", "unreadable"),
        ("00:00:01.0000 --> 00:00:02.0", "unreadable"),
        ("00:00:01:12 --> 00:00:02:00", "unreadable"),
        (f"{'9' * 5000}:00:00 --> 00:00:02.0", "unreadable"),
    ],
)
def test_wrong_times_are_told_with_their_line(times, fault):
    assert faults(read(f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nはい\n\nid\n{times}\n言葉\n")) == [
        (7, fault)
    ]


def test_every_fault_of_a_file_is_told_at_once():
    text = "".join(f"{start} --> 00:00:02.000\nはい\n\n" for start in ("-0:01", "0:03", "0:61"))
    assert faults(read(text)) == [(1, "negative"), (4, "reversed"), (7, "unreadable")]


def test_words_without_a_time_are_told_and_left_out():
    draft = read(
        "WEBVTT\nKind: captions\n\n00:01.0 --> 00:02.0\n前\n\n失われた言葉\n\n00:03.0 --> 00:04.0\n後"
    )
    assert [words for _, _, words in said(draft)] == ["前", "後"]
    assert remarks(draft) == [(7, "untimed")]


def test_a_paragraph_that_runs_into_the_next_cue_is_told():
    draft = read("00:01.0 --> 00:02.0\n前\n\n失われた言葉\n2\n00:03.0 --> 00:04.0\n後")
    assert remarks(draft) == [(4, "untimed")]
    assert [words for _, _, words in said(draft)] == ["前", "後"]


def test_what_a_host_commented_out_stays_out():
    draft = read(
        "WEBVTT\n\nNOTE\n00:01.0 --> 00:02.0\nここは出さない\n\nSTYLE\n::cue { }\n\n00:03.0 --> 00:04.0\n後"
    )
    assert [words for _, _, words in said(draft)] == ["後"]
    assert draft.warnings == ()


def test_words_that_last_no_time_are_told():
    assert remarks(read("00:01.0 --> 00:01.0\nはい")) == [(1, "no_length")]


@given(st.text() | st.text('0123456789:.,->WEBVTNO{}[]" \n課長:', max_size=80))
def test_no_text_stops_the_reader(text):
    for draft in (read(text), read("WEBVTT\n\n00:01.0 --> 00:02.0\n" + text)):
        assert all(placed.cue.words and placed.cue.start < placed.cue.end for placed in draft.cues)
