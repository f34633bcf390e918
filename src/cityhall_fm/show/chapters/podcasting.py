"""Podcasting 2.0 JSON chapters, version 1.2 (podcast-namespace, docs/examples/chapters/jsonChapters.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from cityhall_fm.show.chapters.parts import problem, time_of, web_address
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

_VERSION: Final = "1.2.0"
_LONGEST: Final = 10_000_000
"""Seconds, as in every other form."""
_LIST: Final = re.compile(r'"chapters"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")


def is_json(text: str) -> bool:
    """Tell JSON by its first sign."""
    return text.lstrip().startswith(("{", "["))


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read the chapters that listeners see; silent ones (`toc: false`) are passed over."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        yield problem("chapters.bad_json", error.lineno, reason=error.msg)
        return
    except (RecursionError, ValueError):  # nested a thousandfold; a number of thousands of digits
        yield problem("chapters.no_json_chapters", 1)
        return
    entries = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        yield problem("chapters.no_json_chapters", 1)
        return
    found = [_chapter(entry) for entry in entries if not _is_silent(entry)]
    if any(isinstance(part, Problem) for part in found):
        lined = zip(entries, _lines(text, len(entries)), strict=True)
        found = [_chapter(entry, line) for entry, line in lined if not _is_silent(entry)]
    yield from found


def write(chapters: Iterable[Chapter], *, title: str, show: str) -> str:
    """Write the document that a feed's `podcast:chapters` points at."""
    about = {"version": _VERSION, "title": one_line(title), "podcastName": one_line(show)}
    document = {name: value for name, value in about.items() if value} | {
        "chapters": [_entry(chapter) for chapter in chapters]
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _is_silent(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("toc") is False


def _chapter(entry: object, line: int | None = None) -> Chapter | Problem:
    if not isinstance(entry, dict) or "startTime" not in entry:
        return problem("chapters.no_time", line, field="startTime", example='"startTime": 754.9')
    start = entry["startTime"]
    at: Timecode | None = None
    if isinstance(start, str):
        at = time_of(start)
    elif isinstance(start, int | float) and not isinstance(start, bool) and 0 <= start < _LONGEST:
        at = Timecode.of_seconds(start)
    if at is None:
        return problem("chapters.bad_time", line, written=_words(start), example="754.9")
    title, url, image = (_words(entry.get(name, "")) for name in ("title", "url", "img"))
    return Chapter(at, one_line(title), web_address(url), web_address(image))


def _words(value: object) -> str:
    """Take text and numbers; what is nested has no words."""
    return str(value) if isinstance(value, str | int | float) else ""


def _entry(chapter: Chapter) -> dict[str, object]:
    milliseconds = chapter.at.milliseconds
    seconds = milliseconds / 1000 if milliseconds % 1000 else milliseconds // 1000
    entry = {"startTime": seconds, "title": one_line(chapter.title), "img": chapter.image, "url": chapter.url}
    return {name: value for name, value in entry.items() if value or name == "startTime"}


def _lines(text: str, count: int) -> list[int | None]:
    """Find the lines on which the chapters begin, which json does not tell."""
    match = _LIST.search(text)
    if not match:
        return [None] * count
    decoder, at, line, counted = json.JSONDecoder(), match.end(), 1, 0
    lines: list[int | None] = []
    for _ in range(count):
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        line += text.count("\n", counted, at)
        counted = at
        lines.append(line)
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:  # the list that was read is another one
            return [None] * count
    return lines
