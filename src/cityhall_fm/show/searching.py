"""How words are compared when somebody searches: Japanese in pairs of letters, other scripts by words.

`templates/pages/search.js` does the same in the browser; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

VARIANTS: Final = dict(
    zip(
        "髙﨑濱濵邉邊齋齊澤廣櫻國嶋嶌眞惠德瀨龍靑黑渕淸𠮷曾槇",
        "高崎浜浜辺辺斎斉沢広桜国島島真恵徳瀬竜青黒淵清吉曽槙",
        strict=True,
    )
)
"""Letters of names that people type either way."""
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_KATAKANA: Final = {letter: letter - 0x60 for letter in range(ord("ァ"), ord("ヶ") + 1)}
_FOLDED: Final[dict[int, int | str]] = {**_KATAKANA, **{ord(one): other for one, other in VARIANTS.items()}}
_RUN: Final = re.compile(r"[^\W_]+")
_WIDE: Final = "\u2e80"
"""From here on scripts are written without spaces between words."""
_LONGEST: Final = 24


def folded(text: str) -> str:
    """Make alike what a searcher means alike: width, case, accents, katakana and hiragana, old kanji.

    >>> folded("ﾄｳﾕ代、Été、髙橋")
    'とうゆ代、ete、高橋'
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain).lower().translate(_FOLDED)


def tokens(text: str) -> Iterator[str]:
    """Cut a text into what is looked up: pairs of Japanese letters, whole words of other scripts.

    The last letter of a Japanese run also stands alone, so that one letter finds every place it is in.

    >>> list(tokens("灯油代 3か月"))
    ['灯油', '油代', '代', '3', 'か月', '月']
    """
    for run in _RUN.findall(folded(text)):
        for piece, wide in _by_script(run):
            if not wide:
                yield piece[:_LONGEST]
                continue
            yield from (piece[place : place + 2] for place in range(len(piece) - 1))
            yield piece[-1]


def _by_script(run: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for place in range(1, len(run) + 1):
        if place == len(run) or (run[place] >= _WIDE) != (run[start] >= _WIDE):
            yield run[start:place], run[start] >= _WIDE
            start = place
