"""What cards say, and how pages name them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.card import Card, CardKind, Shape
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Key
from cityhall_fm.show.question import Question

from builders import a_consent, a_question, a_topic
from made_up import a_whole_show, noted_with

RENDERER = JinjaRenderer([Path(__file__).parents[3] / "templates"])
NAMED = a_question(consent=a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花")))


@cache
def a_site(*questions: Question, language: str = "ja", title: str = "灯油代は月にいくら?") -> Site:
    site = a_whole_show(1, language=language)
    return replace(site, episodes=(noted_with(*questions, title=title),))


def card_of(question: Question) -> Card:
    return next(card for card in RENDERER.cards(a_site(question)) if card.kind is CardKind.QUESTION)


def head(site: Site, path: str) -> dict[str, str]:
    page = RENDERER.pages(site)[f"{path}index.html"].decode()
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))


def test_the_card_of_an_episode_says_its_number_title_and_day():
    card = RENDERER.cards(a_site(NAMED))[0]
    assert (card.kind, card.path, card.label) == (CardKind.EPISODE, "7/", "第7回")
    assert (card.title, card.below, card.show) == ("佐久の冬支度", "2026年11月27日", "FMリモート市役所")


def test_the_card_of_a_question_names_who_asked_as_they_wished():
    assert card_of(NAMED).below == "ラジオネームそばの花さん"
    assert card_of(NAMED).label == "質問と答え　第7回"
    by_name = a_question(consent=a_consent(Naming.DISPLAY_NAME))
    assert card_of(by_name).below == "ラジオネーム髙橋はなさん"


@pytest.mark.parametrize(
    "consent", [a_consent(Naming.ANONYMOUS), a_consent(Naming.ANONYMOUS, radio_name=Private("そばの花"))]
)
def test_the_card_of_an_anonymous_question_shows_no_name(consent):
    card = card_of(a_question(consent=consent))
    assert card.below == "匿名希望さん"
    assert not {"そばの花", "髙橋はな"} & set(re.findall(r"そばの花|髙橋はな", repr(card)))


def test_the_card_of_a_topic_says_where_it_comes_from():
    assert card_of(a_topic()).below == "リモート市役所での話題から"


@pytest.mark.parametrize(
    "consent",
    [
        a_consent(Naming.DO_NOT_USE),
        a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花"), withdrawn_at=NAMED.received_at),
    ],
)
def test_where_no_consent_stands_the_card_is_as_silent_as_the_page(consent):
    cards = RENDERER.cards(a_site(a_question(consent=consent)))
    assert "そばの花" not in repr(cards)
    assert "髙橋はな" not in repr(cards)


def test_pages_name_their_card_with_its_size_and_what_is_on_it():
    site = a_site(NAMED)
    for card in RENDERER.cards(site):
        tags = head(site, card.path)
        assert tags["og:image"] == f"https://fm.example.jp/{card.key(Shape.WIDE)}"
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert tags["og:image:type"] == "image/jpeg"
        assert tags["twitter:card"] == "summary_large_image"
        assert card.title in tags["og:image:alt"]
    assert head(site, "")["twitter:card"] == "summary"
    assert "/share-" in head(site, "")["og:image"]


def test_search_engines_are_given_the_square():
    site = a_site(NAMED)
    pages = RENDERER.pages(site)
    for card in RENDERER.cards(site):
        data = re.findall(r'ld\+json">(.*?)</script>', pages[f"{card.path}index.html"].decode())
        images = {json.loads(one).get("image") for one in data}
        assert f"https://fm.example.jp/{card.key(Shape.SQUARE)}" in images


@pytest.mark.parametrize(
    ("language", "alt"),
    [
        (
            "ja",
            "FMリモート市役所の紹介画像。質問と答え　第7回「灯油代は月にいくら?」(ラジオネームそばの花さん)",
        ),
        ("en", "Card of FMリモート市役所. Question, episode 7: 灯油代は月にいくら? (そばの花)"),
        ("fr", "Carte de FMリモート市役所. Question, épisode 7 : 灯油代は月にいくら? (そばの花)"),
    ],
)
def test_what_is_on_a_card_is_told_in_the_shows_language(language, alt):
    site = a_site(NAMED, language=language)
    assert head(site, f"qa/{NAMED.id}/")["og:image:alt"] == alt


def test_a_title_of_any_length_and_kind_leaves_the_head_whole():
    site = a_site(NAMED, title='"><script>灯油 ' + "髙橋" * 400)
    alt = head(site, f"qa/{NAMED.id}/")["og:image:alt"]
    assert len(alt) < 600
    assert "<script>" not in alt


def test_a_site_without_a_picture_has_no_cards():
    assert list(RENDERER.cards(replace(a_site(NAMED), picture=b""))) == []


def test_an_episode_with_artwork_of_its_own_has_it_on_its_cards():
    own = Key("cover-0123456789ab.webp")
    cards = RENDERER.cards(replace(a_site(NAMED), covers={7: own}))
    assert {card.artwork for card in cards} == {own}
    assert {card.artwork for card in RENDERER.cards(a_site(NAMED))} == {a_site(NAMED).artwork}
