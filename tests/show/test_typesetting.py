"""Lines of text in a box."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.show.typesetting import Box, SetText, cut_to, drawable, fitted, length, placed
from thorough import examples

OPENING, CLOSING = "「『（(«", "」』）)、。"
BOX = Box(width=400, height=300, largest=60, smallest=20, most_lines=4)
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "佐久髙𠮷のはーっょ、。「」『』（）()!?…・ \u00a0\u3000abcW1.,«»é〓👍\u3099\u200d\u202e"
        ),
        st.characters(),
    ),
    max_size=120,
)


def advance(letter: str) -> float:
    return 0.5 if ord(letter) < 0x2E80 else 1.0


def everything(_: str) -> bool:
    return True


def set_in(box: Box, *phrases: str) -> SetText:
    return fitted(phrases, box, advance)


def test_a_short_title_is_as_large_as_the_box_lets_it():
    assert set_in(BOX, "佐久の", "冬支度") == SetText(60, ("佐久の冬支度",))


def test_lines_end_between_phrases_and_rather_where_one_breathes():
    text = set_in(BOX, "子どもの", "朝と、", "星の", "きれいな", "夜")
    assert text.lines == ("子どもの朝と、", "星のきれいな夜")


def test_no_line_is_left_with_a_word_alone_where_smaller_letters_avoid_it():
    text = set_in(BOX, "「スタッドレスタイヤ」は、", "いつ", "履きかえればいいですか?")
    assert text.lines == ("「スタッドレスタイヤ」は、", "いつ履きかえればいいですか?")


def test_words_in_brackets_stay_together():
    text = set_in(BOX, "きれいな夜", "「学校の", "朝」", "スペシャル版")
    assert not any(line.count("「") != line.count("」") for line in text.lines)


@pytest.mark.parametrize("phrase", ["灯油、", "灯油」", "灯油ー", "灯油ょ", "灯油!"])
def test_what_may_not_begin_a_line_does_not(phrase):
    narrow = Box(width=100, height=400, largest=50, smallest=50, most_lines=8)
    lines = fitted(["灯油", phrase[-1], "次"], narrow, advance).lines
    assert len(lines) > 1
    assert all(line[0] != phrase[-1] for line in lines)


def test_an_opening_bracket_does_not_end_a_line():
    narrow = Box(width=150, height=400, largest=50, smallest=50, most_lines=8)
    assert not any(line.endswith("「") for line in fitted(["冬の「", "朝」の話"], narrow, advance).lines)


def test_latin_words_and_numbers_are_not_torn():
    title = "How much does heating oil cost per month in 2026?"
    text = set_in(BOX, title)
    assert len(text.lines) > 1
    assert " ".join(text.lines) == title


def test_a_french_quotation_keeps_its_narrow_spaces():
    text = set_in(BOX, "« le cœur au chaud\u00a0», où trouver du bois\u00a0?")
    assert not any(line.startswith(("»", "?")) or line.endswith("«") for line in text.lines)


def test_what_is_too_long_ends_with_an_ellipsis_and_fills_the_box():
    text = set_in(BOX, *["灯油代と雪かきの話、"] * 40)
    assert text.size == 20
    assert not text.whole
    assert len(text.lines) == 4
    assert text.lines[-1].endswith("…")
    assert text.lines[-1][-2] not in "、。「 "


def test_an_address_without_end_is_torn_rather_than_lost():
    text = set_in(BOX, "https://example.jp/" + "x" * 60)
    assert "".join(text.lines) == "https://example.jp/" + "x" * 60


def test_nothing_is_set_as_no_lines():
    assert set_in(BOX, "") == SetText(60, ())


def test_brackets_and_stops_that_meet_share_their_empty_halves():
    assert length("「冬」「夏」", advance) == 4.5  # six, less three empty halves
    assert [x for _, x in placed("「冬」", advance)] == [-0.5, 0.5, 1.5]


def test_a_line_that_is_too_long_is_cut():
    assert cut_to("ラジオネーム冬の入門生さん", 6, advance) == "ラジオネー…"
    assert cut_to("Questions and answers of everybody", 12, advance) == "Questions and answers…"
    assert cut_to("冬", 6, advance) == "冬"


def test_emoji_are_left_out_with_all_that_belongs_to_them():
    def known(letter: str) -> bool:
        return letter < "\U0001f000" and letter not in "\u200d\ufe0f\u2744"

    assert drawable("家族👨‍👩‍👧の❄️冬👍🏽 🇯🇵", known) == "家族の冬"


def test_a_kanji_that_the_font_has_not_is_told_and_a_decomposed_letter_is_composed():
    assert drawable("\u9ad9か\u3099𰻞", lambda letter: letter != "𰻞") == "髙が〓"
    assert drawable("e\u0301te\u0301", everything) == "été"


@given(st.lists(HOSTILE, max_size=6))
@settings(max_examples=examples(60), deadline=None)
def test_whatever_the_words_are_they_stay_in_the_box(pieces):
    phrases = [drawable(piece, everything) for piece in pieces]
    text = fitted(phrases, BOX, advance)
    assert BOX.smallest <= text.size <= BOX.largest
    assert len(text.lines) <= BOX.most_lines
    assert len(text.lines) == 0 or text.size * (1 + (len(text.lines) - 1) * BOX.leading) <= BOX.height
    assert all(length(line, advance) * text.size <= BOX.width + 0.01 for line in text.lines)
    assert all(line == line.strip() and line for line in text.lines)
    if text.whole:
        assert "".join(text.lines).replace(" ", "").replace("\u3000", "") == "".join(phrases).replace(
            " ", ""
        ).replace("\u3000", "")


@given(st.lists(st.text("佐久の灯油ーっ、。「」()ab1 …", min_size=1, max_size=8), min_size=1, max_size=8))
@settings(max_examples=examples(60), deadline=None)
def test_where_lines_end_between_phrases_none_begins_or_ends_as_it_may_not(phrases):
    wide = Box(width=900, height=300, largest=60, smallest=20, most_lines=6)
    text = fitted(phrases, wide, advance)
    for line, following in pairwise(text.lines):
        assert line[-1] not in OPENING
        assert following[0] not in "ーっ、。」)…"


@pytest.mark.parametrize("pair", ["()", "（）", "「」", "«»", "“”"])
def test_a_line_does_not_end_within_any_kind_of_brackets_if_it_can_be_helped(pair):
    text = set_in(BOX, "朝の話 ", f"{pair[0]}冬の ", f"前編{pair[1]} ", "放送分です")
    assert len(text.lines) > 1
    assert not any(line.count(pair[0]) != line.count(pair[1]) for line in text.lines)
