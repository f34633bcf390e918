"""WebVTT chapters: a cue for each, its text the title (W3C WebVTT, 4.6.2 and 6.4)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from cityhall_fm.show.chapters.parts import chapter_or_problem, problem
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

_ARROW: Final = "-->"
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?\s[^<>]*>")
_TAG: Final = re.compile(r"</?[A-Za-z0-9][^<>]*>|</>")
_LAST: Final = Timecode(1000)
"""How long the last chapter is said to be where nobody knows: a cue must end after it begins."""


def is_webvtt(text: str) -> bool:
    """Tell WebVTT by its first word."""
    return text.startswith("WEBVTT")


def read(text: str) -> Iterator[Chapter | Problem]:
    """Read each cue's beginning and text; what is no cue is passed over, as browsers do."""
    lines = [*text.split("\n"), ""]
    spoken = next((number for number, line in enumerate(lines, 1) if _VOICE.search(line)), None)
    if spoken:
        yield problem("chapters.transcript", spoken)
        return
    title: list[str] = []
    timed_on: int | None = None
    for number, line in enumerate(lines, 1):
        if timed_on is not None and not line.strip():
            yield _cue(lines[timed_on - 1], title, timed_on)
            timed_on = None
        elif timed_on is not None:
            title.append(line)
        elif _ARROW in line:
            timed_on, title = number, []


def write(chapters: Sequence[Chapter], *, end: Timecode | None) -> str:
    """Write cues that end where the next begins; the last ends with the audio."""
    blocks = ["WEBVTT"]
    for place, chapter in enumerate(chapters):
        later = [other.at for other in chapters[place + 1 :] if other.at > chapter.at][:1]
        ends = later[0] if later else max(end or chapter.at, chapter.at + _LAST)
        title = html.escape(one_line(chapter.title), quote=False)
        blocks.append(f"{chapter.at.precise()} {_ARROW} {ends.precise()}\n{title}".rstrip())
    return "\n\n".join(blocks) + "\n"


def _cue(timing: str, title: list[str], line: int) -> Chapter | Problem:
    plain = html.unescape(_TAG.sub("", "\n".join(title)))
    return chapter_or_problem(timing.partition(_ARROW)[0], plain, line=line, example="00:12:34.900")
