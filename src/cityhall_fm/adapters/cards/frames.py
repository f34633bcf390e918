"""Where things stand on a card, for each shape; the foot of a square has room for a moving waveform."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.card import Shape
from cityhall_fm.show.typesetting import Box


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner of something; pixels."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A place for one line, with its size and how far it may go; pixels."""

    at: Place
    size: int
    width: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The places of artwork, label, title, show and what is said below."""

    artwork: Place
    artwork_side: int
    label: Line
    title: Place
    title_box: Box
    below: Line
    show: Line


FRAMES: Final = MappingProxyType(
    {
        Shape.WIDE: Frame(
            artwork=Place(786, 143),
            artwork_side=344,
            label=Line(Place(70, 70), 30, 600),
            title=Place(70, 154),
            title_box=Box(width=660, height=310, largest=104, smallest=38, most_lines=6),
            below=Line(Place(70, 484), 32, 660),
            show=Line(Place(70, 534), 30, 660),
        ),
        Shape.SQUARE: Frame(
            artwork=Place(80, 80),
            artwork_side=320,
            label=Line(Place(448, 342), 34, 500),
            title=Place(80, 466),
            title_box=Box(width=920, height=430, largest=132, smallest=46, most_lines=6),
            below=Line(Place(80, 952), 44, 920),
            show=Line(Place(448, 286), 38, 552),
        ),
    }
)
