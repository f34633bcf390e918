"""Text that every reader can take: without what XML forbids, and cut between letters as people see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_BREAKS: Final = re.compile("[ \t\n\x85\u2028\u2029]+")
_JOINER: Final = "\u200d"
_ELLIPSIS: Final = "…"


def clean(text: str) -> str:
    r"""Drop what XML 1.0 cannot carry (section 2.2) and unify line ends; all else stays as it was typed.

    >>> clean("佐久\x00の\ud83d冬\ufffe")
    '佐久の冬'
    >>> clean("髙橋\r\n葛󠄀城")
    '髙橋\n葛󠄀城'
    """
    if text.isprintable():  # most text is, and is told so much faster
        return text
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    r"""Clean a title or a name: no line breaks, no spaces at its ends; a wide space within stays.

    >>> one_line("  冬支度 \n 髙橋　はな ")
    '冬支度 髙橋　はな'
    """
    if text.isprintable() and "  " not in text:  # the common case, much faster
        return text.strip()
    return _BREAKS.sub(" ", clean(text)).strip()


def cut(text: str, most: int, size: Callable[[str], int] = len) -> str:
    """Shorten to `most`, the ellipsis included, and never inside a letter as people see it.

    >>> cut("佐久の冬支度", 4)
    '佐久の…'
    >>> cut("家族👨‍👩‍👧の話", 5)
    '家族…'
    >>> cut("冬支度", 9, in_bytes)
    '冬支度'
    """
    if size(text) <= most:
        return text
    kept: list[str] = []
    room = most - size(_ELLIPSIS)
    for letter in letters(text):
        room -= size(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + _ELLIPSIS


def in_bytes(text: str) -> int:
    """Measure as feeds do: UTF-8."""
    return len(text.encode("utf-8", "replace"))


def in_units(text: str) -> int:
    """Measure as JavaScript does, UTF-16: never less than Slack counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def letters(text: str) -> Iterator[str]:
    """Split into letters as people see them: marks, joined emoji, skin tones and flags stay whole.

    >>> list(letters("か\u3099🇯🇵👍🏽"))
    ['か\u3099', '🇯🇵', '👍🏽']
    """
    letter = ""
    for character in text:
        if letter and not _continues(letter, character):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def _continues(letter: str, character: str) -> bool:
    """Tell whether the character belongs to the letter before it (the common rules of UAX #29)."""
    if character == _JOINER or letter.endswith(_JOINER) or unicodedata.category(character).startswith("M"):
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return len(letter) == 1 and _is_flag(letter) and _is_flag(character)


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
