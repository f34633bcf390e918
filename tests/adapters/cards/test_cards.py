"""Cards as pictures: decoded again, with every letter drawn by the font that comes with the program."""

from __future__ import annotations

import struct
from dataclasses import replace
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from cityhall_fm.adapters.cards import PillowCardPainter
from cityhall_fm.adapters.cards.artwork import colours
from cityhall_fm.adapters.cards.font import FILE, CardFont
from cityhall_fm.adapters.cards.frames import FRAMES
from cityhall_fm.show.card import Card, CardKind, Shape
from cityhall_fm.show.episode import Key
from thorough import examples

ART = (Path(__file__).parents[3] / "feeds" / "artwork.png").read_bytes()
KEY = Key("artwork-0123456789ab.png")
PAINTER = PillowCardPainter()
TITLES = (
    "佐久の冬支度",
    "髙橋さんと𠮷田さんの﨑",
    "「スタッドレスタイヤ」は、いつ履きかえる?🚗❄️",
    "🎉👨‍👩‍👧",
    "冬の灯油代・雪かき・冬タイヤの値段と、移住する前に知っておきたかったこと、" * 8,
    "How much does heating oil cost per month?",
    "L’hiver à Saku : « le cœur au chaud », où trouver du bois ?",
    "",
)


class Watched(CardFont):
    """A font that remembers which letters were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: set[str] = set()

    def draw(self, letter, **place):
        self.drawn.add(letter)
        super().draw(letter, **place)


FONT = Watched()


def a_card(title: str = TITLES[0], **changes) -> Card:
    card = Card(CardKind.EPISODE, "7/", "FMリモート市役所", "第7回", title, "2026年12月1日", KEY)
    return replace(card, **changes)


def drawn(card: Card, shape: Shape = Shape.WIDE, artwork: bytes = ART) -> Image.Image:
    return Image.open(BytesIO(PAINTER.paint(card, shape, artwork)))


@cache
def in_the_font() -> frozenset[int]:
    """Read the font's own table of characters (OpenType, cmap, format 12)."""
    font = resources.files("cityhall_fm.adapters.cards").joinpath(FILE).read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)
    }
    cmap = tables[b"cmap"]
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        table = cmap + struct.unpack_from(">I", font, cmap + 4 + 8 * number + 4)[0]
        if struct.unpack_from(">H", font, table)[0] == 12:
            groups = struct.unpack_from(">I", font, table + 12)[0]
            spans = (struct.unpack_from(">II", font, table + 16 + 12 * group) for group in range(groups))
            return frozenset(code for first, last in spans for code in range(first, last + 1))
    raise AssertionError("no table of all characters")


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("kind", CardKind)
def test_a_card_has_its_size_and_is_small_enough_for_messengers(title, shape, kind):
    card = Card(kind, "7/", "FMリモート市役所", "第7回", title, "匿名希望さん", KEY)
    content = PAINTER.paint(card, shape, ART)
    assert len(content) <= 150_000
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        assert (picture.format, picture.size, picture.mode) == ("JPEG", shape.value, "RGB")


def test_the_same_words_give_the_same_bytes_from_any_painter():
    card = a_card("髙橋さんの冬🎉")
    assert PAINTER.paint(card, Shape.SQUARE, ART) == PillowCardPainter().paint(card, Shape.SQUARE, ART)


def test_title_label_day_and_show_are_all_there():
    whole = drawn(a_card())
    places = {
        "title": a_card(""),
        "label": a_card(label=""),
        "below": a_card(below=""),
        "show": a_card(show=""),
    }
    for name, without in places.items():
        changed = ImageChops.difference(whole, drawn(without)).convert("L").point(lambda at: 255 * (at > 40))
        assert changed.getbbox(), name


def test_words_and_artwork_do_not_meet():
    for shape in Shape:
        frame = FRAMES[shape]
        long = Card(
            CardKind.EPISODE, "7/", "長い番組名" * 30, "第7回" * 30, TITLES[4], "ラジオネーム" * 30, KEY
        )
        for at in (frame.artwork.x + 10, frame.artwork.x + frame.artwork_side - 10):
            column = (at, frame.artwork.y + 30, at + 1, frame.artwork.y + frame.artwork_side - 30)
            one, other = (drawn(card, shape).crop(column) for card in (long, a_card("")))
            assert max(ImageChops.difference(one, other).convert("L").tobytes()) < 25


def test_an_emoji_leaves_nothing_behind():
    assert PAINTER.paint(a_card("冬🎉支度"), Shape.WIDE, ART) == PAINTER.paint(
        a_card("冬支度"), Shape.WIDE, ART
    )
    assert PAINTER.paint(a_card("🎉"), Shape.WIDE, ART) == PAINTER.paint(a_card(""), Shape.WIDE, ART)


def test_the_font_has_the_kanji_of_names_and_the_letters_of_french():
    wanted = "髙﨑𠮷𠮟𣘺德栁濵塚晴神剝頰塡彅薗渕邉邊齋齊櫻〜～・「」『』…♪★☆→①㈱℃½€œŒæéÀÿ«»’“”—–ヶゔㇷ゚"
    font = CardFont()
    assert [letter for letter in wanted if not font.has(letter)] == []
    assert [letter for letter in "🎉❄한글ไทย\ufffe\U0010ffff" if font.has(letter)] == []


@given(st.characters())
@settings(max_examples=examples(200), deadline=None)
def test_what_the_font_says_to_have_is_in_its_table(letter):
    assert not PAINTER.font.has(letter) or ord(letter) in in_the_font() or letter == " "


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("佐久髙𠮷🎉👍🏽❄️「」、\u200d\u202e\u0301\ufe0f\u3099 ")),
        max_size=60,
    )
)
@settings(max_examples=examples(25), deadline=None)
def test_no_empty_box_is_drawn_whatever_the_words_are(words):
    FONT.drawn.clear()
    watched = PillowCardPainter()
    watched.font = FONT
    watched.paint(Card(CardKind.QUESTION, "qa/q/", words, words, words, words, KEY), Shape.WIDE, ART)
    assert {letter for letter in FONT.drawn if ord(letter) not in in_the_font()} == set()


@pytest.mark.parametrize("colour", ["white", "black", "yellow", "#7a7a7a", "teal"])
def test_artwork_of_one_colour_makes_a_card_too(colour):
    file = BytesIO()
    Image.new("RGB", (1, 1) if colour == "teal" else (1400, 1400), colour).save(file, "PNG")
    assert drawn(a_card(), artwork=file.getvalue()).size == (1200, 630)


def test_the_cards_colours_are_the_artworks():
    main, lively = colours(ART)
    assert main[2] > main[0]  # its night sky
    assert lively[0] > 150 > lively[2]  # its balloon


def test_the_font_and_its_licence_are_small_enough_and_travel_with_the_program():
    folder = resources.files("cityhall_fm.adapters.cards")
    assert len(folder.joinpath(FILE).read_bytes()) < 5_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in folder.joinpath("OFL.txt").read_text("utf-8")
