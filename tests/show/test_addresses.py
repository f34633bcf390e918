"""Names in addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.addresses import address_of


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_every_name_has_a_short_ascii_address(name):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", address_of(name))
    assert len(address_of(name)) <= 40


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ｆｏｏｄ", "food"), ("移住 どうする課", " 移住　どうする課 "), ("ｱｲﾃﾞｱ課", "アイデア課")],
)
def test_ways_to_type_one_name_share_an_address(one, other):
    assert address_of(one) == address_of(other)


def test_different_names_do_not_share_one():
    names = [
        "冬",
        "夏",
        "子育て",
        "C",
        "C++",
        "C#",
        "👨‍👩‍👧",
        "髙橋",
        "高橋",
        address_of("冬"),
        "new-town",
        "a" * 41,
    ]
    assert len({address_of(name) for name in names}) == len(names)
