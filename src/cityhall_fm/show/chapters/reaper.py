"""Reaper's markers and regions: the Region/Marker Manager's CSV, and the MARKER lines of a project."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Final

from cityhall_fm.show.chapters.parts import chapter_or_problem, problem
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter

_EXAMPLE: Final = "12:34.900"
_UNITS: Final = re.compile(r"\d+\.\d+\.\d+|\d+|\d+:\d+:\d+:\d+", re.ASCII)
"""Measures, samples or frames: which second they are depends on the project."""
_TOKEN: Final = re.compile(r"\"([^\"]*)\"?|'([^']*)'?|`([^`]*)`?|(\S+)")
"""A word, or what stands between two equal quotation marks (WDL, lineparse.h)."""
_REGION: Final = 1


def is_table(text: str) -> bool:
    """Tell the CSV by its heading."""
    heading = next((line for line in text.split("\n") if line.strip()), "")
    return {"name", "start"} <= set(_columns(heading)) and "#" in heading


def is_project(text: str) -> bool:
    """Tell a project by its first word."""
    return text.lstrip().startswith("<REAPER_PROJECT")


def read_table(text: str) -> Iterator[Chapter | Problem]:
    """Read markers, and regions as where they begin; the ruler must have shown minutes and seconds."""
    rows = csv.reader(StringIO(text))
    columns: list[str] = []
    try:
        for row in rows:
            if not columns:
                columns = [name.strip().lower() for name in row]
                if row and not {"name", "start"} <= set(columns):
                    yield problem("chapters.no_columns", rows.line_num, written=",".join(row))
                    return
            elif row:
                known = dict(zip(columns, row, strict=False))
                yield _marker(known.get("start", "").strip(), known.get("name", ""), rows.line_num)
    except csv.Error as error:
        yield problem("chapters.bad_table", rows.line_num, reason=str(error))


def read_project(text: str) -> Iterator[Chapter | Problem]:
    """Read the project's own markers and regions, in seconds; a region's second line is its end."""
    depth, open_regions = 0, set[str]()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if words.startswith("<"):
            depth += 1
        elif words == ">":
            depth -= 1
        elif depth == 1 and words.startswith("MARKER "):
            _, index, time, name, *rest = [*_tokens(words), "", "", "", ""]
            flags = int(rest[0]) if re.fullmatch(r"\d{1,9}", rest[0], re.ASCII) else 0
            if flags & _REGION and index in open_regions:
                open_regions.remove(index)
                continue
            if flags & _REGION:
                open_regions.add(index)
            yield chapter_or_problem(time, name, line=number, example="754.9")


def _marker(start: str, name: str, line: int) -> Chapter | Problem:
    if _UNITS.fullmatch(start):
        return problem("chapters.reaper_units", line, written=start)
    return chapter_or_problem(start, name, line=line, example=_EXAMPLE)


def _columns(heading: str) -> list[str]:
    return [name.strip(' "').lower() for name in heading.split(",")]


def _tokens(line: str) -> list[str]:
    return ["".join(part or "" for part in match.groups()) for match in _TOKEN.finditer(line)]
