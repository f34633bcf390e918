"""A painter whose pictures are the words that it was given, so that tests can read them."""

from __future__ import annotations

import json
from dataclasses import astuple

from cityhall_fm.show.card import Card, Shape


class FakeCardPainter:
    """Writes a card down instead of drawing it, and counts how often."""

    def __init__(self) -> None:
        self.painted = 0

    def paint(self, card: Card, shape: Shape, artwork: bytes) -> bytes:  # noqa: ARG002  the port's
        self.painted += 1
        return json.dumps([shape.name, *astuple(card)], ensure_ascii=False).encode()
