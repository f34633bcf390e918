"""Japanese lines of a page break between phrases: the places are marked at build."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Final

from markupsafe import Markup, escape

from cityhall_fm.phrases import phrases

_BREAK: Final = "<wbr>"
_TAG: Final = re.compile(r"(<[^>]+>)")
_BLOCK: Final = re.compile(r"</?(?:p|li|h[1-6]|blockquote|td|th|tr|ul|ol|table|br|hr|figure|div)\b")
_AS_IT_IS: Final = re.compile(r"<(?P<end>/?)(?:pre|code|ruby)\b")


def in_phrases(text: str) -> Markup:
    """Mark where a line may break; Markup keeps its tags, other text is escaped.

    Phrases run on through emphasis and links; code and readings stay as they are.
    """
    return _marked(str(escape(text)))


@lru_cache(maxsize=8192)
def _marked(html: str) -> Markup:
    """Mark the breaks in HTML; titles and summaries stand on several pages, so each is done once."""
    pieces = _TAG.split(html)
    made: list[str] = []
    run: list[tuple[int, str]] = []  # pieces of words that belong together, and their places in `made`
    kept = 0
    for piece in pieces:
        literal = _AS_IT_IS.match(piece)
        if literal:
            kept += -1 if literal["end"] else 1
        if _BLOCK.match(piece) or literal:
            _break(run, made)
        elif piece and not piece.startswith("<") and not kept:
            run.append((len(made), unescape(piece)))
        made.append(piece)
    _break(run, made)
    return Markup("".join(made))  # noqa: S704  its own tags and <wbr>, the words escaped again


def _break(run: list[tuple[int, str]], made: list[str]) -> None:
    """Write the phrases of one run of words back into their pieces."""
    words = "".join(piece for _, piece in run)
    ends: set[int] = set()
    end = 0
    for phrase in phrases(words):
        end += len(phrase)
        ends.add(end)
    ends.discard(len(words))
    done = 0
    for place, piece in run:
        written = ""
        start = 0
        for at in sorted(at - done for at in ends if done <= at < done + len(piece)):
            written += str(escape(piece[start:at])) + _BREAK
            start = at
        made[place] = written + str(escape(piece[start:]))
        done += len(piece)
    run.clear()
