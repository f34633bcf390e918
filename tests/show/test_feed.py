from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.episode import Key, MediaFile
from cityhall_fm.show.feed import Feed, FeedItem, feeds_of, in_feed
from cityhall_fm.show.feed_fields import ShowFields

from builders import NOON, a_published_episode, a_show, an_enclosure, an_episode

ART = Key("artwork.png")
OPUS = MediaFile(Key("media/0007-0123456789ab.opus"), 900, "audio/ogg", "ef" * 32, bitrate=48)


def feeds(count: int, **fields) -> dict[str, Feed]:
    show = a_show(feed=ShowFields(**fields))
    items = [
        FeedItem(a_published_episode(number, published_at=NOON + timedelta(days=number)), "", "")
        for number in range(count, 0, -1)
    ]
    return {feed.key: feed for feed in feeds_of(show, items, ART)}


def numbers(feed: Feed) -> list[int]:
    return [item.episode.number for item in feed.items]


def test_without_a_page_size_there_is_one_feed():
    assert list(feeds(500)) == ["feed.xml"]
    assert feeds(500)["feed.xml"].pages == ()


def test_the_feed_has_the_newest_and_page_1_the_oldest():
    pages = feeds(25, page_size=10)
    assert list(pages) == ["feed.xml", "feed-1.xml"]
    assert numbers(pages["feed.xml"]) == list(range(25, 10, -1))
    assert numbers(pages["feed-1.xml"]) == list(range(10, 0, -1))


def test_pages_name_their_neighbours():
    pages = feeds(40, page_size=10)
    assert dict(pages["feed.xml"].pages) == {"first": "feed.xml", "last": "feed-1.xml", "next": "feed-3.xml"}
    assert dict(pages["feed-2.xml"].pages) == {
        "first": "feed.xml", "prev": "feed-3.xml", "next": "feed-1.xml", "last": "feed-1.xml",
    }  # fmt: skip
    assert dict(pages["feed-1.xml"].pages) == {
        "first": "feed.xml", "prev": "feed-2.xml", "last": "feed-1.xml",
    }  # fmt: skip


@given(count=st.integers(0, 120), size=st.integers(10, 40))
def test_every_episode_is_reached_once_by_going_on(count, size):
    pages = feeds(count, page_size=size)
    reached, key = [], "feed.xml"
    while key:
        reached += numbers(pages[key])
        key = dict(pages[key].pages).get("next")
    assert reached == list(range(count, 0, -1))
    assert len(pages["feed.xml"].items) < 2 * size


@given(count=st.integers(0, 120), size=st.integers(10, 40), more=st.integers(1, 50))
def test_a_page_that_is_full_keeps_its_episodes_for_ever(count, size, more):
    before, after = feeds(count, page_size=size), feeds(count + more, page_size=size)
    for key in set(before) - {"feed.xml"}:
        assert numbers(after[key]) == numbers(before[key])
        assert after[key].updated_at == before[key].updated_at


def test_another_format_has_a_feed_of_its_own_with_every_episode():
    with_opus = a_published_episode(7, enclosure=an_enclosure(7, alternates=(OPUS,)))
    items = [FeedItem(with_opus, "", ""), FeedItem(a_published_episode(6), "", "")]
    show = a_show(feed=ShowFields(formats=("opus", "m4a")))
    made = {feed.key: feed for feed in feeds_of(show, items, ART)}
    assert list(made) == ["feed.xml", "feed-opus.xml"]
    opus = made["feed-opus.xml"]
    assert [opus.audio(item.episode.enclosure).media_type for item in opus.items] == [
        "audio/ogg",
        "audio/mpeg",
    ]
    assert made["feed.xml"].audio(with_opus.enclosure).media_type == "audio/mpeg"


def test_the_guid_of_another_format_is_its_own_and_survives_a_move():
    feed = Feed(a_show(), (), ART, format="opus")
    moved = replace(feed, show=a_show(public_url="https://radio.saku.example.jp"))
    assert feed.guid == moved.guid != a_show().guid
    assert Feed(a_show(), (), ART).guid == a_show().guid


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_published_episodes_stand_newest_first(order):
    episodes = [a_published_episode(number) for number in order]
    waiting = an_episode(9, enclosure=an_enclosure(9))
    assert [episode.number for episode in in_feed([waiting, *episodes])] == [3, 2, 1]
