"""Our feed, read back by strangers: podcastparser, feedparser and lxml."""

from __future__ import annotations

import io
import locale
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import podcastparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import EpisodeKind, Guid, Key, Person
from cityhall_fm.show.feed import Feed, FeedItem
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import a_published_episode, a_show, an_enclosure

GOLDEN = Path(__file__).parents[2] / "data" / "feed.xml"
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def a_feed(*episodes, show=None, description="<p>灯油の話</p>", content="<p>くわしい話</p>") -> Feed:
    items = tuple(FeedItem(episode, description, content) for episode in episodes)
    return Feed(show or a_show(), items, Key("artwork-0123456789ab.png"))


def written(*episodes, **options) -> bytes:
    return RssFeedWriter().write(a_feed(*episodes, **options))


def channel(*episodes, **options):
    return etree.fromstring(written(*episodes, **options))[0]


def text(node, path: str) -> str | None:
    return node.findtext(path, namespaces=NAMESPACES)


def attributes(node, path: str) -> dict[str, str]:
    found = node.find(path, NAMESPACES)
    return dict(found.attrib) if found is not None else {}


def test_the_feed_is_the_one_that_was_looked_at():
    """Golden pair: these two episodes, and tests/data/feed.xml beside them."""
    episodes = [
        a_published_episode(8, transcript="WEBVTT", people=(Person("髙橋 健", "guest", url="https://k.jp"),)),
        a_published_episode(7, season=2, kind=EpisodeKind.BONUS, explicit=True),
    ]
    assert written(*episodes).decode() == GOLDEN.read_text("utf-8")


def test_podcastparser_reads_the_show_and_its_episodes():
    feed = podcastparser.parse(
        "https://fm.example.jp/feed.xml", io.BytesIO(written(a_published_episode(8), a_published_episode(7)))
    )
    assert feed["title"] == "FMリモート市役所"
    assert feed["link"] == "https://example.jp/fm"
    assert feed["language"] == "ja"
    assert feed["cover_url"] == "https://fm.example.jp/artwork-0123456789ab.png"
    assert feed["itunes_owner"] == {"name": "リモート市役所", "email": "fm@example.jp"}
    assert feed["itunes_categories"] == [["Government"], ["Society & Culture", "Places & Travel"]]
    newest = feed["episodes"][0]
    assert newest["guid"] == "00000000-0000-4000-8000-000000000008"
    assert newest["link"] == "https://fm.example.jp/8/"
    assert newest["total_time"] == 90
    assert newest["number"] == 8
    assert newest["published"] == int(datetime(2026, 11, 28, 3, tzinfo=UTC).timestamp())
    assert newest["enclosures"] == [
        {
            "url": "https://fm.example.jp/media/0008-0123456789ab.mp3",
            "file_size": 1_440_000,
            "mime_type": "audio/mpeg",
        }
    ]


def test_feedparser_finds_nothing_wrong():
    feed = feedparser.parse(written(a_published_episode(8), a_published_episode(7)))
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.link == "https://example.jp/fm"
    assert [entry.title for entry in feed.entries] == ["佐久の冬支度", "佐久の冬支度"]
    assert feed.entries[0].content[0].value == "<p>くわしい話</p>"
    assert not feed.entries[0].guidislink


