"""What people write for the feed: every problem is named, with its field and what to write instead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ruamel.yaml import YAML

from cityhall_fm.adapters.episode_folder.document import Document
from cityhall_fm.adapters.episode_folder.forms import read_episode
from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.feed_fields import Licence, Location
from cityhall_fm.texts import Catalogue

SHOW = """\
[show]
title = "FMリモート市役所"
description = "佐久市の番組です。"
language = "ja"
link = "https://example.jp/fm"
author = "リモート市役所"
owner = { email = "fm@example.jp" }
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
categories = ["Government"]

[publish]
public_url = "https://fm.example.jp"
"""
FEED = """
[feed]
licence = { name = "CC-BY-4.0" }
rhythm = { text = "月に2回", rrule = "FREQ=MONTHLY;BYDAY=1MO,3MO", starts_at = 2026-12-07T20:00:00+09:00 }
seasons = { 2 = "春", 1 = "はじまりの冬" }
hub = "https://hub.example.jp/"
complete = true
page_size = 50
formats = ["opus", "m4a"]
locations = [{ name = "長野県佐久市", geo = "geo:36.2489,138.4767", osm = "R1", country = "JP" }]
funding = [{ url = "https://example.jp/furusato", text = "応援する" }]
trailers = [{ title = "予告", url = "https://example.jp/t.m4a", published_at = 2026-11-01T20:00:00+09:00 }]
podroll = [{ guid = "29cdca4a-32d8-56ba-b48b-09a011c5daa9", title = "となり町" }]
pictures = [{ url = "https://example.jp/wide.jpg", alt = "浅間山", ratio = "16/9", width = 1200 }]
txt = [{ text = "abc", purpose = "verify" }]
"""


def settings_of(tmp_path, text: str):
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "show.toml").write_text(text, "utf-8")
    return read_settings(tmp_path, {})


def problems(tmp_path, text: str) -> dict[str, str]:
    with pytest.raises(InputError) as error:
        settings_of(tmp_path, text)
    return {problem.field: Catalogue("ja").word(problem.text) for problem in error.value.problems}


def episode_of(tmp_path, **front):
    document = Document(YAML().load('number: 7\ntitle: 冬\nguid: "x"\n'), "")
    document.front.update(front)
    return read_episode(document, path=tmp_path / "episode.md", enclosure=None, transcript=None)


def test_everything_is_read(tmp_path):
    fields = settings_of(tmp_path, SHOW + FEED).show.feed
    assert fields.licence == Licence("cc-by-4.0")
    assert fields.locations == (Location("長野県佐久市", "geo:36.2489,138.4767", "R1", "JP"),)
    assert dict(fields.seasons) == {1: "はじまりの冬", 2: "春"}
    assert fields.rhythm.starts_at == datetime(2026, 12, 7, 11, tzinfo=UTC)
    assert fields.trailers[0].media_type == "audio/x-m4a"
    assert fields.formats == ("opus", "m4a")
    assert (fields.page_size, fields.complete, fields.blocked) == (50, True, False)


def test_all_of_it_may_be_left_out(tmp_path):
    fields = settings_of(tmp_path, SHOW).show.feed
    assert fields.page_size is None
    assert not any((fields.locations, fields.funding, fields.rhythm, fields.hub, fields.formats))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("geo:36.2489,138.4767", "36.2489,138.4767", "feed.locations.1.geo"),
        ('osm = "R1"', 'osm = "relation/1"', "feed.locations.1.osm"),
        ('"JP"', '"日本"', "feed.locations.1.country"),
        ("FREQ=MONTHLY", "毎月", "feed.rhythm.rrule"),
        ("2026-12-07T20:00:00+09:00", "2026-12-07T20:00:00", "feed.rhythm.starts_at"),
        ("https://hub.example.jp/", "hub.example.jp", "feed.hub"),
        ("page_size = 50", "page_size = 5", "feed.page_size"),
        ('"opus", "m4a"', '"wav"', "feed.formats.1"),
        ("2 =", "0 =", "feed.seasons.0.[key]"),
        ("wide.jpg", "wide.webp", "feed.pictures.1.url"),
        ('alt = "浅間山", ', "", "feed.pictures.1.alt"),
        ("16/9", "16:9", "feed.pictures.1.ratio"),
        ("29cdca4a-32d8-56ba-b48b-09a011c5daa9", "となり町", "feed.podroll.1.guid"),
        ('text = "応援する"', f'text = "{"応" * 129}"', "feed.funding.1.text"),
        ('text = "abc"', f'text = "{"a" * 4001}"', "feed.txt.1.text"),
        ('title = "予告"', 'title = ""', "feed.trailers.1.title"),
        ('language = "ja"', 'language = "jp"', "show.language"),
        ('title = "FMリモート市役所"', f'title = "{"髙" * 256}"', "show.title"),
        ('author = "リモート市役所"', f'author = "{"髙" * 256}"', "show.author"),
        ('description = "佐久市の番組です。"', f'description = "{"髙" * 1334}"', "show.description"),
    ],
)
def test_what_no_app_would_take_is_named(tmp_path, old, new, field):
    assert old in SHOW + FEED
    told = problems(tmp_path, (SHOW + FEED).replace(old, new, 1))
    assert list(told) == [field]
    assert told[field]


def test_lengths_are_told_in_the_measure_of_the_rule(tmp_path):
    text = SHOW.replace("佐久市の番組です。", "髙" * 1334).replace("FMリモート市役所", "👨‍👩‍👧" * 60)
    assert problems(tmp_path, text) == {
        "show.title": "「show.title」が長すぎます(300文字)。255文字以内にしてください。",
        "show.description": "「show.description」が長すぎます(4002 バイト)。4000 バイト以内にしてください。",
    }


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("Goverment", "「Government」のことですか?"),
        ("government", "「Government」のことですか?"),
        ("News & Politics", "「News」のことですか?"),
        ("Society & Culture > Places and Travel", "「Society & Culture > Places & Travel」のことですか?"),
        ("Places & Travel", "「Society & Culture > Places & Travel」のことですか?"),
        ("市役所", "一覧の英語名を、大文字小文字のとおりに書いてください。"),
    ],
)
def test_a_category_that_apple_does_not_know_is_told_with_the_nearest(tmp_path, written, advice):
    told = problems(tmp_path, SHOW.replace('"Government"', f'"{written}"'))
    assert f"「{written}」は Apple の一覧にありません。{advice}" in told["show.categories.1"]


def test_an_episodes_own_fields_are_read(tmp_path):
    feed = {
        "number_shown": "冬の号",
        "licence": {"name": "cc0-1.0"},
        "locations": [{"name": "臼田", "geo": "geo:36.195,138.484"}],
        "elsewhere": [{"url": "https://www.youtube.com/watch?v=1", "title": "動画で見る"}],
        "discussions": [{"url": "https://social.example.jp/@fm/1", "account": "@fm"}],
        "image": "https://example.jp/winter.jpg",
    }
    people = [{"name": "髙橋はな", "role": "researcher", "group": "writing"}]
    episode = episode_of(tmp_path, feed=feed, people=people)
    assert episode.feed.number_shown == "冬の号"
    assert episode.feed.discussions[0].protocol == "activitypub"
    assert episode.feed.elsewhere[0].title == "動画で見る"
    assert episode.feed.image == "https://example.jp/winter.jpg"
    assert episode.people[0].group == "writing"


@pytest.mark.parametrize(
    ("front", "field"),
    [
        ({"feed": {"number_shown": "冬" * 33}}, "feed.number_shown"),
        (
            {"feed": {"discussions": [{"url": "https://a.jp/", "protocol": "slack"}]}},
            "feed.discussions.1.protocol",
        ),
        ({"feed": {"image": "https://example.jp/winter.gif"}}, "feed.image"),
        ({"people": [{"name": "髙" * 129}]}, "people.1.name"),
        ({"people": [{"name": "髙橋", "group": "課"}]}, "people.1.group"),
        ({"title": "髙" * 256}, "title"),
    ],
)
def test_an_episodes_problem_is_named(tmp_path, front, field):
    with pytest.raises(InputError) as error:
        episode_of(tmp_path, **front)
    assert [problem.field for problem in error.value.problems] == [field]
