"""Cards drawn by Pillow, in a font that comes with the program."""

from cityhall_fm.adapters.cards.painter import PillowCardPainter

__all__ = ["PillowCardPainter"]
