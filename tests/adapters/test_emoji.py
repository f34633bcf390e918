"""Emoji shortcodes become the characters that Slack shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.adapters.emoji import emoji_character
from cityhall_fm.show.question import EMOJI


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("radio", "📻"),
        ("+1", "👍"),
        ("wave::skin-tone-3", "👋🏼"),
        ("v::skin-tone-2", "✌🏻"),
        ("radio::skin-tone-2", "📻"),
        ("man-bowing", "🙇‍♂️"),
        ("man-bowing::skin-tone-3", "🙇🏼‍♂️"),
        ("female-technologist", "👩‍💻"),
        ("man-woman-girl-boy", "👨‍👩‍👧‍👦"),
        ("flag-jp", "🇯🇵"),
        ("simple_smile", "🙂"),
        ("skin-tone-4", "🏽"),
        ("RADIO", "📻"),
    ],
)
def test_a_shortcode_has_its_character(name, character):
    assert emoji_character(name) == character


@pytest.mark.parametrize("name", ["佐久鯉", "no_such_emoji", "flag-saku", "", "30"])
def test_what_is_none_stays_as_it_was_typed(name):
    assert emoji_character(name) is None


def test_every_status_has_a_character():
    assert all(emoji_character(name) for name in EMOJI.values())


@given(st.text(max_size=30))
def test_no_name_makes_it_fail(name):
    character = emoji_character(name)
    assert character is None or character
