"""A file of chapters as Podcasting 2.0 describes it (jsonChapters 1.2.0)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import PODCASTING, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.syntax import is_web_address

_VERSIONS: Final = ("1.0.0", "1.1.0", "1.2.0")


def chapters_rules(place: Place, tag: Element, content: bytes) -> Iterator[Finding]:
    """Check a file of chapters; problems of single chapters tell their number, from 1."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        yield place.error("json_broken", tag, PODCASTING)
        return
    if not isinstance(document, dict) or not isinstance(document.get("chapters"), list):
        yield place.error("json_without", tag, PODCASTING, key="chapters")
        return
    if document.get("version") not in _VERSIONS:
        version = values.shown(json.dumps(document.get("version")))
        yield place.error("chapters_version", tag, PODCASTING, value=version)
    chapters = document["chapters"]
    if not chapters:
        yield place.warning("chapters_none", tag, PODCASTING)
    before = -1.0
    for number, chapter in enumerate(chapters, 1):
        start = _seconds(chapter.get("startTime")) if isinstance(chapter, dict) else None
        if start is None:
            yield place.error("chapter_time", tag, PODCASTING, number=number)
            continue
        if start < before:
            yield place.error("chapter_order", tag, PODCASTING, number=number)
        before = start
        yield from _chapter(place, tag, chapter, number, start)


def _chapter(
    place: Place, tag: Element, chapter: dict[str, object], number: int, start: float
) -> Iterator[Finding]:
    title = chapter.get("title")
    silent = chapter.get("toc") is False
    if not silent and not (isinstance(title, str) and title.strip()):
        yield place.warning("chapter_title", tag, PODCASTING, number=number)
    for key in ("img", "url"):
        link = chapter.get(key)
        if link is not None and not (isinstance(link, str) and is_web_address(link)):
            yield place.error("chapter_address", tag, PODCASTING, number=number, key=key)
    if chapter.get("endTime") is not None:
        end = _seconds(chapter["endTime"])
        if end is None or end <= start:
            yield place.error("chapter_end", tag, PODCASTING, number=number)
    if "toc" in chapter and not isinstance(chapter["toc"], bool):
        yield place.error("chapter_toc", tag, PODCASTING, number=number)
    location = chapter.get("location")
    if location is not None and not (isinstance(location, dict) and location.get("name")):
        yield place.error("chapter_location", tag, PODCASTING, number=number)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value < 10**8 else None
