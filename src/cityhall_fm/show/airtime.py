"""How long a show is, which corners recur in it, and whether a rundown fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.timecode import Timecode

_LENGTH: Final = re.compile(r"(?:(\d{1,3})\s*(?:分|min)\s*)?(?:(\d{1,3})\s*(?:秒|s))?|(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Airtime:
    """What the settings say of the show's length, and the segments that every episode begins with."""

    minutes: int = 30
    corners: tuple[Segment, ...] = ()

    @property
    def length(self) -> Timecode:
        return Timecode.of_seconds(self.minutes * 60)

    def closes(self, segment: Segment) -> bool:
        """Tell whether this is the corner with which every show ends: what is added comes before it."""
        return len(self.corners) > 1 and segment.question is None and segment.title == self.corners[-1].title


class Fit(StrEnum):
    """How a rundown stands to the length of the show."""

    ROOM = "room"
    EXACT = "exact"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Total:
    """How long a rundown is planned to take; `difference` is what is left, or what is too much."""

    planned: Timecode
    fit: Fit
    difference: Timecode


def planned_length(written: str) -> Timecode | None:
    """Read a length as hosts write it: a bare number is minutes; None for nothing, ValueError for no length.

    >>> [str(planned_length(one)) for one in ("3", "３分", "2:30", "2分30秒", "45秒", " ")]
    ['3:00', '3:00', '2:30', '2:30', '0:45', 'None']
    """
    bare = unicodedata.normalize("NFKC", written).strip()
    if not bare:
        return None
    match = _LENGTH.fullmatch(bare)
    if match and match[0]:
        return Timecode.of_seconds(int(match[1] or match[3] or 0) * 60 + int(match[2] or 0))
    return Timecode.parse(bare)


def total(lengths: Iterable[Timecode], airtime: Airtime) -> Total:
    """Add up a rundown and compare it with the show's length, in whole seconds.

    >>> made = total([Timecode.parse("29:00"), Timecode.parse("1:30")], Airtime())
    >>> str(made.planned), made.fit.value, str(made.difference)
    ('30:30', 'over', '0:30')
    """
    planned = sum(length.whole_seconds for length in lengths)
    over = planned - airtime.length.whole_seconds
    fit = Fit.EXACT if over == 0 else Fit.OVER if over > 0 else Fit.ROOM
    return Total(Timecode.of_seconds(planned), fit, Timecode.of_seconds(abs(over)))
