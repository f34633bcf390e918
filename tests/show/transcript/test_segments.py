"""Transcripts as JSON: Podcasting 2.0's own, word by word, and with every fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.transcript import Draft, read


def a_document(*segments: object, indent: int | None = None, **more: object) -> str:
    return json.dumps({"version": "1.0.0", **more, "segments": segments}, ensure_ascii=False, indent=indent)


def a_segment(start: object, end: object, body: object, speaker: object = "課長") -> dict[str, object]:
    return {"speaker": speaker, "startTime": start, "endTime": end, "body": body}


def said(draft: Draft) -> list[tuple[str, str, str | None, str]]:
    cues = [placed.cue for placed in draft.cues]
    return [(cue.start.exact(), cue.end.exact(), cue.speaker, cue.words) for cue in cues]


def faults(draft: Draft) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.text.name.removeprefix("transcripts.")) for problem in draft.errors]


def test_segments_are_read_with_times_and_speakers():
    draft = read(
        "\ufeff"
        + a_document(
            a_segment(0.5, 2.75, "こんばんは。\nFMリモート市役所です。"),
            a_segment("3", 4, "髙橋です&📻、よろしくお願いします", "髙橋"),
            a_segment(5, 6, "  "),
        )
    )
    assert said(draft) == [
        ("0:00.5", "0:02.75", "課長", "こんばんは。FMリモート市役所です。"),
        ("0:03", "0:04", "髙橋", "髙橋です&📻、よろしくお願いします"),
    ]
    assert draft.errors == draft.warnings == ()


def test_whispers_own_json_is_read_too():
    segments = [{"id": 0, "start": 1.0, "end": 2.5, "text": " 冬の朝はよく冷えこみますね"}]
    text = json.dumps({"text": "冬の朝", "segments": segments, "language": "ja"})
    assert said(read(text)) == [("0:01", "0:02.5", None, "冬の朝はよく冷えこみますね")]


def test_words_that_come_one_by_one_become_sentences():
    words = [("I", 0.5), ("am", 1.0), ("your", 1.5), ("father.\n", 2.25)]
    luke = {"speaker": "Luke", "startTime": 2.75, "endTime": 3.0, "body": "Nooooo"}
    spoken = [a_segment(start, start + 0.25, body, "Vader") for body, start in words]
    assert said(read(a_document(*spoken, luke))) == [
        ("0:00.5", "0:02.5", "Vader", "I am your father."),
        ("0:02.75", "0:03", "Luke", "Nooooo"),
    ]


def test_japanese_words_are_put_together_until_a_sentence_ends():
    words = ["佐久", "の", "冬", "は", "寒い", "です。", "灯油", "が", "要り", "ます。"]
    spoken = [a_segment(place, place + 1, word) for place, word in enumerate(words)]
    assert [words for *_, words in said(read(a_document(*spoken)))] == [
        "佐久の冬は寒いです。",
        "灯油が要ります。",
    ]


def test_a_segment_without_an_end_ends_where_the_next_begins_or_soon():
    long, short = "ここから先は、少し長く話しますので聞いてください。", "つぎの質問にまいりましょうか。"
    draft = read(
        a_document(
            {"startTime": 1, "body": long}, {"startTime": 2.5, "body": short}, {"startTime": 90, "body": long}
        )
    )
    assert [(start, end) for start, end, *_ in said(draft)] == [
        ("0:01", "0:02.5"),
        ("0:02.5", "0:04.5"),
        ("1:30", "1:33"),
    ]


@pytest.mark.parametrize(
    ("segment", "fault"),
    [
        (a_segment(-1, 2, "はい"), "negative"),
        (a_segment(3, 2, "はい"), "reversed"),
        (a_segment("soon", 2, "はい"), "unreadable"),
        (a_segment(1, [2], "はい"), "unreadable"),
        (a_segment(start=True, end=2, body="はい"), "unreadable"),
        (a_segment(1, 1e300, "はい"), "unreadable"),
        (a_segment(float("nan"), 2, "はい"), "unreadable"),
        ({"body": "はい"}, "unreadable"),
        (a_segment(1, 2, 3), "no_words"),
        ("はい", "no_words"),
        (None, "no_words"),
    ],
)
def test_wrong_segments_are_told_with_the_line_they_begin_on(segment, fault):
    text = a_document(a_segment(0, 1, "前"), segment, indent=1, about={"segments": [1, 2]})
    first_line = 1 + text[: text.index("前")].count("\n")
    assert faults(read(text)) == [(first_line + 2, fault)]


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ('{"version": "1.0.0",\n"segments": [{]}', 2, "not_json"),
        ("[" * 100_000, 1, "not_json"),
        ('{"segments": ' + "9" * 5000 + "}", 1, "not_json"),
        ("[1, 2]", 1, "no_segments"),
        ('{"version": "1.0.0"}', 1, "no_segments"),
        ('{"segments": {}}', 1, "no_segments"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_transcript_is_told(text, line, fault):
    assert faults(read(text)) == [(line, fault)]


def test_of_two_lists_of_segments_the_last_counts_as_in_every_reader():
    text = f'{{"segments": [1],\n"segments":\n[\n{json.dumps(a_segment(0, 1, "後から来ました"))}\n]}}'
    draft = read(text)
    assert [(placed.line, placed.cue.words) for placed in draft.cues] == [(4, "後から来ました")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["startTime", "end", "body", "x"]), inner)
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from([None, 0, 3]))
def test_no_document_stops_the_reader(value, indent):
    for text in (json.dumps(value, indent=indent), a_document(value, value, indent=indent)):
        draft = read(text)
        assert all(placed.cue.words and placed.cue.start < placed.cue.end for placed in draft.cues)
