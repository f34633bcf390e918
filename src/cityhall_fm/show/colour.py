"""Colours that can be read: contrast as WCAG 2.2 measures it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
READABLE: Final = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""
_COMFORTABLE: Final = 7.0
"""WCAG 2.2, 1.4.6: what titles get."""
_TAKES_WHITE: Final = 2.4
"""From this contrast on, a colour is made darker until white words stand on it; brighter ones take black."""
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture with text; every ink can be read on its ground."""

    ground: Colour
    ink: Colour
    quiet: Colour
    """For what matters less."""
    accent: Colour
    on_accent: Colour


def palette(main: Colour, lively: Colour, *, dark: bool) -> Palette:
    """Make a palette from a picture's main colour and its liveliest one: light on dark, or dark on paper."""
    if dark:
        ground = readable(mixed(main, BLACK, 0.15), on=WHITE, least=12, toward=BLACK)
        ink = readable(mixed(main, WHITE, 0.96), on=ground, least=_COMFORTABLE)
        quiet = readable(mixed(ground, WHITE, 0.66), on=ground, least=READABLE)
    else:
        ground = mixed(main, WHITE, 0.92)
        ink = readable(main, on=ground, least=_COMFORTABLE * 1.4)
        quiet = readable(mixed(main, WHITE, 0.2), on=ground, least=READABLE)
    if contrast(lively, WHITE) >= _TAKES_WHITE:
        return Palette(ground, ink, quiet, readable(lively, on=WHITE, least=READABLE, toward=BLACK), WHITE)
    return Palette(ground, ink, quiet, readable(lively, on=BLACK, least=READABLE, toward=WHITE), BLACK)


def contrast(one: Colour, other: Colour) -> float:
    """Measure from 1 to 21 (WCAG 2.2, contrast ratio).

    >>> contrast(BLACK, WHITE)
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, *, on: Colour, least: float, toward: Colour | None = None) -> Colour:
    """Move a colour towards black or white, as little as needed, until it stands out enough on another."""
    goal = toward or max((WHITE, BLACK), key=lambda one: contrast(one, on))
    for step in range(_STEPS + 1):
        moved = mixed(colour, goal, step / _STEPS)
        if contrast(moved, on) >= least:
            return moved
    return goal


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours; `share` is the other's part, 0 to 1.

    >>> mixed(BLACK, WHITE, 0.5)
    (128, 128, 128)
    """
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  WCAG's
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
