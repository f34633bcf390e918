"""Lines of Japanese and Latin text in a box: where they may break, and how large the letters can be.

The rules are those of JLREQ (Requirements for Japanese Text Layout, W3C): 3.1.7 and 3.1.8 for what may not
begin or end a line, 3.1.2, 3.1.4 and 3.1.5 for the space around brackets and stops. Lengths are in em unless
named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from cityhall_fm.show.clean import letters, one_line

Advance = Callable[[str], float]
"""How wide a letter is."""

_OPENING: Final = "「『（【〈《〔［｛｟〘〖"
_ENDING: Final = "」』）】〉》〕］｝｠〙〗"
_CLOSING: Final = f"{_ENDING}、。，．"
_BREATH: Final = f"{_CLOSING}・：；！？:;,.!?"
_NOT_FIRST: Final = frozenset(
    f"{_CLOSING}｡､｣・･：；！？‼⁇⁈⁉…‥ー‐〜～–—ｰ゛゜々〻ゝゞヽヾ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    "%‰％°℃′″)]}»”’,.:;!?\u00a0\u202f"
)
_NOT_LAST: Final = frozenset(f"{_OPENING}｢([{{«“‘¥￥$＄£€#＃№\u00a0\u202f")
_INSEPARABLE: Final = frozenset(("……", "‥‥", "——", "──"))
_WIDE: Final = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_GETA: Final = "〓"
"""What Japanese printers set for a kanji that they have not."""
_ELLIPSIS: Final = "…"
_MOST: Final = 400
"""Letters: more than any box takes."""
_STEP: Final = 2
"""Pixels from one size that is tried to the next."""
_SMALLER: Final = 0.9
"""What it costs to be smaller, for the whole size; so uneven lines are only worth so much."""
_ROUGH: Final = 0.06
"""What a line costs that does not end where one breathes."""
_WITHIN: Final = 0.15
"""What a line costs that ends within brackets."""
_DROPPED: Final = 1.1
"""How much longer than its lines a text may be, since spaces vanish between them."""
_MORE_LINES: Final = 0.02


@dataclass(frozen=True, slots=True)
class Box:
    """A place for text; pixels."""

    width: int
    height: int
    largest: int
    smallest: int
    most_lines: int
    leading: float = 1.32
    """From line to line, in sizes of the letters."""


@dataclass(frozen=True, slots=True)
class SetText:
    """Lines of one size, in pixels."""

    size: int
    lines: tuple[str, ...]
    whole: bool = True
    """False where it did not fit and ends with an ellipsis."""


def drawable(text: str, has: Callable[[str], bool]) -> str:
    """Keep what a font can draw: emoji are left out, marks that it cannot place too, a missing kanji is 〓.

    >>> drawable("🎉 髙橋さんの 🍎🍏 りんご", lambda letter: ord(letter) < 0x10000)
    '髙橋さんの りんご'
    """
    kept: list[str] = []
    for letter in letters(unicodedata.normalize("NFC", one_line(text))):
        first = letter[0]
        if len(letter) > 1 and not has(letter[-1]) and unicodedata.category(first) == "So":
            continue  # ❤️, ©️: a sign in its coloured form
        if has(first) and (first == " " or first.isprintable() or first == "\u00a0"):
            kept.append(first)
        elif unicodedata.category(first) == "Zs":
            kept.append("\u00a0" if first == "\u202f" else " ")
        elif _IDEOGRAPH.match(first):
            kept.append(_GETA)
    return re.sub(" +", " ", "".join(kept)).strip()


def fitted(phrases: Sequence[str], box: Box, advance: Advance) -> SetText:
    """Set phrases in the box as large and as evenly as they go; what is too long ends with an ellipsis.

    Lines end between phrases or words; only what is wider than the box at the smallest size is torn.
    """
    text, ends = _joined(phrases)
    if not text:
        return SetText(box.largest, ())
    best: tuple[float, SetText] | None = None
    for size in range(box.largest, box.smallest - 1, -_STEP):
        loss = _SMALLER * (box.largest - size) / box.largest
        if best and loss >= best[0]:
            break
        found = _evenly(text, ends, box.width / size, _room(box, size), advance)
        if found and (best is None or found[0] + loss < best[0]):
            best = found[0] + loss, SetText(size, found[1])
    return best[1] if best else _filled(text, ends, box, advance)


def cut_to(text: str, width: float, advance: Advance) -> str:
    """Keep a text on one line; what is too long ends with an ellipsis."""
    return text if length(text, advance) <= width else _shortened(text, width, advance)


def placed(line: str, advance: Advance) -> Sequence[tuple[str, float]]:
    """Tell where each letter of a line begins; brackets and stops that meet share their empty halves."""
    places = []
    x = -_half(line[:1], _OPENING, advance)
    for before, letter in pairwise(("", *line)):
        x -= _tightened(before, letter, advance)
        places.append((letter, x))
        x += advance(letter)
    return places


def length(line: str, advance: Advance) -> float:
    """Measure a line as it is placed, without the empty half of a stop at its end."""
    if not line:
        return 0
    last, x = placed(line, advance)[-1]
    return x + advance(last) - _half(last, _CLOSING, advance)


def _joined(phrases: Iterable[str]) -> tuple[str, frozenset[int]]:
    """Give the text, and where its phrases and words end."""
    text, ends = "", set()
    for phrase in phrases:
        text += phrase
        ends.add(len(text))
    text = text[:_MOST]
    ends |= {place + 1 for place, letter in enumerate(text) if letter in " \u3000"}
    return text, frozenset(end for end in ends if _may_break(text, end))


def _may_break(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    before, after = text[:place].rstrip(" ")[-1:], text[place]
    if after == " " or after in _NOT_FIRST or not before or before in _NOT_LAST:
        return False
    return before + after not in _INSEPARABLE


def _may_tear(text: str, place: int) -> bool:
    """Tell whether a line may end within a phrase: not within Latin words and numbers."""
    beside = text[place - 1 : place + 1]
    return _may_break(text, place) and any(_WIDE.match(letter) for letter in beside)


def _evenly(
    text: str, ends: frozenset[int], width: float, most: int, advance: Advance
) -> tuple[float, tuple[str, ...]] | None:
    """Break into lines of about one length, rather after a stop or before a bracket; None if they do not fit.

    The best way to each end is kept for every number of lines; the least cost wins, fewer lines first.
    """
    if length(text, advance) > most * width * _DROPPED:
        return None
    stops = (*sorted(ends), len(text))
    even = min(width, max(1.0, sum(map(advance, text)) / max(1, _least_lines(text, width, advance))))

    @cache
    def lines_from(start: int) -> Sequence[tuple[int, str, float]]:
        reach = _fitting(text, start, width, advance)
        found = []
        for end in (stop for stop in stops if start < stop <= reach):
            line = text[start:end].strip(" \u3000")
            uneven = ((length(line, advance) - even) / width) ** 2
            found.append((end, line, _MORE_LINES + _roughness(text, end) + uneven))
        return found

    ways: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    best: tuple[float, tuple[str, ...]] | None = None
    for count in range(1, most + 1):
        further: dict[int, tuple[float, tuple[str, ...]]] = {}
        for start, (before, lines) in ways.items():
            for end, line, cost in lines_from(start):
                if end not in further or before + cost < further[end][0]:
                    further[end] = before + cost, (*lines, line)
        done = further.pop(len(text), None)
        if done and (best is None or done[0] < best[0]):
            best = done
        ways = further
        if best and count * _MORE_LINES >= best[0]:
            break
    return best


def _least_lines(text: str, width: float, advance: Advance) -> int:
    return -int(-sum(map(advance, text)) // width)


def _roughness(text: str, place: int) -> float:
    """Tell what it costs to end a line here: nothing where one breathes, most within brackets."""
    if place == len(text):
        return 0.0
    before, after = text[:place].rstrip(" \u3000")[-1:], text[place]
    if sum(map(text[:place].count, _OPENING + "(«“")) > sum(map(text[:place].count, _ENDING + ")»”")):
        return _WITHIN
    breathes = before in _BREATH or after in f"{_OPENING}(«“" or text[place - 1] == "\u3000"
    return 0.0 if breathes else _ROUGH


def _filled(text: str, ends: frozenset[int], box: Box, advance: Advance) -> SetText:
    """Fill line after line at the smallest size, tearing what is too wide, and cut what is too much."""
    width = box.width / box.smallest
    lines: list[str] = []
    start = 0
    while start < len(text):
        most = _fitting(text, start, width, advance)
        end = most
        if most < len(text):
            reachable = range(most, start, -1)
            end = next((at for at in reachable if at in ends), 0)
            end = end or next((at for at in reachable if _may_tear(text, at)), most)
        lines.append(text[start:end].strip(" \u3000"))
        start = end
    lines = [line for line in lines if line]
    room = _room(box, box.smallest)
    if len(lines) <= room:
        return SetText(box.smallest, tuple(lines))
    kept = lines[:room]
    return SetText(box.smallest, (*kept[:-1], _shortened(kept[-1], width, advance)), whole=False)


def _fitting(text: str, start: int, width: float, advance: Advance) -> int:
    """Tell how far a line that begins here may go; at least one letter, or it would never end."""
    x = -_half(text[start], _OPENING, advance)
    for place in range(start, len(text)):
        before = text[place - 1] if place > start else ""
        x += advance(text[place]) - _tightened(before, text[place], advance)
        hanging = _half(text[place], _CLOSING, advance) or (advance(" ") if text[place] == " " else 0)
        if x - hanging > width:
            return max(place, start + 1)
    return len(text)


def _shortened(line: str, width: float, advance: Advance) -> str:
    kept = line
    while kept and length(kept + _ELLIPSIS, advance) > width:
        kept = kept[:-1]
    words = kept.rpartition(" ")[0]
    if len(kept) < len(line) and len(words) > len(kept) // 2 and not _WIDE.match(kept[-1]):
        kept = words  # no half of a Latin word
    while kept and (kept[-1] in _NOT_LAST or kept[-1] in f"{_CLOSING} ・…,.:;" or kept[-1].isspace()):
        kept = kept[:-1]
    return kept + _ELLIPSIS


def _room(box: Box, size: int) -> int:
    lines = 1 + int((box.height - size) // (size * box.leading))
    return max(1, min(box.most_lines, lines))


def _tightened(before: str, letter: str, advance: Advance) -> float:
    """Tell how much nearer a letter stands to the one before it than they are wide."""
    if not before or not letter:
        return 0
    if letter in _OPENING and before in _CLOSING + _OPENING:
        return _half(letter, _OPENING, advance)
    if letter in _CLOSING and before in _CLOSING:
        return _half(before, _CLOSING, advance)
    return 0


def _half(letter: str, of: str, advance: Advance) -> float:
    """Measure the empty half of a bracket or stop; narrow ones have none."""
    return advance(letter) / 2 if letter and letter in of and advance(letter) >= 1 else 0
