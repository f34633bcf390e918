"""Words are read as the dictionary says, unless a host or a name's owner says otherwise."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.furigana import SudachiFurigana
from cityhall_fm.show.ruby import is_reading
from thorough import examples

FURIGANA = SudachiFurigana()


def shown(text, **known):
    return "".join(
        piece.base + (f"[{piece.reading}]" if piece.reading else "") for piece in FURIGANA.set(text, known)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("髙橋さんの灯油代。", "髙橋[たかはし]さんの灯油[とうゆ]代[だい]。"),
        ("お買い物🍎", "お買[か]い物[もの]🍎"),
        ("FMラジオ", "FMラジオ"),
        ("18リットル", "18リットル"),
        ("", ""),
    ],
)
def test_a_text_is_set(text, expected):
    assert shown(text) == expected


def test_what_a_host_corrected_comes_first_and_the_longest_first_of_all():
    assert shown("水道管と水道", 水道管="スイドウカン", 水道="みず") == "水道管[すいどうかん]と水道[みず]"


def test_a_very_long_text_is_set_too():
    assert "".join(piece.base for piece in FURIGANA.set("佐久の冬。" * 9000, {})) == "佐久の冬。" * 9000


def test_several_read_at_once():
    told = []
    threads = [threading.Thread(target=lambda: told.append(shown("佐久の冬" * 9))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(told)) == 1
    assert len(told) == 4


@settings(max_examples=examples(80), deadline=None)
@given(st.text(max_size=40) | st.text("佐久市冬灯油髙々ヶりっ、🍎a1\u3099\U000e0100", max_size=20))
def test_no_letter_is_lost_and_readings_are_kana(text):
    pieces = FURIGANA.set(text, {"佐久": "さく", "冬": "ふゆ"})
    assert "".join(piece.base for piece in pieces) == text
    assert all(is_reading(piece.reading) for piece in pieces if piece.reading)
