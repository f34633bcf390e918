"""Readings over kanji, and only over them: what is written in kana reads itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_KANJI: Final = re.compile(
    "[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe0f\U000e0100-\U000e01ef]?"
)
_TO_HIRAGANA: Final = {letter: letter - 0x60 for letter in range(ord("ァ"), ord("ヶ") + 1)}
_ONLY_KANA: Final = re.compile("[\u3041-\u309f\u30a0-\u30ff\\s・]+")


@dataclass(frozen=True, slots=True)
class Ruby:
    """Letters, and how they are read where that must be told; `word` is the word that they belong to."""

    base: str
    reading: str = ""
    word: str = ""
    """As somebody would correct it: with its okurigana; empty where there is nothing to correct."""

    @property
    def unread(self) -> bool:
        """Whether it holds kanji that nobody knows how to read."""
        return bool(self.word) and not self.reading and has_kanji(self.base)


Phrase = tuple[Ruby, ...]
"""What is read in one breath: a line breaks only after it."""


def has_kanji(text: str) -> bool:
    """Tell whether there is anything whose reading must be known."""
    return _KANJI.search(text) is not None


def is_reading(text: str) -> bool:
    """Tell whether a text is kana, as a reading must be.

    >>> is_reading("たかはし はな"), is_reading("タカハシ"), is_reading("髙橋")
    (True, True, False)
    """
    return _ONLY_KANA.fullmatch(text) is not None


def hiragana(text: str) -> str:
    """Write a reading in hiragana, as furigana is.

    >>> hiragana("トリアツカイ")
    'とりあつかい'
    """
    return text.translate(_TO_HIRAGANA)


def over_kanji(word: str, reading: str) -> Phrase:
    """Set a word's reading over its kanji; kana between them is matched with the reading and stays bare.

    Where the two do not fit together, the reading stands over the whole word.

    >>> [(one.base, one.reading) for one in over_kanji("取り扱い", "とりあつかい")]
    [('取', 'と'), ('り', ''), ('扱', 'あつか'), ('い', '')]
    >>> [(one.base, one.reading) for one in over_kanji("お買い物", "おかいもの")]
    [('お', ''), ('買', 'か'), ('い', ''), ('物', 'もの')]
    """
    if not has_kanji(word):
        return (Ruby(word),)
    if not reading:
        return (Ruby(word, word=word),)
    runs = _runs(word)
    pattern = "".join("(.+?)" if kanji else f"({re.escape(hiragana(run))})" for run, kanji in runs)
    match = re.fullmatch(pattern, hiragana(reading))
    if match is None:
        return (Ruby(word, reading, word),)
    read = zip(runs, match.groups(), strict=True)
    return tuple(Ruby(run, part if kanji else "", word) for (run, kanji), part in read)


def in_phrases(pieces: Sequence[Ruby], phrases: Iterable[str]) -> tuple[Phrase, ...]:
    """Group what is set by where the lines of its text may break; words stay whole.

    >>> pieces = (Ruby("灯油", "とうゆ", "灯油"), Ruby("は"), Ruby("高", "たか", "高い"), Ruby("い"))
    >>> [[one.base for one in phrase] for phrase in in_phrases(pieces, ["灯油は", "高い"])]
    [['灯油', 'は'], ['高', 'い']]
    """
    ends: set[int] = set()
    end = 0
    for phrase in phrases:
        end += len(phrase)
        ends.add(end)
    made: list[Phrase] = []
    here: list[Ruby] = []
    place = 0
    for number, piece in enumerate(pieces):
        following = pieces[number + 1].word if number + 1 < len(pieces) else ""
        for part in _torn(piece, [at - place for at in sorted(ends)]):
            here.append(part)
            place += len(part.base)
            if place in ends and not (piece.word and piece.word == following):
                made.append(tuple(here))
                here = []
    return (*made, tuple(here)) if here else tuple(made)


def plain(phrases: Iterable[Phrase]) -> str:
    """Give the text without its readings."""
    return "".join(piece.base for phrase in phrases for piece in phrase)


def _torn(piece: Ruby, ends: Sequence[int]) -> Sequence[Ruby]:
    """Tear bare letters where a phrase ends in them."""
    within = [at for at in ends if 0 < at < len(piece.base)]
    if piece.reading or piece.word or not within:
        return (piece,)
    borders = [0, *within, len(piece.base)]
    return [Ruby(piece.base[start:end]) for start, end in pairwise(borders)]


def _runs(word: str) -> Sequence[tuple[str, bool]]:
    """Split into runs of kanji and of anything else."""
    runs: list[tuple[str, bool]] = []
    place = 0
    for match in _KANJI.finditer(word):
        if match.start() > place:
            runs.append((word[place : match.start()], False))
        if runs and runs[-1][1] and match.start() == place:
            runs[-1] = (runs[-1][0] + match[0], True)
        else:
            runs.append((match[0], True))
        place = match.end()
    if place < len(word):
        runs.append((word[place:], False))
    return runs
