"""The words on cards: what the page says to which a card leads, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cityhall_fm.adapters.jinja.wording import Wording
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.card import Card, CardKind, Shape
from cityhall_fm.show.clean import cut
from cityhall_fm.show.episode import Key
from cityhall_fm.show.library import AnsweredQuestion, answered

_LONGEST_ALT: Final = 420
"""Letters: what X keeps of twitter:image:alt."""


@dataclass(frozen=True, slots=True)
class CardTags:
    """What a page's head says of its card."""

    wide: Key
    square: Key
    alt: str
    width: int = Shape.WIDE.width
    height: int = Shape.WIDE.height


def cards_of(site: Site) -> Iterator[Card]:
    """Word the card of every episode and of every answered question."""
    if not site.picture:
        return
    words = Wording(site.show, html=False)
    title = site.show.title
    for episode, _ in site.episodes:
        label = words.say("episode", number=episode.number)
        day = words.short_day(episode.published_at) if episode.published_at else ""
        artwork = site.covers.get(episode.number, site.artwork)
        yield Card(CardKind.EPISODE, f"{episode.number}/", title, label, episode.title, day, artwork)
    for question in answered(site.episodes):
        label = words.say("card_question", number=question.episode.number)
        artwork = site.covers.get(question.episode.number, site.artwork)
        below = _asked(question, words)
        yield Card(CardKind.QUESTION, question.path, title, label, question.part.title, below, artwork)


def tags_of(card: Card, words: Wording) -> CardTags:
    """Say where a card's pictures are, and in words what is on them."""
    below = card.below and words.say("card_below", words=card.below)
    alt = words.say("card_alt", show=card.show, label=card.label, title=card.title, below=below)
    return CardTags(card.key(Shape.WIDE), card.key(Shape.SQUARE), cut(alt, _LONGEST_ALT))


def _asked(question: AnsweredQuestion, words: Wording) -> str:
    """Say who asked, by the same rule as the question's page: only where their words were released."""
    asked = question.part.asked
    if asked is None:
        return ""
    return words.byline(asked.name) if asked.quote else words.say("from_threads")
