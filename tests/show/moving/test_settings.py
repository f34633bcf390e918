"""The show's settings from what its old feed says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.show.moving.found import FoundFeed
from cityhall_fm.show.moving.lenient import derived_guid
from cityhall_fm.show.moving.settings import settle

URL = "https://anchor.fm/s/0123abcd/podcast/rss"
FEED = FoundFeed(
    url=URL,
    title="佐久のラジオ",
    description="移住の話",
    language="ja",
    link="https://example.jp/",
    author="わいこ",
    owner_name="わいこ",
    owner_email="fm@example.jp",
    categories=(("Technology", None),),
    image="https://x.jp/a.jpg",
)


def settled(**changes):
    return settle(replace(FEED, **changes), public_url="https://fm.example.jp/")


def odd(**changes) -> list[str]:
    return [oddity.text.name.removeprefix("moving.") for oddity in settled(**changes).oddities]


def test_a_feed_that_says_everything_has_nothing_odd():
    assert odd() == []
    show = settled().show
    assert (show.title, show.author, show.owner_email) == ("佐久のラジオ", "わいこ", "fm@example.jp")
    assert show.public_url == "https://fm.example.jp"
    assert show.moved_from == URL


def test_the_guid_is_derived_once_from_the_old_address():
    assert (
        settled().show.guid == derived_guid(URL) == derived_guid("http://anchor.fm/s/0123abcd/podcast/rss//")
    )


def test_a_guid_that_the_feed_has_is_kept_as_it_is():
    for guid in ("917393e3-1b1e-5cef-ace4-edaa54e1f810", "917393E3-1B1E-4CEF-ACE4-EDAA54E1F810"):
        assert settled(guid=f" {guid} ").show.guid == guid
    assert odd(guid="nonsense") == ["wrong_guid"]


def test_the_author_is_apples_and_the_one_that_rss_forbids_only_helps_out():
    assert settled(bare_author="別人").show.author == "わいこ"
    assert settled(author="", bare_author="髙橋").show.author == "髙橋"
    assert odd(bare_author="別人") == ["bare_author"]
    assert odd(author="", owner_name="") == ["no_author"]


@pytest.mark.parametrize(
    ("mail", "name"),
    [
        ("podcasts+0123abcd@anchor.fm", "made_mail"),
        ("x@mail.anchor.fm", "made_mail"),
        ("a@spotify.com", "made_mail"),
        ("", "no_mail"),
        ("髙橋", "no_mail"),
    ],
)
def test_an_address_that_ends_with_the_account_is_told(mail, name):
    assert odd(owner_email=mail) == [name]


def test_an_address_at_a_host_that_merely_sounds_alike_is_the_owners():
    assert odd(owner_email="a@notanchor.fm") == odd(owner_email="anchor@fm.example.jp") == []


@pytest.mark.parametrize(
    ("written", "kept", "names"),
    [
        ((("Society & Culture", "Places & Travel"),), (("Society & Culture", "Places & Travel"),), []),
        ((("society and culture", None),), (("Society & Culture", None),), ["near_category"]),
        ((("Government & Organizations", "Local"),), (("Government", None),), ["near_category"]),
        ((("佐久", None), ("Arts", None)), (("Arts", None),), ["unknown_category"]),
        ((("佐久", None),), (("Society & Culture", None),), ["unknown_category", "no_category"]),
        ((), (("Society & Culture", None),), ["no_category"]),
    ],
)
def test_categories_are_of_apples_list(written, kept, names):
    assert settled(categories=written).show.categories == kept
    assert odd(categories=written) == names


def test_a_description_is_plain_and_within_four_thousand_bytes():
    show = settled(description="<p>" + "髙" * 2000 + "</p>").show
    assert len(show.description.encode()) <= 4000
    assert show.description.endswith("髙…")
    assert odd(description="髙" * 2000) == ["long_description"]
    assert settled(description="<p>一&amp;二</p><p>三</p>").show.description == "一&二\n三"


def test_a_link_that_is_the_feed_or_goes_with_the_account_is_told():
    assert odd(link=URL) == odd(link="") == ["no_link"]
    assert settled(link="").show.link == "https://fm.example.jp"
    assert odd(link="https://podcasters.spotify.com/pod/show/x") == ["link_at_old_host"]
    assert settled(link="/about us").show.link == "https://anchor.fm/about%20us"


def test_what_nobody_can_know_is_asked_for():
    names = {oddity.text.name for oddity in settle(replace(FEED, url=""), public_url=None).oddities}
    assert names == {"moving.no_public_url", "moving.no_feed_url"}


def test_the_word_copyright_goes():
    for written in ("Copyright 2026 佐久", "© 2026 佐久", "Copyright © 2026 佐久", "(c) 2026 佐久"):
        assert settled(copyright=written).show.copyright == "2026 佐久"


def test_a_language_is_guessed_where_there_is_none():
    assert settled(language="").show.language == "ja"
    assert settled(language="", title="Saku", description="Talk").show.language == "en"
    assert settled(language="ja_JP").show.language == "ja-JP"


def test_what_the_old_host_must_still_do_is_told():
    assert odd(locked="yes", new_feed_url="https://x.jp/", image="") == [
        "locked",
        "moves_already",
        "no_artwork",
    ]
