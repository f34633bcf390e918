"""What every FeedWriter does: the fake, and the real one."""

from __future__ import annotations

import pytest

from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import Key
from cityhall_fm.show.feed import Feed, FeedItem

from builders import a_published_episode, a_show
from fakes.feed_writer import FakeFeedWriter


@pytest.fixture(params=[FakeFeedWriter, RssFeedWriter])
def writer(request):
    return request.param()


def a_feed(*numbers: int) -> Feed:
    items = tuple(FeedItem(a_published_episode(number), "<p>短く</p>", "<p>長く</p>") for number in numbers)
    return Feed(a_show(), items, Key("artwork-0123456789ab.png"))


def test_the_same_feed_gives_the_same_bytes(writer):
    assert writer.write(a_feed(8, 7)) == type(writer)().write(a_feed(8, 7))


def test_every_episode_is_there_with_what_an_app_downloads(writer):
    text = writer.write(a_feed(8, 7)).decode()
    for number in (7, 8):
        assert f"00000000-0000-4000-8000-{number:012}" in text
        assert f"https://fm.example.jp/media/{number:04}-0123456789ab.mp3" in text
    assert text.count("1440000") == 2


def test_the_newest_stands_first(writer):
    text = writer.write(a_feed(8, 7)).decode()
    assert text.index("000000000008") < text.index("000000000007")


def test_a_show_without_episodes_has_a_feed(writer):
    assert "FMリモート市役所" in writer.write(a_feed()).decode()
