"""What a card takes from the show's artwork: itself, small, and its colours."""

from __future__ import annotations

from colorsys import rgb_to_hsv
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

    from cityhall_fm.show.colour import Colour

_CALM: Final[Colour] = (38, 62, 92)
_CALM_ACCENT: Final[Colour] = (226, 92, 56)
_GLANCE: Final = 64
"""Pixels: small enough that only what is large counts."""
_COLOURS: Final = 12
_LIVELY: Final = 0.35
"""Saturation times brightness, from which a colour can be an accent."""
_LEAST_SHARE: Final = 0.008
_FINE: Final = 4
"""A mask is drawn so many times larger, so that its corners are smooth."""


@lru_cache(maxsize=4)
def picture(artwork: bytes) -> Image:
    """Decode the artwork once for all cards."""
    from PIL import Image  # noqa: PLC0415  costs start-up time

    with Image.open(BytesIO(artwork)) as opened:
        return opened.convert("RGB")


@lru_cache(maxsize=8)
def rounded(artwork: bytes, side: int) -> tuple[Image, Image]:
    """Scale the artwork, and make the mask that rounds its corners."""
    from PIL import Image  # noqa: PLC0415  as above

    scaled = picture(artwork).resize((side, side), Image.Resampling.LANCZOS)
    return scaled, rounding((side, side), side // 14)


def rounding(size: tuple[int, int], radius: int) -> Image:
    """Make the mask of a rectangle with smooth round corners; pixels."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  as above

    width, height = size[0] * _FINE, size[1] * _FINE
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), radius * _FINE, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


@lru_cache(maxsize=4)
def colours(artwork: bytes) -> tuple[Colour, Colour]:
    """Find the artwork's main colour and its liveliest one; calm ones where it has none."""
    from PIL import Image  # noqa: PLC0415  as above

    small = picture(artwork).resize((_GLANCE, _GLANCE), Image.Resampling.BOX)
    few = small.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    values = few.getpalette() or []
    counted = [
        (count, (values[at * 3], values[at * 3 + 1], values[at * 3 + 2]))
        for count, at in few.getcolors() or []
        if isinstance(at, int) and count >= _LEAST_SHARE * _GLANCE**2
    ]
    coloured = [(count, colour) for count, colour in counted if _life(colour) > 0]
    main = max(coloured, default=(0, _CALM), key=lambda one: (one[0] * (0.2 + _saturation(one[1])), one[1]))
    lively = max((colour for _, colour in counted), default=_CALM_ACCENT, key=lambda one: (_life(one), one))
    return main[1], lively if _life(lively) >= _LIVELY else _CALM_ACCENT


def _life(colour: Colour) -> float:
    _, saturation, value = rgb_to_hsv(*(part / 255 for part in colour))
    return saturation * value


def _saturation(colour: Colour) -> float:
    return rgb_to_hsv(*(part / 255 for part in colour))[1]
