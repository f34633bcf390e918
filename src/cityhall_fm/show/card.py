"""Cards: the pictures that networks show beside a link to an episode or to an answered question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.keys import Key

CARDS: Final = "cards/"
"""The folder of all cards; a publication takes unwanted ones away at once, as it does with pages."""
_DESIGN: Final = 1
"""Counts how cards are drawn: whoever changes their look adds one, and they are all drawn anew."""


class CardKind(StrEnum):
    """What a card leads to, which is seen by its colours."""

    EPISODE = "episode"
    QUESTION = "question"


class Shape(Enum):
    """Pixels, width and height: what OpenGraph's readers show, and the square of photo networks."""

    WIDE = (1200, 630)
    SQUARE = (1080, 1080)

    @property
    def width(self) -> int:
        return self.value[0]

    @property
    def height(self) -> int:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Card:
    """The words on a card: no more than the page says to which it leads."""

    kind: CardKind
    path: str
    """Of the page, under the show's address."""
    show: str
    label: str
    title: str
    below: str
    """The day of an episode; who asked a question, as far as the consent goes."""
    artwork: Key
    """What it is drawn with: the episode's own artwork, or the show's."""

    def key(self, shape: Shape) -> Key:
        """Name its file by what it is made from: the same words need no new picture."""
        made_from = fingerprint(_DESIGN, shape, self)
        name = self.path.rstrip("/").rpartition("/")[2]
        return Key(f"{CARDS}{name}-{shape.name.lower()}-{made_from[:12]}.jpg")
