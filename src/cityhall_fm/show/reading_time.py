"""How long it takes to read a text aloud."""

from __future__ import annotations

import re
from typing import Final

from cityhall_fm.show.clean import letters

LETTERS_A_MINUTE: Final = 300
"""Kanji and kana, stops included: the pace at which Japanese broadcasters read, under 400 at any time."""
WORDS_A_MINUTE: Final = 150
"""What speakers of English and French read aloud: 140 to 160."""

_JAPANESE: Final = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_BREATH: Final = frozenset("、。，．！？!?")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,]\d+)*")


def reading_seconds(text: str) -> float:
    """Tell how many seconds a host takes to read a text aloud.

    Kanji and kana count one by one, as people see them, and so do the stops and the digits among them;
    Latin and other words count whole. Brackets, emoji and spaces take no time.

    >>> reading_seconds("佐久市です。"), reading_seconds("It is cold in winter.")
    (1.2, 2.0)
    """
    japanese = _JAPANESE.search(text) is not None
    counted = 0
    rest: list[str] = []
    for letter in letters(text):
        if _JAPANESE.match(letter) or (japanese and (letter in _BREATH or letter[0].isdigit())):
            counted += 1
            rest.append(" ")
        else:
            rest.append(letter)
    words = len(_WORD.findall("".join(rest)))
    return counted * 60 / LETTERS_A_MINUTE + words * 60 / WORDS_A_MINUTE
