"""How words are folded and cut for searching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.searching import folded, tokens

TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ﾄｳﾕ", "とうゆ"),
        ("ヴァイオリン", "ゔぁいおりん"),
        ("ＦＭ", "fm"),
        ("髙橋", "高橋"),
        ("Forêt", "foret"),
        ("\ufa19", "神"),
        ("𠮷野家", "吉野家"),
        ("サーバー", "さーばー"),
    ],
)
def test_ways_to_type_a_word_are_alike(typed, meant):
    assert folded(typed) == folded(meant) == meant


def test_dakuten_are_no_accents():
    assert folded("が") != folded("か")


@given(TEXT)
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(TEXT)
def test_every_token_stands_in_the_folded_text(text):
    assert all(token in folded(text) and token for token in tokens(text))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("冬", ["冬"]),
        ("灯油代", ["灯油", "油代", "代"]),
        ("Remote work", ["remote", "work"]),
        ("FM佐久", ["fm", "佐久", "久"]),
        ("18リットル", ["18", "りっ", "っと", "とる", "る"]),
        ("👨‍👩‍👧 🏔", []),
        ("", []),
    ],
)
def test_japanese_is_cut_into_pairs_and_other_scripts_into_words(text, cut):
    assert list(tokens(text)) == cut
