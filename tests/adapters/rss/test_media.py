"""Alternates and soundbites in the feed, as Podcasting 2.0 has them."""

from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree as ET

from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import Key, MediaFile
from cityhall_fm.show.feed import Feed, FeedItem
from cityhall_fm.show.mastering import Bite
from cityhall_fm.show.timecode import Timecode

from builders import a_published_episode, a_show, an_enclosure

PODCAST = "{https://podcastindex.org/namespace/1.0}"
OPUS = MediaFile(Key("media/0007-0123456789ab.opus"), 900, "audio/ogg", "cd" * 32, 96)
CLIP = MediaFile(Key("media/0007-bite-0123456789ab.mp3"), 300, "audio/mpeg", "ef" * 32, 128)


def _item(**changes):
    episode = a_published_episode(7, enclosure=an_enclosure(7, **changes))
    item = FeedItem(episode, description="説明", content="<p>説明</p>")
    feed = RssFeedWriter().write(Feed(a_show(), (item,), Key("artwork.png")))
    return ET.fromstring(feed).find("channel/item")  # noqa: S314 - our own


def test_an_alternate_is_named_with_its_place_and_its_hash():
    alternate = _item(alternates=(OPUS,)).find(f"{PODCAST}alternateEnclosure")
    assert alternate.attrib == {"type": "audio/ogg", "length": "900", "bitrate": "96000"}
    assert alternate.find(f"{PODCAST}source").get("uri") == f"https://fm.example.jp/{OPUS.key}"
    integrity = alternate.find(f"{PODCAST}integrity")
    assert integrity.get("type") == "sri"
    algorithm, _, value = integrity.get("value").partition("-")
    assert (algorithm, b64decode(value).hex()) == ("sha256", OPUS.sha256)


def test_a_soundbite_is_at_its_place_in_the_finished_audio():
    bite = Bite(Timecode.parse("1:02"), Timecode.parse("0:15"), "灯油の目安 " + "長" * 300)
    soundbite = _item(clips=((bite, CLIP),)).find(f"{PODCAST}soundbite")
    assert soundbite.attrib == {"startTime": "65.000", "duration": "15.000"}
    assert soundbite.text.startswith("灯油の目安")
    assert len(soundbite.text) <= 128


def test_a_feed_without_them_names_none():
    item = _item()
    assert item.find(f"{PODCAST}alternateEnclosure") is None
    assert item.find(f"{PODCAST}soundbite") is None