def test_the_shows_tags_are_as_the_rules_say():
    show = channel(a_published_episode())
    assert attributes(show, "atom:link") == {
        "href": "https://fm.example.jp/feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert text(show, "itunes:explicit") == "false"
    assert text(show, "itunes:type") == "episodic"
    assert text(show, "podcast:guid") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert text(show, "podcast:locked") == "yes"
    assert attributes(show, "podcast:locked") == {"owner": "fm@example.jp"}
    assert text(show, "podcast:medium") == "podcast"
    assert text(show, "podcast:person") == "課長"
    assert text(show, "copyright") == "2026 リモート市役所"
    assert len(show.findall("link")) == len(show.findall("lastBuildDate")) == 1


def test_prefixes_are_written_literally():
    start = written(a_published_episode()).decode().partition("<channel>")[0]
    assert all(f'xmlns:{prefix}="{address}"' in start for prefix, address in NAMESPACES.items())


def test_dates_are_the_shows_own_time():
    show = channel(a_published_episode(published_at=datetime(2026, 11, 30, 11, tzinfo=UTC)))
    assert text(show, "item/pubDate") == "Mon, 30 Nov 2026 20:00:00 +0900"
    assert text(show, "lastBuildDate") == "Mon, 30 Nov 2026 20:00:00 +0900"


def test_without_episodes_no_date_is_made_up():
    show = channel()
    assert show.find("lastBuildDate") is None
    assert show.find("pubDate") is None


def test_another_locale_writes_the_same_bytes():
    before = locale.setlocale(locale.LC_TIME)
    expected = written(a_published_episode())
    try:
        for name in ("fr_FR.UTF-8", "ja_JP.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert written(a_published_episode()) == expected
            assert locale.setlocale(locale.LC_TIME) == name
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_an_episodes_people_replace_the_shows():
    episode = a_published_episode(
        people=(Person("髙橋 健", "guest", url="https://k.jp/", image="https://k.jp/k.png"),)
    )
    item = channel(episode).find("item")
    assert text(item, "podcast:person") == "髙橋 健"
    assert attributes(item, "podcast:person") == {
        "role": "guest",
        "href": "https://k.jp/",
        "img": "https://k.jp/k.png",
    }
    assert channel(a_published_episode()).find("item/podcast:person", NAMESPACES) is None


@pytest.mark.parametrize(
    ("of_episode", "of_show", "said"),
    [(None, False, "false"), (None, True, "true"), (True, False, "true"), (False, True, "false")],
)
def test_an_episode_says_for_itself_whether_it_is_explicit(of_episode, of_show, said):
    show = channel(a_published_episode(explicit=of_episode), show=a_show(explicit=of_show))
    assert text(show, "item/itunes:explicit") == said


def test_transcript_and_chapters_are_linked_where_they_are():
    with_both = channel(a_published_episode(transcript="WEBVTT")).find("item")
    address = "https://fm.example.jp/7/transcript"
    assert [dict(tag.attrib) for tag in with_both.findall("podcast:transcript", NAMESPACES)] == [
        {"url": f"{address}.vtt", "type": "text/vtt", "language": "ja", "rel": "captions"},
        {"url": f"{address}.srt", "type": "application/x-subrip", "language": "ja", "rel": "captions"},
        {"url": f"{address}.json", "type": "application/json", "language": "ja"},
        {"url": f"{address}.html", "type": "text/html", "language": "ja"},
    ]
    assert attributes(with_both, "podcast:chapters")["type"] == "application/json+chapters"
    neither = channel(replace(a_published_episode(), rundown=type(a_published_episode().rundown)())).find(
        "item"
    )
    assert attributes(neither, "podcast:transcript") == attributes(neither, "podcast:chapters") == {}


def test_durations_are_whole_seconds():
    episode = a_published_episode(enclosure=an_enclosure(duration=Timecode(90_999)))
    assert text(channel(episode), "item/itunes:duration") == "90"


def test_a_cdata_end_within_the_notes_does_no_harm():
    item = channel(a_published_episode(), content="<p>a]]>b</p>", description="<p>]]></p>").find("item")
    assert text(item, "content:encoded") == "<p>a]]>b</p>"
    assert text(item, "description") == "<p>]]></p>"


def test_descriptions_are_cdata():
    feed = written(a_published_episode()).decode()
    assert feed.count("<description><![CDATA[") == 2
    assert feed.count("<content:encoded><![CDATA[") == 1


def test_a_long_show_description_is_cut_in_bytes_between_letters():
    show = channel(show=a_show(description="髙" * 5000))
    words = text(show, "description") or ""
    assert len(words.encode()) <= 4000
    assert words.endswith("髙…")


def test_values_that_are_too_long_are_cut():
    item = channel(a_published_episode(title="冬👨‍👩‍👧" * 200)).find("item")
    assert len(text(item, "title") or "") <= 255


@given(title=ANY_TEXT, name=ANY_TEXT, notes=ANY_TEXT)
@settings(max_examples=examples(60))
def test_one_bad_title_does_not_kill_the_feed(title, name, notes):
    episode = a_published_episode(title=title, people=(Person(name, role=title, url=name),))
    show = a_show(title=title, author=name, copyright=notes, description=notes, categories=((title, name),))
    feed = feedparser.parse(written(episode, show=show, description=notes, content=notes))
    assert not feed.bozo
    assert feed.entries[0].id == episode.guid


def test_guids_are_kept_byte_for_byte():
    guid = "https://old.example.jp/?p=1&x=髙橋 "
    assert text(channel(a_published_episode(guid=Guid(guid))), "item/guid") == guid
    assert attributes(channel(a_published_episode()), "item/guid") == {"isPermaLink": "false"}


def test_dates_can_be_read_by_everybody():
    date = text(channel(a_published_episode()), "item/pubDate") or ""
    assert parsedate_to_datetime(date).utcoffset().total_seconds() == 9 * 3600
