"""Readings stand over kanji and nowhere else, and no letter of the text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.ruby import Ruby, in_phrases, over_kanji, plain


@pytest.mark.parametrize(
    ("word", "reading", "expected"),
    [
        ("取り扱い", "とりあつかい", "取[と]り扱[あつか]い"),
        ("お買い物", "おかいもの", "お買[か]い物[もの]"),
        ("行った", "いった", "行[い]った"),
        ("今日", "きょう", "今日[きょう]"),
        ("三人家族", "サンニンカゾク", "三人家族[さんにんかぞく]"),
        ("受け付け", "うけつけ", "受[う]け付[つ]け"),
        ("八ヶ岳", "やつがたけ", "八ヶ岳[やつがたけ]"),
        ("葛󠄀城", "かつらぎ", "葛󠄀城[かつらぎ]"),
        ("佐々木", "ささき", "佐々木[ささき]"),
        ("𠮷野", "よしの", "𠮷野[よしの]"),
        ("コーヒー豆", "こーひーまめ", "コーヒー豆[まめ]"),
        ("りんご", "りんご", "りんご"),
        ("🍎", "", "🍎"),
    ],
)
def test_a_reading_stands_over_the_kanji_only(word, reading, expected):
    shown = "".join(
        one.base + (f"[{one.reading}]" if one.reading else "") for one in over_kanji(word, reading)
    )
    assert shown == expected


def test_kanji_that_nobody_can_read_are_told():
    (one,) = over_kanji("髙橋", "")
    assert one.unread


def test_a_line_never_breaks_within_a_word():
    pieces = over_kanji("引っ越し", "ひっこし")
    assert len(in_phrases(pieces, ["引っ", "越し"])) == 1


@given(
    st.lists(st.text("佐久市のり引っ髙🍎aァ・ 12", max_size=6), max_size=6),
    st.text("さくしのりひっa", max_size=8),
    st.lists(st.integers(1, 5), max_size=8),
)
def test_no_letter_is_lost_however_words_and_phrases_fall(words, reading, cuts):
    text = "".join(words)
    pieces = [piece for word in words for piece in over_kanji(word, reading)]
    assert "".join(piece.base for piece in pieces) == text
    ends, place = [], 0
    for cut in cuts:
        ends.append(text[place : place + cut])
        place += cut
    assert plain(in_phrases(pieces, [*ends, text[place:]])) == text


def test_bare_letters_are_torn_where_phrases_end():
    assert in_phrases([Ruby("です。では")], ["です。", "では"]) == ((Ruby("です。"),), (Ruby("では"),))
