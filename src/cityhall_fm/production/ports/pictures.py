"""What production asks of whoever draws."""

from __future__ import annotations

from typing import Protocol

from cityhall_fm.show.card import Card, Shape


class CardPainter(Protocol):
    """What draws the cards that networks show beside a link."""

    def paint(self, card: Card, shape: Shape, artwork: bytes) -> bytes:
        """Draw a card in a shape: JPEG; the same input gives the same bytes."""
