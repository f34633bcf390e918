"""Was this answered before? Compares a new question with answered ones by what they speak of.

No model and no dictionary: letters in pairs for Japanese, in threes for words of other scripts, rare ones
weighing more than common ones, grammar weighing little.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from cityhall_fm.show.library import AnsweredQuestion
from cityhall_fm.show.searching import folded

LEAST_ALIKE: Final = 0.3
"""Below this nothing is offered: a wrong offer tells an asker that they were not read."""

_RUN: Final = re.compile(r"[^\W_]+")
_WIDE: Final = "\u2e80"
_HIRAGANA: Final = re.compile(r"[\u3041-\u309f]+")
_GRAMMAR, _SHORT_WORD, _MIXED, _WORD_PART, _CONTENT = 0.05, 0.05, 0.25, 0.5, 1.0
"""How much a piece says by its letters; at the edge of a word (`代は`) less than within it (`油代`)."""
_EVIDENCE: Final = 2.0
"""So much at least must be shared: one common word is no likeness."""
_ASKING: Final = re.compile(
    "教えて|おしえて|知りたい|聞きた|聞きま|お願い|気にな|下さい|探して|思いま|心配|本当|必要|大変|迷って"
    r"|\b(?:how|what|where|when|which|there|really|need|should|would|could|please|have|with|your|for)\b"
    r"|\b(?:quels?|quelles?|comment|combien|faut|faire|pour|avec|est-ce|peut-on|dans)\b",
    re.IGNORECASE,
)
"""How people ask, whatever they ask about."""
_SHORT: Final = 3
"""Words of other scripts up to this length are mostly articles and prepositions."""
_TITLE, _QUOTE, _SUMMARY = 1.0, 0.9, 0.6
"""A title says what an answer is about; a summary also says much else."""
_LETTERS_READ: Final = 2000

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Similar:
    """An answered question that is like the new one; `alike` is from 0 to 1."""

    answered: AnsweredQuestion
    alike: float


class AnsweredBefore:
    """All answered questions, ready to be compared with."""

    def __init__(self, answered: Sequence[AnsweredQuestion]) -> None:
        self._answered = tuple(answered)
        self._fields = [_fields(one) for one in self._answered]
        whole = [frozenset().union(*(field for field, _ in fields)) for fields in self._fields]
        self._in_how_many = Counter(pair for each in whole for pair in each)
        self._known: dict[str, float] = {}
        for field in (field for fields in self._fields for field, _ in fields):
            for pair, says in field.items():
                self._known[pair] = max(says, self._known.get(pair, 0.0))

    def like(self, words: str, *, most: int = 3, least: float = LEAST_ALIKE) -> tuple[Similar, ...]:
        """Find what was answered to a question like this, the most alike first."""
        asked = pairs(words[:_LETTERS_READ])
        found = [
            Similar(answered, alike)
            for answered, fields in zip(self._answered, self._fields, strict=True)
            if (alike := self._alike(asked, fields)) >= least
        ]
        found.sort(key=lambda one: (-one.alike, one.answered.id))
        return tuple(found[:most])

    def _alike(self, asked: Weights, fields: Sequence[tuple[Weights, float]]) -> float:
        """Take the nearest of title, quotation and summary, and how much of the question they all cover."""
        shared = asked.keys() & {pair for field, _ in fields for pair in field}
        if sum(self._says(pair, asked) for pair in shared) < _EVIDENCE:
            return 0.0
        nearest = max(trust * self._dice(asked, field) for field, trust in fields)
        covered = self._sum(shared, asked) / self._sum(asked, asked)
        return (nearest + covered) / 2

    def _dice(self, one: Weights, other: Weights) -> float:
        """Twice the shared over the sum of both (Dice, 1945), each piece weighing what it says."""
        both = self._sum(one, one) + self._sum(other, one)
        return 2 * self._sum(one.keys() & other.keys(), one) / both if both else 0.0

    def _sum(self, among: Iterable[str], asked: Weights) -> float:
        return sum(self._says(pair, asked) * self._rarity(pair) for pair in among)

    def _says(self, pair: str, asked: Weights) -> float:
        """Weigh a piece by its most telling spelling: some write バス, some ばす."""
        return max(self._known.get(pair, 0.0), asked.get(pair, 0.0))

    def _rarity(self, pair: str) -> float:
        return 1.0 + log((len(self._answered) + 1) / (self._in_how_many.get(pair, 0) + 1))


def pairs(text: str) -> dict[str, float]:
    """Cut a text into what is compared, with how much each piece says.

    Katakana and hiragana, widths and old forms of kanji are alike; pure hiragana is mostly grammar.

    >>> pairs("灯油代は")
    {'灯油': 1.0, '油代': 1.0, '代は': 0.25}
    >>> sorted(pairs("トウユ")) == sorted(pairs("とうゆ"))
    True
    """
    found: dict[str, float] = {}
    about = _ASKING.sub(" ", unicodedata.normalize("NFKC", text))
    for run in _RUN.findall(about):
        for piece in _by_script(run):
            for part, weight in _wide(piece) if piece[0] >= _WIDE else _narrow(piece):
                found[part] = max(weight, found.get(part, 0.0))
    return found


def _wide(piece: str) -> Iterator[tuple[str, float]]:
    if len(piece) == 1:
        yield folded(piece), _GRAMMAR if _HIRAGANA.fullmatch(piece) else _CONTENT / 2
    for place in range(len(piece) - 1):
        pair = piece[place : place + 2]
        grammatical = sum(map(bool, map(_HIRAGANA.fullmatch, pair)))
        yield folded(pair), (_CONTENT, _MIXED, _GRAMMAR)[grammatical]


def _narrow(word: str) -> Iterator[tuple[str, float]]:
    word = folded(word)
    if len(word) <= _SHORT:
        yield word, _SHORT_WORD
    for place in range(len(word) - 2 if len(word) > _SHORT else 0):
        yield word[place : place + 3], _WORD_PART


def _by_script(run: str) -> Iterator[str]:
    start = 0
    for place in range(1, len(run) + 1):
        if place == len(run) or (run[place] >= _WIDE) != (run[start] >= _WIDE):
            yield run[start:place]
            start = place


def _fields(answered: AnsweredQuestion) -> tuple[tuple[Weights, float], ...]:
    part = answered.part
    quoted = part.asked.quote.words if part.asked and part.asked.quote else ""
    return tuple(
        (pairs(words[:_LETTERS_READ]), trust)
        for words, trust in ((part.title, _TITLE), (quoted, _QUOTE), (part.summary, _SUMMARY))
    )
