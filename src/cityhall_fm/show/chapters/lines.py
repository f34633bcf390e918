"""A line for each chapter: MP4Chaps text (mp4v2), and the list that descriptions hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cityhall_fm.show.chapters.parts import chapter_or_problem, problem, time_of, web_address
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

_LINE: Final = re.compile(r"([0-9][0-9:.,]*)(?:\s+(.*))?")
_EXAMPLE: Final = "00:12:34.900"


def is_list(text: str) -> bool:
    """Tell a list by its first line, which begins with a time."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    match = _LINE.fullmatch(first)
    return bool(match and time_of(match[1]))


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read a time and a title from each line; a link may end it, in angle brackets, as with Podlove."""
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(line.strip())
        if match:
            title, url = _with_link(match[2] or "")
            yield chapter_or_problem(match[1], title, line=number, example=_EXAMPLE, url=url)
        elif line.strip():
            yield problem("chapters.bad_line", number, written=line)


def write_text(chapters: Iterable[Chapter]) -> str:
    """Write for a description: whole seconds, since apps make links of nothing finer."""
    return "".join(_line(_whole(chapter.at), chapter.title) for chapter in chapters)


def write_mp4chaps(chapters: Iterable[Chapter]) -> str:
    """Write with milliseconds, and links in angle brackets."""
    return "".join(
        _line(chapter.at.precise(), chapter.title, f"<{_closed(chapter.url)}>" if chapter.url else "")
        for chapter in chapters
    )


def _with_link(words: str) -> tuple[str, str]:
    title, _, link = words.removesuffix(">").rpartition("<")
    return (title, link) if words.endswith(">") and web_address(link) else (words, "")


def _line(time: str, title: str, link: str = "") -> str:
    return " ".join(part for part in (time, one_line(title), link) if part) + "\n"


def _whole(at: Timecode) -> str:
    return Timecode(at.whole_seconds * 1000).precise().partition(".")[0]


def _closed(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E")
