"""What every reader of chapters is made of: a time, a title, an address, and what is wrong with them."""

from __future__ import annotations

import re
from typing import Final

from cityhall_fm.show.clean import cut, one_line
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

_CLOCK: Final = re.compile(r"(?:npt:)?(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7})(?:[.,](\d*))?", re.ASCII)
_SIXTY: Final = 60
_WEB: Final = re.compile(r"https?://[^\s/?#]+\S*")
_SHOWN: Final = 40


def time_of(text: str) -> Timecode | None:
    """Read Normal Play Time (RFC 2326, 3.6), with as many decimals as there are, to the millisecond.

    >>> [str(time_of(text)) for text in ("37", "3:07", "05:12:03.500")]
    ['0:37', '3:07', '5:12:03']
    >>> time_of("8:26.2504").milliseconds, time_of("0.0000009").milliseconds
    (506250, 0)
    >>> time_of("1:75"), time_of("-1"), time_of("soon")
    (None, None, None)
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.group(1, 2, 3))
    if (match[1] and minutes >= _SIXTY) or (match[2] and seconds >= _SIXTY):
        return None
    fraction = (match[4] or "").ljust(4, "0")
    milliseconds = int(fraction[:3]) + (fraction[3] >= "5")
    return Timecode(((hours * _SIXTY + minutes) * _SIXTY + seconds) * 1000 + milliseconds)


def chapter_or_problem(
    time: str, title: str, *, line: int | None, example: str, url: str = "", image: str = ""
) -> Chapter | Problem:
    """Make a chapter of what a file says, or say what is wrong with its time."""
    at = time_of(time)
    if at is None:
        return problem("chapters.bad_time", line, written=time, example=example)
    return Chapter(at, one_line(title), web_address(url), web_address(image))


def web_address(text: str) -> str | None:
    """Keep an address of the web and nothing else that a hostile file may hold.

    >>> web_address(" https://example.jp/佐久 "), web_address("javascript:alert(1)")
    ('https://example.jp/佐久', None)
    """
    address = one_line(text)
    return address if _WEB.fullmatch(address) else None


def problem(name: str, line: int | None, **values: str) -> Problem:
    """Say what is wrong on a line; what was written is shown in short."""
    shown = {key: cut(one_line(value), _SHOWN) for key, value in values.items()}
    return Problem("chapters", Text.of(name, **shown), line)
