"""How Japanese words are read: SudachiPy with its small dictionary, and what hosts have corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from cityhall_fm.show.ruby import Ruby, has_kanji, hiragana, is_reading, over_kanji
from cityhall_fm.show.searching import VARIANTS

if TYPE_CHECKING:
    from sudachipy import Tokenizer

_MOST_BYTES: Final = 40_000
"""SudachiPy takes 49,149 bytes at once."""
_AS_DICTIONARIES_WRITE: Final = str.maketrans(VARIANTS)


class SudachiFurigana:
    """Fulfils Furigana. The dictionary is loaded with the first text."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._words = lru_cache(maxsize=4096)(self._looked_up)

    def set(self, text: str, known: Mapping[str, str]) -> Sequence[Ruby]:
        made: list[Ruby] = []
        for piece, reading in _by_known(text, known):
            if reading is not None:
                made += over_kanji(piece, hiragana(reading))
            else:
                for word, read_as in self._words(piece):
                    made += over_kanji(word, read_as)
        return _joined(made)

    def _looked_up(self, text: str) -> tuple[tuple[str, str], ...]:
        return tuple(word for piece in _pieces(text) for word in self._tokens(piece))

    def _tokens(self, text: str) -> Iterator[tuple[str, str]]:
        # Old kanji of names are looked up as the dictionary writes them: one letter for one letter.
        with self._lock:
            found = [
                (token.begin(), token.end(), token.reading_form())
                for token in self._tokenizer.tokenize(text.translate(_AS_DICTIONARIES_WRITE))
            ]
        for begin, end, reading in found:
            word = text[begin:end]
            yield word, hiragana(reading) if has_kanji(word) and is_reading(reading) else ""

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from sudachipy import Dictionary, SplitMode  # noqa: PLC0415  60 ms and 70 MB, once, when needed

        return Dictionary(dict="small").tokenizer(mode=SplitMode.C)


def _by_known(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Cut out the words whose readings are known, the longest first."""
    words = sorted((word for word in known if word and word in text), key=len, reverse=True)
    if not words:
        yield text, None
        return
    place = 0
    for match in re.finditer("|".join(map(re.escape, words)), text):
        if match.start() > place:
            yield text[place : match.start()], None
        yield match[0], known[match[0]]
        place = match.end()
    if place < len(text):
        yield text[place:], None


def _pieces(text: str) -> Iterator[str]:
    step = _MOST_BYTES // 4  # a letter takes at most four bytes
    return (text[start : start + step] for start in range(0, len(text), step))


def _joined(pieces: Sequence[Ruby]) -> Sequence[Ruby]:
    """Join bare letters that follow each other."""
    made: list[Ruby] = []
    for piece in pieces:
        if made and not (piece.word or piece.reading or made[-1].word or made[-1].reading):
            made[-1] = Ruby(made[-1].base + piece.base)
        else:
            made.append(piece)
    return made
