"""Where Japanese lines may break: between phrases, which BudouX finds."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from budoux.parser import Parser

_JAPANESE: Final = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def phrases(text: str) -> list[str]:
    """Split Japanese where lines may break; other text, which breaks at its spaces, stays whole.

    >>> phrases("It is cold.")
    ['It is cold.']
    """
    if not text:
        return []
    return _parser().parse(text) if _JAPANESE.search(text) else [text]


@cache
def _parser() -> Parser:
    import budoux  # noqa: PLC0415  only Japanese shows need it

    return budoux.load_default_japanese_parser()
