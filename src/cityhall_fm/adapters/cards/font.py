"""The font of the cards, letter by letter: what it has, how wide it is, and its shapes.

Letters are placed one by one by our own rules and drawn by FreeType alone: a shaping library, which is there
on some machines and not on others, would set them differently.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from cityhall_fm.show.colour import Colour

FILE: Final = "NotoSansCJKjp-Bold.subset.otf"
_EM: Final = 1000
"""Units of the font: at this size, pixels are units."""
_HEIGHT: Final = 0.88
"""From the top of a kanji's square to the base line, in em."""


class CardFont:
    """One weight at any size; loaded with the first question."""

    def __init__(self) -> None:
        self._sizes: dict[int, FreeTypeFont] = {}
        self._advances: dict[str, float] = {}
        self._known: dict[str, bool] = {}

    def has(self, letter: str) -> bool:
        """Tell whether the font can draw a character itself, instead of an empty box."""
        if letter not in self._known:
            self._known[letter] = letter == " " or self._glyph(letter) != self._glyph("\ufffe")
        return self._known[letter]

    def advance(self, letter: str) -> float:
        """Measure a character in em."""
        if letter not in self._advances:
            self._advances[letter] = self.at(_EM).getlength(letter) / _EM
        return self._advances[letter]

    def at(self, size: int) -> FreeTypeFont:
        """Load a size, in pixels."""
        from PIL.ImageFont import Layout, truetype  # noqa: PLC0415  costs start-up time

        if size not in self._sizes:
            self._sizes[size] = truetype(BytesIO(_content()), size, layout_engine=Layout.BASIC)
        return self._sizes[size]

    def draw(self, letter: str, *, x: float, top: float, size: int, ink: Colour, drawing: ImageDraw) -> None:
        """Draw a character whose square begins at these pixels."""
        drawing.text((x, top + _HEIGHT * size), letter, fill=ink, font=self.at(size), anchor="ls")

    def _glyph(self, letter: str) -> tuple[float, bytes]:
        mask = self.at(48).getmask(letter)
        return self.advance(letter), bytes(mask) + repr(mask.size).encode()


@cache
def _content() -> bytes:
    return resources.files(__package__).joinpath(FILE).read_bytes()
