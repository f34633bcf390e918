"""Cards -> pictures, each drawn once: what is still as a build left it is not drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cityhall_fm.production.ports.pictures import CardPainter
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.card import Card, Shape
from cityhall_fm.show.episode import Key


@dataclass(frozen=True, slots=True)
class Painted:
    """Pictures that are new, and the names of those that stay."""

    new: Mapping[Key, bytes]
    kept: frozenset[Key]


def paint_cards(
    cards: Iterable[Card], *, artworks: Mapping[Key, bytes], painter: CardPainter, folder: PublicFolder
) -> Painted:
    """Draw every card in every shape, where it is not there yet; `artworks` by the names that cards know."""
    wanted = {card.key(shape): (card, shape) for card in cards for shape in Shape}
    kept = frozenset(folder.untouched()) & wanted.keys()
    new = {
        key: painter.paint(card, shape, artworks[card.artwork])
        for key, (card, shape) in wanted.items()
        if key not in kept
    }
    return Painted(new, kept)
