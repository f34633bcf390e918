from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.clean import clean, cut, in_bytes, in_units, letters, one_line

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_clean_text_can_stand_in_any_xml(text):
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert ET.fromstring(f"<t>{escaped}</t>".encode()).text in (clean(text), None)  # noqa: S314


def test_names_stay_as_they_were_typed():
    assert clean("髙橋 葛󠄀城 神\ufa19 👨‍👩‍👧") == "髙橋 葛󠄀城 神\ufa19 👨‍👩‍👧"


def test_a_title_is_one_line():
    assert one_line("\n 冬支度\u2028第一回\t\x00 ") == "冬支度 第一回"


@given(ANY_TEXT, st.integers(3, 40))
def test_cut_text_fits_by_any_measure(text, most):
    for size in (len, in_bytes, in_units):
        assert size(cut(text, most, size)) <= most


@given(st.text())
def test_letters_lose_nothing(text):
    assert "".join(letters(text)) == text


def test_a_cut_never_splits_a_letter():
    flags = "🇯🇵🇫🇷🇬🇧"
    assert list(letters(flags)) == ["🇯🇵", "🇫🇷", "🇬🇧"]
    assert cut("家族👨‍👩‍👧‍👦", 8) == "家族…"
    assert cut("か\u3099き\u3099く\u3099", 4) == "か\u3099…"
