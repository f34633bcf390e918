"""Podlove Simple Chapters 1.2: XML by itself or within an episode of a feed (podlove.org/simple-chapters)."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Final

from cityhall_fm.show.chapters.markup import elements
from cityhall_fm.show.chapters.parts import chapter_or_problem, problem
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter

_NAMESPACE: Final = "http://podlove.org/simple-chapters"
_CHAPTERS: Final = f"{_NAMESPACE} chapters"
_CHAPTER: Final = f"{_NAMESPACE} chapter"
_EXAMPLE: Final = "00:12:34.900"


def is_markup(text: str) -> bool:
    """Tell XML by its first sign."""
    return text.lstrip().startswith("<")


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read the chapters of one episode; those of several are a problem, for nobody said which."""
    found = elements(text, {_CHAPTERS, _CHAPTER})
    if isinstance(found, Problem):
        yield found
        return
    lists = [element for element in found if element.name == _CHAPTERS]
    for another in lists[1:2]:
        yield problem("chapters.several_episodes", another.line)
    for element in found:
        if element.name == _CHAPTER:
            known = element.attributes
            if "start" not in known:
                yield problem("chapters.no_time", element.line, field="start", example=f'start="{_EXAMPLE}"')
                continue
            yield chapter_or_problem(
                known["start"],
                known.get("title", ""),
                line=element.line,
                example=_EXAMPLE,
                url=known.get("href", ""),
                image=known.get("image", ""),
            )


def write(chapters: Iterable[Chapter]) -> str:
    """Write a document of its own; its element can be put into a feed as it is."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<psc:chapters version="1.2" xmlns:psc="{_NAMESPACE}">',
            *(f"  <psc:chapter{_attributes(chapter)}/>" for chapter in chapters),
            "</psc:chapters>\n",
        ]
    )


def _attributes(chapter: Chapter) -> str:
    given = {
        "start": chapter.at.precise(),
        "title": one_line(chapter.title),
        "href": chapter.url,
        "image": chapter.image,
    }
    return "".join(f' {name}="{html.escape(value)}"' for name, value in given.items() if value is not None)
