"""Feeds as they are in the wild, made out by the lenient reader."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.old_feed import LenientFeedReader
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.moving.found import FoundFeed
from thorough import examples

from old_host import ANCHOR, GUID, a_feed, an_item

SAMPLE = Path(__file__).parents[4] / "shared" / "feeds" / "anchor-ja.xml"


def read(document: bytes, url: str = "https://old.example/rss") -> FoundFeed:
    return LenientFeedReader().read(document, url=url, where="feed.xml")


def names(feed: FoundFeed) -> list[str]:
    return [oddity.text.name for oddity in feed.oddities]


def test_a_feed_of_anchors_shape_is_read_whole():
    feed = read(a_feed(an_item(2), an_item(1)), url="")
    assert feed.url == feed.self_url == ANCHOR
    assert (feed.title, feed.description, feed.language) == ("佐久のラジオ", "移住の話をします。", "ja")
    assert (feed.author, feed.bare_author) == ("わいこ", "わいこ")
    assert (feed.owner_name, feed.owner_email) == ("わいこ", "a@example.jp")
    assert feed.categories == (("Technology", None),)
    assert feed.image == "https://media.example/art.jpg"
    assert feed.guid == feed.new_feed_url == ""
    newest = feed.episodes[0]
    assert newest.guid == GUID.format(2)
    assert newest.title == "第2の話 髙橋🎙"
    assert newest.enclosure_url == "https://media.example/play/2/https%3A%2F%2Fd3.example%2F2-%e4%bd%90.m4a"
    assert newest.published == "Tue, 02 Jun 2025 09:29:22 GMT"
    assert (newest.duration, newest.season, newest.number, newest.kind) == ("00:00:02", "1", "2", "full")
    assert newest.summary == "<p>語って「灯油」の話 2</p>"
    assert feed.oddities == ()


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample feed is not beside this checkout")
def test_the_sample_of_the_old_host_is_read_whole():
    feed = read(SAMPLE.read_bytes(), url="")
    assert feed.oddities == ()
    assert [one.guid for one in feed.episodes] == ["892ad84c-a15e-4245-a8be-3eaded28dcb0"]
    assert feed.episodes[0].enclosure_url.endswith("402314792-44100-2-1b69bdfa4a748.m4a")
    assert feed.episodes[0].enclosure_url.count("%2F") == 5


@pytest.mark.parametrize(
    ("written", "guid"),
    [
        ("<guid>a b</guid>", "a b"),
        ("<guid> a </guid>", " a "),
        ("<guid><![CDATA[ a ]]></guid>", " a "),
        ("<guid>\n  <![CDATA[a&amp;b]]>\n</guid>", "\n  a&amp;b\n"),
        ("<guid>a&amp;b&#x4f50;</guid>", "a&b佐"),
        ("<guid isPermaLink='true'>https://x.jp/?p=1&q=2</guid>", "https://x.jp/?p=1&q=2"),
        ("<guid>a<![CDATA[b]]>c</guid>", "abc"),
        ("<guid>é&eacute;É</guid>", "ééÉ"),
        ("<guid>か\u3099が</guid>", "か\u3099が"),
        ("<guid/>", ""),
        ("<guid></guid><guid>second</guid>", "second"),
    ],
)
def test_guids_are_read_byte_for_byte(written, guid):
    assert read(a_feed(an_item(guid=written))).episodes[0].guid == guid


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ('url="https://a.example/?x=1&y=2"', "https://a.example/?x=1&y=2"),
        ('url="https://a.example/?x=1&amp;y=2"', "https://a.example/?x=1&y=2"),
        ('url="https://a.example/?x=1&copy=2"', "https://a.example/?x=1&copy=2"),
        ('url="https://a.example/%2f%2F%20 b.mp3"', "https://a.example/%2f%2F%20 b.mp3"),
        ("url='https://a.example/佐久.mp3'", "https://a.example/佐久.mp3"),
    ],
)
def test_enclosure_addresses_are_read_byte_for_byte(written, url):
    feed = read(a_feed(an_item(enclosure=f"<enclosure {written} length='1' type='audio/mpeg'/>")))
    assert feed.episodes[0].enclosure_url == url


def test_entities_of_html_become_letters_and_bare_ampersands_stay():
    feed = read(a_feed(title="<title>Q&A&nbsp;&hellip; &佐久; &#8230;</title>"))
    assert feed.title == "Q&A\xa0… &佐久; …"
    assert names(feed) == ["moving.entity", "moving.ampersand"]


def test_what_stands_in_cdata_is_left_alone():
    feed = read(a_feed(description="<description><![CDATA[<p>A&nbsp;& B</p>]]></description>"))
    assert feed.description == "<p>A&nbsp;& B</p>"
    assert feed.oddities == ()


def test_control_characters_are_dropped_written_out_or_not():
    feed = read(a_feed(title="<title>佐\x0b久&#11;の&#x1F;冬&#9;</title>"))
    assert feed.title == "佐久の冬"
    assert names(feed) == ["moving.control_characters"]


def test_an_undeclared_prefix_counts_and_is_told():
    feed = read(b"<rss><channel><title>A</title><itunes:author>B</itunes:author></channel></rss>")
    assert feed.author == "B"
    assert names(feed) == ["moving.broken_xml"]


def test_apples_namespace_counts_in_any_letter_case():
    document = a_feed(an_item(1)).replace(
        b"http://www.itunes.com/dtds/podcast-1.0.dtd", b"http://www.itunes.com/DTDs/Podcast-1.0.dtd"
    )
    assert read(document).author == "わいこ"


def test_broken_xml_is_made_out_and_told():
    feed = read(a_feed(an_item(2, title="<title>A <b>B</title>"), an_item(1)))
    assert [one.guid for one in feed.episodes] == [GUID.format(2), GUID.format(1)]
    assert "moving.broken_xml" in names(feed)


def test_half_an_item_at_the_end_is_left_out_since_its_guid_may_be_cut():
    whole = a_feed(an_item(2), an_item(1))
    torn = whole[: whole.rindex(GUID.format(1).encode()) + 10]
    feed = read(torn)
    assert [one.guid for one in feed.episodes] == [GUID.format(2)]
    assert "moving.torn" in names(feed)


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp", "utf-16", "iso-2022-jp"])
def test_other_encodings_are_read_as_declared(encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><title>佐久の表示</title></channel></rss>'
    )
    assert read(text.encode(encoding)).title == "佐久の表示"


def test_an_encoding_that_is_declared_wrongly_is_told():
    text = '<?xml version="1.0" encoding="{}"?><rss><channel><title>佐久</title></channel></rss>'
    for declared in ("shift_jis", "no-such-thing", "base64", "us-ascii"):
        feed = read(text.format(declared).encode())
        assert feed.title == "佐久"
        assert names(feed) == ["moving.wrong_encoding"]
    feed = read(text.format("utf-8").encode("shift_jis"))
    assert names(feed) == ["moving.wrong_encoding"]


def test_what_lies_deeper_is_somebody_elses():
    feed = read(a_feed(title=None, image="<image><title>Bild</title><url>https://x.jp/a.png</url></image>"))
    assert feed.title == ""
    assert feed.image == "https://x.jp/a.png"


def test_categories_keep_their_subcategories():
    category = (
        '<itunes:category text="Society &amp; Culture"><itunes:category text="Places &amp; Travel"/>'
        '<itunes:category text="Philosophy"/></itunes:category><itunes:category text="Arts"/>'
        "<itunes:category/>"
    )
    assert read(a_feed(category=category)).categories == (
        ("Society & Culture", "Places & Travel"),
        ("Society & Culture", "Philosophy"),
        ("Arts", None),
    )


def test_chapters_within_the_feed_are_read():
    one, other = '<psc:chapter start="00:00:00" title="始まり"/>', '<psc:chapter start="1:02"/>'
    chapters = f"<psc:chapters>{one}{other}</psc:chapters>"
    assert read(a_feed(an_item(kind=chapters))).episodes[0].chapters == (("00:00:00", "始まり"), ("1:02", ""))


def test_entities_that_would_explode_are_none():
    bomb = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert read(bomb + b"<rss><channel><title>&b;</title></channel></rss>").title == "&b;"


def test_files_of_this_machine_are_not_read():
    stolen = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel><title>&a;</title></channel></rss>'
    assert read(stolen).title == "&a;"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" ",
        b"<!DOCTYPE html><html><body>x</body></html>",
        b"\x89PNG",
        b"{}",
        b"<feed xmlns='http://www.w3.org/2005/Atom'/>",
    ],
)
def test_what_is_no_feed_is_told(document):
    with pytest.raises(InputError) as error:
        read(document)
    assert error.value.text.name == "moving.not_a_feed"


@given(st.binary(max_size=300), st.integers(0, 3000))
@settings(max_examples=examples(120), deadline=None)
def test_no_bytes_are_a_crash(noise, place):
    whole = a_feed(an_item(2), an_item(1))
    for document in (whole[:place] + noise + whole[place:], noise):
        with suppress(InputError):
            assert isinstance(read(document), FoundFeed)
