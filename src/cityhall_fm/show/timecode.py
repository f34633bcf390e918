"""A place in an episode: "1:02:03" <-> seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHAPE = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)
_SIXTY = 60
_THOUSAND = 1000


@dataclass(frozen=True, slots=True, order=True)
class Timecode:
    """Milliseconds from the start; whole numbers, so that adding and rounding never drift.

    >>> Timecode.parse("12:34").seconds
    754.0
    >>> str(Timecode.parse("1:02:03.25"))
    '1:02:03'
    >>> Timecode.parse("90") == Timecode.parse("1:30")
    True
    >>> Timecode.parse("1:75")
    Traceback (most recent call last):
    ...
    ValueError: 1:75
    """

    milliseconds: int

    def __post_init__(self) -> None:
        if self.milliseconds < 0:
            raise ValueError(self.milliseconds)

    @classmethod
    def parse(cls, text: str) -> Timecode:
        """Read `h:mm:ss`, `m:ss` or seconds, with up to three decimals; ValueError for anything else."""
        match = _SHAPE.fullmatch(text.strip())
        if not match:
            raise ValueError(text)
        hours, minutes, seconds = (int(part or 0) for part in match.group(1, 2, 3))
        if (match[1] and minutes >= _SIXTY) or (match[2] and seconds >= _SIXTY):
            raise ValueError(text)
        fraction = int((match[4] or "").ljust(3, "0"))
        return cls(((hours * _SIXTY + minutes) * _SIXTY + seconds) * _THOUSAND + fraction)

    @classmethod
    def of_seconds(cls, seconds: float) -> Timecode:
        return cls(round(seconds * _THOUSAND))

    @property
    def seconds(self) -> float:
        return self.milliseconds / _THOUSAND

    @property
    def whole_seconds(self) -> int:
        return self.milliseconds // _THOUSAND

    @property
    def fragment(self) -> str:
        """The end of a link that opens a page at this second.

        >>> Timecode.parse("12:34.9").fragment
        '#t=754'
        """
        return f"#t={self.whole_seconds}"

    def __add__(self, other: Timecode) -> Timecode:
        return Timecode(self.milliseconds + other.milliseconds)

    def __str__(self) -> str:
        minutes, seconds = divmod(self.whole_seconds, _SIXTY)
        hours, minutes = divmod(minutes, _SIXTY)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def exact(self) -> str:
        """With milliseconds where there are any: what parse reads back unchanged.

        >>> Timecode(754900).exact()
        '12:34.9'
        """
        fraction = self.milliseconds % _THOUSAND
        return f"{self}.{fraction:03}".rstrip("0") if fraction else str(self)

    def precise(self) -> str:
        """As WebVTT and Podlove Simple Chapters write it, always whole.

        >>> Timecode(754900).precise()
        '00:12:34.900'
        """
        seconds, milliseconds = divmod(self.milliseconds, _THOUSAND)
        minutes, seconds = divmod(seconds, _SIXTY)
        hours, minutes = divmod(minutes, _SIXTY)
        return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
