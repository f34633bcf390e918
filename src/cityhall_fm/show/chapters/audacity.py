"""Audacity's labels: start, end and text between tabs, in seconds.

Audacity Manual, Importing and Exporting Labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cityhall_fm.show.chapters.parts import chapter_or_problem, problem
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter

_LABEL: Final = re.compile(r"\s*-?\d+(?:[.,]\d*)?\t-?\d+(?:[.,]\d*)?(?:\t.*)?", re.ASCII)
_FREQUENCIES: Final = "\\"
"""Begins the second line of a label that was set in a spectrogram."""


def is_labels(text: str) -> bool:
    """Tell labels from a plain list: two numbers with a tab between them."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return bool(_LABEL.fullmatch(first))


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read point labels, and region labels as where they begin."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith(_FREQUENCIES):
            continue
        start, tab, rest = line.partition("\t")
        if not tab:
            yield problem("chapters.bad_label", number, written=line)
        else:
            _, _, title = rest.partition("\t")
            yield chapter_or_problem(start, title, line=number, example="754.900000")


def write(chapters: Iterable[Chapter]) -> str:
    """Write point labels, which begin and end together."""
    return "".join(
        f"{_seconds(chapter)}\t{_seconds(chapter)}\t{one_line(chapter.title)}\n" for chapter in chapters
    )


def _seconds(chapter: Chapter) -> str:
    whole, milliseconds = divmod(chapter.at.milliseconds, 1000)
    return f"{whole}.{milliseconds:03}000"
