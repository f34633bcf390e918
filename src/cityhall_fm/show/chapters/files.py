"""Files that hold chapters: recognised by what is in them, read leniently, written strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from cityhall_fm.show.chapters import audacity, hindenburg, lines, podcasting, podlove, reaper, webvtt
from cityhall_fm.show.clean import clean
from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

_Reader = Callable[[str], Iterable[Chapter | Problem]]
_READERS: Final[Sequence[tuple[Callable[[str], bool], _Reader]]] = (
    (reaper.is_project, reaper.read_project),
    (hindenburg.is_session, hindenburg.read),
    (podlove.is_markup, podlove.read),
    (podcasting.is_json, podcasting.read),
    (webvtt.is_webvtt, webvtt.read),
    (reaper.is_table, reaper.read_table),
    (audacity.is_labels, audacity.read),
    (lines.is_list, lines.read),
)
"""The narrow ones stand before the wide ones."""
_BY_SUFFIX: Final[Mapping[str, _Reader]] = {
    ".csv": reaper.read_table,
    ".json": podcasting.read,
    ".nhsx": hindenburg.read,
    ".psc": podlove.read,
    ".rpp": reaper.read_project,
    ".vtt": webvtt.read,
    ".xml": podlove.read,
}
_TOLD: Final = 20
"""Problems: a file of something else has one on every line."""


class Form(StrEnum):
    """What chapters are written as."""

    JSON = "json"
    PSC = "psc"
    TEXT = "text"
    VTT = "vtt"
    MP4CHAPS = "mp4chaps"
    AUDACITY = "audacity"


def read(text: str, name: object) -> tuple[Chapter, ...]:
    """Read chapters in the order of their times; those without a title have an empty one.

    Takes Audacity's labels, Podlove Simple Chapters (also within a feed of one episode), Podcasting 2.0
    JSON, MP4Chaps and plain lists, WebVTT, Reaper's markers (CSV or project), Hindenburg's sessions.
    `name` is the file's; its suffix decides only where the content does not. InputError with every problem.
    """
    text = clean(text.removeprefix("\ufeff"))
    reader = next((reader for recognises, reader in _READERS if recognises(text)), None)
    reader = reader or _BY_SUFFIX.get(PurePath(str(name)).suffix.lower())
    if not text.strip():
        raise InputError("chapters.none", path=name)
    if reader is None:
        raise InputError("chapters.unknown_form", path=name)
    found = list(reader(text))
    problems = [part for part in found if isinstance(part, Problem)]
    if problems:
        raise InputError("chapters.broken", path=name, count=len(problems), problems=problems[:_TOLD])
    chapters = sorted((part for part in found if isinstance(part, Chapter)), key=lambda part: part.at)
    if not chapters:
        raise InputError("chapters.none", path=name)
    return tuple(chapters)


def write(
    chapters: Iterable[Chapter], form: Form, *, title: str = "", show: str = "", end: Timecode | None = None
) -> str:
    """Write chapters in the order of their times: what `read` reads back, as far as the form can hold it.

    `title` is the episode's and `show` its podcast's, for JSON; `end` is where the audio ends, for WebVTT.
    Plain text is for descriptions: whole seconds and no links.
    """
    ordered = sorted(chapters, key=lambda chapter: chapter.at)
    match form:
        case Form.JSON:
            return podcasting.write(ordered, title=title, show=show)
        case Form.PSC:
            return podlove.write(ordered)
        case Form.TEXT:
            return lines.write_text(ordered)
        case Form.VTT:
            return webvtt.write(ordered, end=end)
        case Form.MP4CHAPS:
            return lines.write_mp4chaps(ordered)
        case Form.AUDACITY:
            return audacity.write(ordered)
