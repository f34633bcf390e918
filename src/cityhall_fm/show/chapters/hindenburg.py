"""Markers of a Hindenburg session (.nhsx).

Its XML is told by two published readers, Hindbær and podcast-chapter-parser-hindenburg, and their sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.chapters.markup import elements
from cityhall_fm.show.chapters.parts import chapter_or_problem, problem
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter

_EXAMPLE: Final = "12:34.900"


def is_session(text: str) -> bool:
    """Tell a session from XML with Podlove's chapters."""
    return text.lstrip().startswith("<") and "<Session" in text and "simple-chapters" not in text


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read the markers that are chapters; where none is (older sessions know no type), all of them."""
    found = elements(text, {"Marker"})
    if isinstance(found, Problem):
        yield found
        return
    chapters = [marker for marker in found if marker.attributes.get("Type", "").lower() == "chapter"]
    for marker in chapters or found:
        known = marker.attributes
        if "Time" not in known:
            yield problem("chapters.no_time", marker.line, field="Time", example=f'Time="{_EXAMPLE}"')
            continue
        yield chapter_or_problem(
            known["Time"], known.get("Name", ""), line=marker.line, example=_EXAMPLE, url=known.get("URL", "")
        )
