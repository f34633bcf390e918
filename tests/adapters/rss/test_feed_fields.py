"""Everything that a feed can say: written as the rules ask, and as the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector
from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import Key, MediaFile, Person
from cityhall_fm.show.feed import Feed, FeedItem, feeds_of
from cityhall_fm.show.feed_check import Nowhere, check
from cityhall_fm.show.feed_check.parsed import NAMESPACES
from cityhall_fm.show.feed_fields import (
    Discussion,
    EpisodeFields,
    FeedPicture,
    Licence,
    Location,
    Recommended,
    Remark,
    Rhythm,
    ShowFields,
    Trailer,
)
from cityhall_fm.show.mastering import Bite
from cityhall_fm.show.rundown import Link
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import NOON, a_published_episode, a_show, an_enclosure

ART = Key("artwork-0123456789ab.png")
SAKU = Location("長野県佐久市", "geo:36.2489,138.4767", "R1", "JP")
OPUS = MediaFile(Key("media/0007-0123456789ab.opus"), 900, "audio/ogg", "ef" * 32, bitrate=48)
CLIP = MediaFile(Key("media/0007-0123456789ab-clip.mp3"), 90, "audio/mpeg", "01" * 32)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
SHOW_FIELDS = ShowFields(
    locations=(SAKU,),
    funding=(Link("https://example.jp/furusato", "ふるさと納税で応援する"),),
    licence=Licence("cc-by-4.0"),
    trailers=(Trailer("予告", "https://example.jp/t.mp3", NOON, 123, "audio/mpeg", 1),),
    rhythm=Rhythm("月に2回", "FREQ=MONTHLY;BYDAY=1MO,3MO", NOON),
    podroll=(Recommended("29cdca4a-32d8-56ba-b48b-09a011c5daa9", "https://b.jp/feed.xml", "となり町"),),
    pictures=(FeedPicture("https://example.jp/wide.jpg", "浅間山", "16/9", 1200, "social"),),
    remarks=(Remark("abc", "verify"),),
    seasons={1: "はじまりの冬"},
    hub="https://hub.example.jp/",
)
EPISODE_FIELDS = EpisodeFields(
    locations=(SAKU,),
    licence=Licence("うちの決まり", "https://example.jp/licence"),
    number_shown="冬の号",
    elsewhere=(Link("https://www.youtube.com/watch?v=1", "動画で見る"),),
    discussions=(Discussion("activitypub", "https://social.example.jp/@fm/1", "@fm"),),
    remarks=(Remark("abc"),),
    image="https://example.jp/winter.jpg",
)


def a_full_feed(**changes) -> Feed:
    bite = Bite(Timecode.of_seconds(14), Timecode.of_seconds(20), "灯油の一言")
    enclosure = an_enclosure(7, alternates=(OPUS,), clips=((bite, CLIP),))
    people = (Person("髙橋 健", "researcher", url="https://k.jp/", group="writing"),)
    episode = a_published_episode(
        7, enclosure=enclosure, transcript="WEBVTT", people=people, feed=EPISODE_FIELDS
    )
    show = a_show(feed=replace(SHOW_FIELDS, **changes))
    return Feed(show, (FeedItem(episode, "<p>灯油の話</p>", "<p>くわしい話</p>"),), ART)


def channel(feed: Feed):
    return etree.fromstring(RssFeedWriter().write(feed))[0]


def one(node, path: str) -> tuple[str, dict[str, str]]:
    found = node.findall(path, NAMESPACES)
    assert len(found) == 1, path
    return found[0].text or "", dict(found[0].attrib)


def test_the_checker_finds_nothing_wrong_with_it():
    assert check(LxmlFeedInspector().parse(RssFeedWriter().write(a_full_feed())), Nowhere()) == ()


def test_the_show_says_what_its_settings_say():
    show = channel(a_full_feed())
    assert one(show, "podcast:location") == (
        "長野県佐久市", {"rel": "subject", "geo": "geo:36.2489,138.4767", "osm": "R1", "country": "JP"},
    )  # fmt: skip
    assert one(show, "podcast:funding") == ("ふるさと納税で応援する", {"url": "https://example.jp/furusato"})
    assert one(show, "podcast:license") == ("cc-by-4.0", {})
    assert one(show, "podcast:trailer") == (
        "予告",
        {
            "url": "https://example.jp/t.mp3", "pubdate": "Fri, 20 Nov 2026 12:00:00 +0900", "length": "123",
            "type": "audio/mpeg", "season": "1",
        },
    )  # fmt: skip
    assert one(show, "podcast:updateFrequency") == (
        "月に2回", {"rrule": "FREQ=MONTHLY;BYDAY=1MO,3MO", "dtstart": "2026-11-20T12:00:00+09:00"},
    )  # fmt: skip
    assert one(show, "podcast:podroll/podcast:remoteItem")[1] == {
        "feedGuid": "29cdca4a-32d8-56ba-b48b-09a011c5daa9", "feedUrl": "https://b.jp/feed.xml",
        "title": "となり町",
    }  # fmt: skip
    assert one(show, "podcast:image")[1] == {
        "href": "https://example.jp/wide.jpg", "alt": "浅間山", "aspect-ratio": "16/9", "width": "1200",
        "purpose": "social",
    }  # fmt: skip
    assert one(show, "podcast:txt") == ("abc", {"purpose": "verify"})
    assert one(show, "atom:link[@rel='hub']")[1]["href"] == "https://hub.example.jp/"


def test_a_show_that_is_over_or_not_to_be_listed_says_yes():
    over = channel(a_full_feed(complete=True, blocked=True))
    assert one(over, "itunes:complete")[0] == one(over, "itunes:block")[0] == "Yes"
    assert one(over, "podcast:updateFrequency")[1]["complete"] == "true"
    going_on = channel(a_full_feed())
    assert going_on.find("itunes:complete", NAMESPACES) is None
    assert going_on.find("itunes:block", NAMESPACES) is None


def test_an_episode_says_what_its_front_matter_says():
    item = channel(a_full_feed()).find("item")
    assert one(item, "podcast:season") == ("1", {"name": "はじまりの冬"})
    assert one(item, "podcast:episode") == ("7", {"display": "冬の号"})
    assert one(item, "podcast:license") == ("うちの決まり", {"url": "https://example.jp/licence"})
    assert one(item, "podcast:contentLink") == ("動画で見る", {"href": "https://www.youtube.com/watch?v=1"})
    assert one(item, "podcast:socialInteract")[1] == {
        "protocol": "activitypub", "uri": "https://social.example.jp/@fm/1", "accountId": "@fm",
        "priority": "1",
    }  # fmt: skip
    assert one(item, "podcast:person")[1] == {
        "role": "researcher",
        "group": "writing",
        "href": "https://k.jp/",
    }
    assert one(item, "itunes:image")[1] == {"href": "https://example.jp/winter.jpg"}
    assert one(item, "podcast:location")[0] == "長野県佐久市"
    assert one(item, "podcast:soundbite") == ("灯油の一言", {"startTime": "17.000", "duration": "20.000"})


def test_another_formats_feed_gives_that_format_and_names_the_others():
    feeds = {feed.key: feed for feed in feeds_of(
        a_show(feed=replace(SHOW_FIELDS, formats=("opus",))), a_full_feed().items, ART
    )}  # fmt: skip
    opus = channel(feeds[Key("feed-opus.xml")])
    assert one(opus, "item/enclosure")[1]["type"] == "audio/ogg"
    assert one(opus, "item/podcast:alternateEnclosure")[1]["type"] == "audio/mpeg"
    assert one(opus, "itunes:block")[0] == "Yes"
    assert one(opus, "atom:link[@rel='self']")[1]["href"] == "https://fm.example.jp/feed-opus.xml"
    assert one(opus, "podcast:guid")[0] != a_show().guid
    main = channel(feeds[Key("feed.xml")])
    assert one(main, "item/podcast:alternateEnclosure")[1]["type"] == "audio/ogg"
    assert one(opus, "item/guid") == one(main, "item/guid")


def test_pages_link_to_each_other_in_the_channel():
    items = [
        FeedItem(a_published_episode(number, published_at=NOON + timedelta(days=number)), "<p>x</p>", "x")
        for number in range(30, 0, -1)
    ]
    written = {
        feed.key: RssFeedWriter().write(feed)
        for feed in feeds_of(a_show(feed=ShowFields(page_size=10)), items, ART)
    }
    assert list(written) == ["feed.xml", "feed-2.xml", "feed-1.xml"]
    middle = etree.fromstring(written[Key("feed-2.xml")])[0]
    links = {link.get("rel"): link.get("href") for link in middle.findall("atom:link", NAMESPACES)}
    assert links == {
        "self": "https://fm.example.jp/feed-2.xml", "first": "https://fm.example.jp/feed.xml",
        "last": "https://fm.example.jp/feed-1.xml", "prev": "https://fm.example.jp/feed.xml",
        "next": "https://fm.example.jp/feed-1.xml",
    }  # fmt: skip
    for document in written.values():
        assert check(LxmlFeedInspector().parse(document), Nowhere()) == ()


@given(words=ANY_TEXT, other=ANY_TEXT)
@settings(max_examples=examples(40))
def test_hostile_words_in_any_field_do_not_kill_the_feed(words, other):
    fields = ShowFields(
        locations=(Location(words, other, other, other, other),),
        funding=(Link(other, words),),
        licence=Licence(words, other),
        trailers=(Trailer(words, other, NOON, 1, other, 1),),
        rhythm=Rhythm(words, other),
        podroll=(Recommended(words, other, words),),
        pictures=(FeedPicture(words, other, words, 1, other),),
        remarks=(Remark(words, other),),
        seasons={1: words},
        hub=words,
    )
    own = EpisodeFields(
        (Location(words),), Licence(other), words, (Link(words, other),), (Discussion(words, other),),
        (Remark(words),), words,
    )  # fmt: skip
    item = FeedItem(a_published_episode(feed=own), words, other)
    feed = feedparser.parse(RssFeedWriter().write(Feed(a_show(feed=fields), (item,), ART)))
    assert not feed.bozo
    assert len(feed.entries) == 1


@pytest.mark.parametrize(("seed", "locale"), [("1", "C"), ("2", "ja_JP.UTF-8"), ("77", "fr_FR.UTF-8")])
def test_another_process_writes_the_same_bytes(seed, locale):
    """Another seed of hashes, another locale, another time zone: equal input, equal bytes."""
    here = Path(__file__)
    script = (
        "import sys, runpy\n"
        f"sys.path.insert(0, {str(here.parents[2])!r})\n"
        f"made = runpy.run_path({str(here)!r})\n"
        "sys.stdout.buffer.write(made['RssFeedWriter']().write(made['a_full_feed']()))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "America/New_York"}
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    assert run.stdout == RssFeedWriter().write(a_full_feed())
