"""Long words in short lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.clean import letters

_AFTER_THESE: Final = "、。!?!?」 "


def lines(words: str, longest: int) -> Iterator[str]:
    """Break long lines, after a mark or a space where there is one in the second half.

    >>> list(lines("こんばんは。佐久の冬の話です。", 9))
    ['こんばんは。', '佐久の冬の話です。']
    """
    line = ""
    for letter in letters(words):
        if len(line) + len(letter) > longest:
            place = max(line.rfind(mark) for mark in _AFTER_THESE) + 1
            if place <= longest // 2:
                place = len(line)
            if line[:place].strip():
                yield line[:place].strip()
            line = line[place:].lstrip()
        line += letter
    if line:
        yield line
