"""The names of cards."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from cityhall_fm.show.card import Card, CardKind, Shape
from cityhall_fm.show.episode import Key
from cityhall_fm.show.publication import Fingerprint, Manifest, plan_publication, public_file

from builders import NOON

ART = Key("artwork-0123456789ab.png")
CARD = Card(
    CardKind.QUESTION, "qa/q-abc/", "FMリモート市役所", "質問と答え", "灯油代は?", "匿名希望さん", ART
)


def test_the_same_words_and_artwork_give_the_same_name_and_apps_may_keep_it_for_ever():
    key = CARD.key(Shape.WIDE)
    assert key == replace(CARD).key(Shape.WIDE)
    assert key.startswith("cards/q-abc-wide-")
    assert "immutable" in public_file(key, sha256="0", length_bytes=1).fingerprint.cache_control
    assert public_file(key, sha256="0", length_bytes=1).fingerprint.content_type == "image/jpeg"


@pytest.mark.parametrize("name", [field.name for field in fields(Card) if field.name != "kind"])
def test_any_other_word_gives_another_name(name):
    assert replace(CARD, **{name: "べつの/"}).key(Shape.WIDE) != CARD.key(Shape.WIDE)


def test_shape_kind_and_artwork_count_too():
    others = [
        CARD.key(Shape.SQUARE),
        replace(CARD, kind=CardKind.EPISODE).key(Shape.WIDE),
        replace(CARD, artwork=Key("artwork-ba9876543210.png")).key(Shape.WIDE),
    ]
    assert len({CARD.key(Shape.WIDE), *others}) == 4


def test_a_card_that_is_no_longer_wanted_goes_at_once_since_a_name_may_be_on_it():
    key = CARD.key(Shape.WIDE)
    stored = Manifest({key: Fingerprint("0", 1, "image/jpeg", "")})
    plan = plan_publication([public_file(Key("feed.xml"), sha256="1", length_bytes=1)], stored, now=NOON)
    assert plan.removals == (key,)
