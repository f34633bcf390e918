"""What goes out: SRT, JSON, HTML and text from the same cues, read back where they can be."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, Form, read, written

CUES = (
    Cue(Timecode(0), Timecode(2000), "こんばんは。佐久の冬です。", "課長"),
    Cue(Timecode(2000), Timecode(4000), "寒いですね <b>&</b> 📻", "髙橋"),
    Cue(Timecode(4000), Timecode(6500), "灯油は 18 リットル --> 三本です。", "髙橋"),
    Cue(Timecode(30_000), Timecode(31_000), "♪"),
)


def as_form(form: Form, cues=CUES) -> str:
    return written(cues, form, title="冬支度 <1>", language="ja")


def test_srt_names_speakers_where_they_change_and_counts_its_cards():
    assert as_form(Form.SRT) == (
        "1\n00:00:00,000 --> 00:00:02,000\n課長: こんばんは。佐久の冬です。\n\n"
        "2\n00:00:02,000 --> 00:00:04,000\n髙橋: 寒いですね <b>&</b> 📻\n\n"
        "3\n00:00:04,000 --> 00:00:06,500\n灯油は 18 リットル → 三本です。\n\n"
        "4\n00:00:30,000 --> 00:00:31,000\n♪\n"
    )


def test_srt_cards_have_two_lines_of_32_and_share_the_time():
    words = "佐久は晴れの日が多く、冬の朝はよく冷えこみます。" * 6
    text = as_form(Form.SRT, [Cue(Timecode(1000), Timecode(7000), words)])
    cards = [card.split("\n") for card in text.strip().split("\n\n")]
    assert all(len(card) <= 4 and all(len(line) <= 32 for line in card[2:]) for card in cards)
    assert "".join("".join(card[2:]) for card in cards) == words
    times = [card[1].split(" --> ") for card in cards]
    assert times[0][0] == "00:00:01,000"
    assert times[-1][1] == "00:00:07,000"
    assert all(one[1] == following[0] for one, following in pairwise(times))


def test_json_is_podcasting_2_0():
    document = json.loads(as_form(Form.JSON))
    assert document["version"] == "1.0.0"
    assert document["segments"][2] == {
        "startTime": 4.0,
        "endTime": 6.5,
        "speaker": "髙橋",
        "body": "灯油は 18 リットル --> 三本です。",
    }
    assert "speaker" not in document["segments"][3]


def test_html_has_the_three_tags_and_nothing_of_the_words_becomes_markup():
    page = html.document_fromstring(as_form(Form.HTML))
    assert page.get("lang") == "ja"
    assert page.findtext(".//title") == "冬支度 <1>"
    assert [cite.text for cite in page.iter("cite")] == ["課長:", "髙橋:"]
    assert [time.text for time in page.iter("time")] == ["0:00", "0:02", "0:30"]
    assert [words.text_content() for words in page.iter("p")][1] == (
        "寒いですね <b>&</b> 📻灯油は 18 リットル --> 三本です。"
    )
    assert not list(page.iter("b"))


def test_text_reads_as_a_conversation():
    assert as_form(Form.TEXT) == (
        "課長:こんばんは。佐久の冬です。\n\n"
        "髙橋:寒いですね <b>&</b> 📻灯油は 18 リットル --> 三本です。\n\n――♪\n"
    )


def test_latin_names_have_a_latin_colon_and_a_pause_makes_a_paragraph():
    cues = [
        Cue(Timecode(0), Timecode(2000), "Hello.", "Hana"),
        Cue(Timecode(2000), Timecode(3000), "This is Saku.", "Hana"),
        Cue(Timecode(9000), Timecode(9500), "And now.", "Hana"),
    ]
    assert as_form(Form.TEXT, cues) == "Hana: Hello. This is Saku.\n\nAnd now.\n"


@pytest.mark.parametrize("form", Form)
def test_without_cues_every_form_is_still_one(form):
    assert read(as_form(form, ())).cues == ()


SENTENCE = st.text(st.sampled_from("佐久髙橋灯油の冬。、 aB'"), min_size=14, max_size=90).map(
    lambda words: "あ" * 13 + words.strip()
)


@given(
    st.lists(
        st.tuples(st.integers(1, 9000), SENTENCE, st.sampled_from(["課長", "髙橋", "Hana Lee"])), min_size=1
    )
)
def test_what_is_written_as_json_is_read_back_whole(parts):
    cues, at = [], 0
    for length, words, speaker in parts:
        cues.append(Cue(Timecode(at), Timecode(at + length), " ".join(words.split()), speaker))
        at += length
    assert [placed.cue for placed in read(as_form(Form.JSON, cues)).cues] == cues
    again = [placed.cue for placed in read(as_form(Form.SRT, cues)).cues]
    assert again[0].speaker == cues[0].speaker
    assert (again[0].start, again[-1].end) == (cues[0].start, cues[-1].end)


HTML_TAGS = {"html", "head", "meta", "title", "body", "cite", "time", "p"}
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(ANY_TEXT, st.none() | ANY_TEXT)
def test_hostile_words_do_no_harm_in_any_form(words, speaker):
    cue = Cue(Timecode(0), Timecode(5), words, speaker)
    for form in Form:
        written([cue], form, title=words, language=words).encode()
    page = written([cue], Form.HTML, title=words, language="ja")
    assert {element.tag for element in html.document_fromstring(page).iter()} <= HTML_TAGS
