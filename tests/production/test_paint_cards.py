"""Cards are drawn once."""

from __future__ import annotations

from cityhall_fm.production.paint_cards import Painted, paint_cards
from cityhall_fm.show.card import Card, CardKind
from cityhall_fm.show.episode import Key

from fakes.card_painter import FakeCardPainter
from fakes.public_folder import FakePublicFolder

ART = Key("artwork-0123456789ab.png")


def painted_with(painter: FakeCardPainter, folder: FakePublicFolder, *cards: Card) -> Painted:
    return paint_cards(cards, artworks={ART: b"art"}, painter=painter, folder=folder)


def a_card(title: str = "佐久の冬支度") -> Card:
    return Card(CardKind.EPISODE, "7/", "FMリモート市役所", "第7回", title, "2026年12月1日", ART)


def test_a_card_is_drawn_in_every_shape():
    painted = painted_with(FakeCardPainter(), FakePublicFolder(), a_card())
    assert sorted(key.split("-")[1] for key in painted.new) == ["square", "wide"]
    assert painted.kept == frozenset()


def test_what_is_there_is_not_drawn_again_and_not_removed():
    folder, painter = FakePublicFolder(), FakeCardPainter()
    first = painted_with(painter, folder, a_card())
    folder.build(first.new)
    again = painted_with(painter, folder, a_card(), a_card("灯油の話"))
    assert painter.painted == 4
    folder.build(again.new, kept=again.kept)
    assert set(folder.contents) == {*first.new, *again.new}


def test_a_card_whose_words_changed_takes_the_old_ones_place():
    folder, painter = FakePublicFolder(), FakeCardPainter()
    folder.build(painted_with(painter, folder, a_card()).new)
    changed = painted_with(painter, folder, a_card("灯油の話"))
    folder.build(changed.new, kept=changed.kept)
    assert set(folder.contents) == set(changed.new)
