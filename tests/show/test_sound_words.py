"""Figures in words that a host understands."""

from __future__ import annotations

import pytest

from cityhall_fm.show.sound_words import in_words
from cityhall_fm.texts import Catalogue


def names(**processing) -> list[str]:
    return [text.name.partition(".")[2] for text in in_words(processing)]


@pytest.mark.parametrize(
    ("gain", "name"),
    [
        (0.0, "level_same"),
        (-0.9, "level_same"),
        (1.0, "raised_little"),
        (6.0, "raised_much"),
        (20, "raised_very_much"),
        (-3.0, "lowered_little"),
        (-11.9, "lowered_much"),
        (-12.0, "lowered_very_much"),
    ],
)
def test_the_change_of_level_has_a_word(gain, name):
    assert names(gain=gain, limited=0.0) == ["level_done", name]


@pytest.mark.parametrize(("limited", "more"), [(3.0, []), (3.1, ["limited"]), (6.1, ["limited_heavily"])])
def test_only_limiting_that_may_be_heard_is_told(limited, more):
    assert names(gain=0.0, limited=limited)[2:] == more


@pytest.mark.parametrize("processing", [{}, {"gain": None}, {"gain": "3"}])
def test_audio_that_was_not_mastered_here_has_no_words(processing):
    assert in_words(processing) == ()


def test_no_word_is_an_engineers():
    worded = [
        Catalogue(language).word(text)
        for gain in (-20, -8, -2, 0, 2, 8, 20)
        for text in in_words({"gain": gain, "limited": 9.0})
        for language in ("ja", "en", "fr")
    ]
    assert not [line for line in worded if "dB" in line or "LU" in line or "デシベル" in line]
