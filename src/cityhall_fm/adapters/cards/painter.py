"""Cards of an episode or a question, drawn by Pillow."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final

from cityhall_fm.adapters.cards.artwork import colours, rounded, rounding
from cityhall_fm.adapters.cards.font import CardFont
from cityhall_fm.adapters.cards.frames import FRAMES, Frame, Line
from cityhall_fm.phrases import phrases
from cityhall_fm.show.card import Card, CardKind, Shape
from cityhall_fm.show.colour import Palette, mixed, palette
from cityhall_fm.show.typesetting import cut_to, drawable, fitted, length, placed

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from cityhall_fm.show.colour import Colour

_QUALITY: Final = (85, 75, 60, 45)
_LARGEST: Final = 150_000
"""Bytes: messengers leave out previews that take long to load."""
_PADDING: Final = 0.55
"""Em, on either side of the label's words."""
_PILL: Final = 1.7
"""Em: how high the label is."""


class PillowCardPainter:
    """Fulfils CardPainter; the same words, shape and artwork give the same bytes."""

    @cached_property
    def font(self) -> CardFont:
        return CardFont()

    def paint(self, card: Card, shape: Shape, artwork: bytes) -> bytes:
        """Draw a card as JPEG. What the font has not is left out; a missing kanji becomes 〓."""
        from PIL import Image, ImageDraw  # noqa: PLC0415  costs start-up time

        main, lively = colours(artwork)
        inks = palette(main, lively, dark=card.kind is CardKind.EPISODE)
        picture = Image.new("RGB", (shape.width, shape.height), inks.ground)
        drawing = ImageDraw.Draw(picture)
        frame = FRAMES[shape]
        _paste_artwork(picture, frame, artwork, inks)
        self._label(drawing, frame.label, card.label, inks)
        self._title(drawing, frame, card.title, inks.ink)
        self._line(drawing, frame.below, card.below, inks.quiet)
        self._line(drawing, frame.show, card.show, inks.ink)
        return _written(picture)

    def _title(self, drawing: ImageDraw, frame: Frame, title: str, ink: Colour) -> None:
        words = drawable(title, self.font.has)
        text = fitted(phrases(words), frame.title_box, self.font.advance)
        top = float(frame.title.y)
        for line in text.lines:
            self._set(drawing, line, x=frame.title.x, top=top, size=text.size, ink=ink)
            top += text.size * frame.title_box.leading

    def _line(self, drawing: ImageDraw, line: Line, text: str, ink: Colour) -> None:
        words = cut_to(drawable(text, self.font.has), line.width / line.size, self.font.advance)
        self._set(drawing, words, x=line.at.x, top=line.at.y, size=line.size, ink=ink)

    def _label(self, drawing: ImageDraw, line: Line, text: str, inks: Palette) -> None:
        words = cut_to(drawable(text, self.font.has), line.width / line.size, self.font.advance)
        if not words:
            return
        width = round((length(words, self.font.advance) + 2 * _PADDING) * line.size)
        height = round(_PILL * line.size)
        drawing.bitmap((line.at.x, line.at.y), rounding((width, height), height // 2), fill=inks.accent)
        left, top = line.at.x + _PADDING * line.size, line.at.y + (height - line.size) / 2
        self._set(drawing, words, x=left, top=top, size=line.size, ink=inks.on_accent)

    def _set(self, drawing: ImageDraw, line: str, *, x: float, top: float, size: int, ink: Colour) -> None:
        for letter, at in placed(line, self.font.advance):
            if letter.strip():
                self.font.draw(letter, x=x + at * size, top=top, size=size, ink=ink, drawing=drawing)


def _paste_artwork(picture: Image, frame: Frame, artwork: bytes, inks: Palette) -> None:
    from PIL import Image  # noqa: PLC0415  as above

    x, y = frame.artwork.x, frame.artwork.y
    behind, edge = rounded(artwork, frame.artwork_side + 6)
    picture.paste(Image.new("RGB", behind.size, mixed(inks.ground, inks.ink, 0.22)), (x - 3, y - 3), edge)
    scaled, mask = rounded(artwork, frame.artwork_side)
    picture.paste(scaled, (x, y), mask)


def _written(picture: Image) -> bytes:
    content = b""
    for quality in _QUALITY:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
        content = file.getvalue()
        if len(content) <= _LARGEST:
            break
    return content
