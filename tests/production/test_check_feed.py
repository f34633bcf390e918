"""One place broken, one finding: every rule, over the strict reader."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector
from cityhall_fm.production.check_feed import (
    check_built,
    check_file,
    refuse_changed_guids,
    refuse_errors,
)
from cityhall_fm.show import feed_check
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import InputError, NotReadyError
from cityhall_fm.show.feed_check import Nowhere, check
from cityhall_fm.texts import Catalogue, entries
from thorough import examples

from builders import a_show
from fakes.public_folder import FakePublicFolder
from good_feed import GOOD_FEED, broken

INSPECTOR = LxmlFeedInspector()
MP3 = b"ID3\x04" + bytes(996)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(888)
OPUS = b"OggS" + bytes(496)
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>こんばんは\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nこんばんは\n"
JSON = '{"version": "1.0.0", "segments": [{"startTime": 1, "endTime": 2, "body": "こんばんは"}]}'


def chapters(listed: str) -> bytes:
    return f'{{"version": "1.2.0", "chapters": [{listed}]}}'.encode()


CHAPTERS = chapters('{"startTime": 0, "title": "はじめ"}, {"startTime": 9.5, "title": "髙"}')


def told(document: str | bytes, around=None) -> set[str]:
    content = document if isinstance(document, bytes) else document.encode()
    findings = check(INSPECTOR.parse(content), around or Nowhere())
    for finding in findings:
        for language in ("ja", "en", "fr"):
            assert Catalogue(language).word(finding.text)
    return {f"{finding.tag} {finding.text.name.removeprefix('check.')}" for finding in findings}


def test_the_good_feed_is_good():
    assert told(GOOD_FEED) == set()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        # the show
        ("<title>佐久ラジオ</title>", "", "title missing"),
        ("<title>佐久ラジオ</title>", "<title>一</title><title>二</title>", "title repeated"),
        ("<title>佐久ラジオ</title>", f"<title>{'髙' * 256}</title>", "title too_many_letters"),
        ("<title>佐久ラジオ</title>", "<title> 佐久ラジオ\n</title>", "title spaces_around"),
        ("<title>佐久ラジオ</title>", "<title>A &amp;amp; B</title>", "title escaped_twice"),
        ("<title>佐久ラジオ</title>", "<title>&lt;b&gt;佐久&lt;/b&gt;</title>", "title html_in_plain"),
        ("<title>佐久ラジオ</title>", "<title>佐久\ufffdラジオ</title>", "title broken_letters"),
        ("<p>佐久の暮らしの質問に答えます。📻</p>", "", "description missing"),
        ("<p>佐久の暮らしの質問に答えます。📻</p>", "髙" * 1334, "description too_many_bytes"),
        ("<link>https://example.jp/radio</link>", "", "link missing"),
        ("https://example.jp/radio", "https://fm.example.jp/feed.xml", "link link_is_feed"),
        ("https://example.jp/radio", "example.jp/radio", "link not_an_address"),
        ("https://example.jp/radio", "http://example.jp/radio", "link not_https"),
        ("<language>ja</language>", "<language>jp</language>", "language not_a_language"),
        ("<language>ja</language>", "<language/>", "language missing"),
        ("2026 佐久市", "Copyright 2026 佐久市", "copyright copyright_word"),
        ("20:00:00 +0900</lastBuildDate>", "20時</lastBuildDate>", "lastBuildDate not_a_date"),
        ('rel="self" type', 'rel="alternate" type', "atom:link no_self"),
        ('rel="hub"', 'rel="self"', "atom:link rel=self repeated"),
        ('type="application/rss+xml"/>', 'type="text/html"/>', "atom:link wrong_type"),
        ('href="https://hub.example.jp/" rel="hub"', 'href="https://fm.example.jp/feed.xml" rel="next"',
         "atom:link pages_in_a_circle"),
        ('href="https://hub.example.jp/" rel="hub"', 'rel="hub"', "atom:link@href no_attribute"),
        ("<itunes:author>佐久市</itunes:author>", "", "itunes:author missing"),
        ("<itunes:author>", "<author>x</author><itunes:author>", "author not_of_a_channel"),
        ("<itunes:email>fm@example.jp</itunes:email>", "", "itunes:owner no_owner_email"),
        ("<itunes:email>fm@example.jp<", "<itunes:email>課長<", "itunes:email not_an_email"),
        ('<itunes:image href="https://fm.example.jp/artwork.png"/>\n<itunes:cat', "<itunes:cat",
         "itunes:image missing"),
        ("artwork.png", "artwork.webp", "itunes:image picture_ending"),
        ("artwork.png", "表紙.png", "itunes:image not_ascii"),
        ('text="Government"', 'text="government"', "itunes:category category_near"),
        ('text="Government"', 'text="市役所"', "itunes:category category"),
        ("Places &amp; Travel", "Daily News", "itunes:category category_near"),
        ("<itunes:explicit>false</itunes:explicit>\n<itunes:type>", "<itunes:type>",
         "itunes:explicit missing"),
        ("<itunes:explicit>false", "<itunes:explicit>clean", "itunes:explicit true_or_false"),
        ("<itunes:type>episodic", "<itunes:type>weekly", "itunes:type not_one_of"),
        ("<itunes:type>", "<itunes:block>no</itunes:block><itunes:type>", "itunes:block only_yes"),
        ("<itunes:type>", "<itunes:new-feed-url>https://b.jp/f.xml</itunes:new-feed-url><itunes:type>",
         "itunes:new-feed-url moves_on"),
        # episodes
        ("<title>佐久の冬支度</title>", "", "title missing"),
        ("<title>佐久の冬支度", "<title>第2回 佐久の冬支度", "title number_in_title"),
        ("<title>佐久の冬支度", "<title>佐久ラジオ: 冬支度", "title show_in_title"),
        (">guid-2<", "><", "guid missing"),
        (">guid-2<", ">guid-1<", "guid guid_twice"),
        (">guid-2<", "> guid-2 <", "guid spaces_around"),
        ('<guid isPermaLink="false">guid-2', "<guid>guid-2", "guid guid_not_an_address"),
        ('isPermaLink="false">guid-2', 'isPermaLink="no">guid-2', "guid true_or_false"),
        ("<pubDate>Mon, 30", "<pubDate>Tue, 30", "pubDate not_a_date"),
        ("<pubDate>Mon, 30 Nov 2026 20:00:00 +0900</pubDate>", "", "pubDate missing"),
        ("<pubDate>Mon, 30 Nov", "<pubDate>Fri, 30 Oct", "pubDate not_newest_first"),
        ("<description>はじめての回です。</description>", "", "description missing"),
        ("はじめての回です。", "髙" * 1334, "description too_many_bytes"),
        ("<p>灯油の話。", "<table><p>灯油の話。", "description html_unknown"),
        (">90<", ">1分30秒<", "itunes:duration not_a_duration"),
        (">90<", ">0<", "itunes:duration no_duration"),
        ("<itunes:duration>90</itunes:duration>", "", "itunes:duration missing"),
        ("<itunes:episode>2", "<itunes:episode>0", "itunes:episode not_a_number"),
        ("<itunes:season>1", "<itunes:season>冬", "itunes:season not_a_number"),
        ("<itunes:episode>2", "<itunes:episode>1", "itunes:episode number_twice"),
        ("<itunes:episodeType>full", "<itunes:episodeType>Full", "itunes:episodeType not_one_of"),
        # enclosures
        ('<enclosure url="https://fm.example.jp/media/0001.m4a" length="900" type="audio/x-m4a"/>', "",
         "enclosure missing"),
        ("<itunes:duration>90",
         '<enclosure url="https://b.jp/a.mp3" length="1" type="audio/mpeg"/><itunes:duration>90',
         "enclosure repeated"),
        ("0001.m4a", "0002.mp3", "enclosure enclosure_twice"),
        ('length="1000" type="audio/mpeg"', 'type="audio/mpeg"', "enclosure@length no_attribute"),
        ('length="1000"', 'length="1,000"', "enclosure@length not_a_number"),
        ('length="1000"', 'length="0"', "enclosure@length not_a_number"),
        ('length="1000" type="audio/mpeg"', 'length="1000" type="audio/mp3"', "enclosure wrong_type"),
        ("0002.mp3", "冬.mp3", "enclosure not_ascii"),
        ("0002.mp3", "0002", "enclosure ending_unknown"),
        ('0002.mp3" length="1000" type="audio/mpeg"', '0002.opus" length="1000" type="audio/ogg"',
         "enclosure not_for_apple"),
        # Podcasting 2.0
        ("917393e3-1b1e-5cef", "917393e3-1b1e-4cef", "podcast:guid not_uuid5"),
        ("<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>", "", "podcast:guid missing"),
        (' owner="fm@example.jp">yes', ">yes", "podcast:locked@owner no_attribute"),
        ('owner="fm@example.jp">yes', 'owner="課長">yes', "podcast:locked not_an_email"),
        (">yes</podcast:locked>", ">true</podcast:locked>", "podcast:locked not_one_of"),
        ("<podcast:medium>podcast", "<podcast:medium>radio", "podcast:medium not_one_of"),
        ("cc-by-4.0", "うちの決まり", "podcast:license licence_unknown"),
        ("geo:36.2489,138.4767", "36.2489,138.4767", "podcast:location not_geo"),
        ("geo:36.2489,138.4767", "geo:138.4767,36.2489", "podcast:location not_geo"),
        ("R4256124", "4256124", "podcast:location not_osm"),
        ('country="JP"', 'country="日本"', "podcast:location not_a_country"),
        ('rel="subject"', 'rel="about"', "podcast:location not_one_of"),
        (">長野県佐久市<", "><", "podcast:location empty"),
        (">長野県佐久市<", f">{'髙' * 129}<", "podcast:location too_many_letters"),
        ('url="https://example.jp/furusato"', "", "podcast:funding@url no_attribute"),
        (">ふるさと納税<", "><", "podcast:funding empty"),
        (">abc123<", f">{'x' * 4001}<", "podcast:txt too_many_letters"),
        ("Sun, 01 Nov", "Mon, 01 Nov", "podcast:trailer not_a_date"),
        (' pubdate="Sun, 01 Nov 2026 20:00:00 +0900"', "", "podcast:trailer@pubdate no_attribute"),
        ('url="https://fm.example.jp/trailer.mp3"', "", "podcast:trailer@url no_attribute"),
        ("FREQ=MONTHLY;BYDAY", "EVERY=MONTH;BYDAY", "podcast:updateFrequency not_an_rrule"),
        ("2026-11-02T20:00:00+09:00", "11月2日", "podcast:updateFrequency not_an_iso_date"),
        ('<podcast:remoteItem feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"/>', "",
         "podcast:podroll empty"),
        ('feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"', "", "podcast:remoteItem@feedGuid no_attribute"),
        ("16/9", "16:9", "podcast:image not_a_ratio"),
        (' alt="佐久平"', "", "podcast:image@alt no_attribute"),
        ('role="host"', 'role="課長"', "podcast:person not_one_of"),
        ('group="cast"', 'group="writing"', "podcast:person role_of_another_group"),
        (">課長</podcast:person>", "></podcast:person>", "podcast:person empty"),
        (">課長</podcast:person>", f">{'課' * 129}</podcast:person>", "podcast:person too_many_letters"),
        ('name="はじまりの冬"', f'name="{"冬" * 129}"', "podcast:season@name too_many_letters"),
        ('display="冬の号"', f'display="{"冬" * 33}"', "podcast:episode@display too_many_letters"),
        (">2</podcast:episode>", ">二</podcast:episode>", "podcast:episode not_a_number"),
        ('type="text/vtt"', 'type="text/webvtt"', "podcast:transcript not_one_of"),
        ('type="text/vtt" language', "language", "podcast:transcript@type no_attribute"),
        ('rel="captions"', 'rel="caption"', "podcast:transcript not_one_of"),
        ("application/json+chapters", "application/json", "podcast:chapters wrong_type"),
        ('startTime="12.5"', 'startTime="0:12"', "podcast:soundbite@startTime not_seconds"),
        ('duration="30"', 'duration="14"', "podcast:soundbite soundbite_length"),
        ('duration="30"', 'duration="121"', "podcast:soundbite soundbite_length"),
        ('<podcast:source uri="https://fm.example.jp/media/0002.opus"/>', "",
         "podcast:alternateEnclosure no_source"),
        ('type="audio/ogg" length="500"', 'length="500"', "podcast:alternateEnclosure@type no_attribute"),
        ("sha256-XHk1Z2Ip", "XHk1Z2Ip", "podcast:integrity not_sri"),
        ('protocol="activitypub"', 'protocol="slack"', "podcast:socialInteract not_one_of"),
        ('uri="https://social.example.jp/@fm/1"', "", "podcast:socialInteract@uri no_attribute"),
        ('href="https://www.youtube.com/watch?v=x"', "", "podcast:contentLink@href no_attribute"),
        # XML
        ("</channel>", "", "xml not_well_formed"),
        ('encoding="UTF-8"?>', 'encoding="UTF-8"?><!DOCTYPE rss>', "xml has_doctype"),
        ("dtds/podcast-1.0.dtd", "DTDs/Podcast-1.0.dtd", "xml namespace_spelt"),
    ],
)  # fmt: skip
def test_what_is_broken_is_told(old, new, finding):
    assert finding in told(broken(old, new))


def test_every_finding_has_its_sentence():
    source = Path(feed_check.__file__).parent.glob("*.py")
    code = "".join(path.read_text("utf-8") for path in source)
    named = set(re.findall(r"\.(?:error|warning)\(\s*\"([a-z_0-9]+)\"", code))
    assert len(named) > 80
    assert named <= set(entries("check"))


def test_another_prefix_is_told():
    other = (
        GOOD_FEED.replace("xmlns:podcast", "xmlns:pc")
        .replace("<podcast:", "<pc:")
        .replace("</podcast:", "</pc:")
    )
    assert told(other) == {"xml prefix_other"}


def test_a_guid_of_another_version_is_a_warning_since_it_must_not_change():
    findings = check(INSPECTOR.parse(broken("917393e3-1b1e-5cef", "917393e3-1b1e-4cef").encode()), Nowhere())
    assert [finding.severity for finding in findings] == ["warning"]
    findings = check(INSPECTOR.parse(broken("917393e3-1b1e-5cef", "佐久").encode()), Nowhere())
    assert [finding.severity for finding in findings] == ["error"]


def test_a_transcript_of_which_nothing_may_be_public_does_not_stop_a_build(tmp_path):
    files = {**built(), Key("2/transcript.vtt"): b"WEBVTT\n"}
    checked = check_built(files, show=a_show(), folder=FakePublicFolder(root=tmp_path), inspector=INSPECTOR)
    assert [finding.text.name for finding in checked.warnings] == ["check.transcript_empty"]
    refuse_errors(checked)


def test_a_feed_that_apple_does_not_list_may_be_opus():
    opus = broken('0002.mp3" length="1000" type="audio/mpeg"', '0002.opus" length="1000" type="audio/ogg"')
    assert told(opus) == {"enclosure not_for_apple"}
    blocked = opus.replace("<itunes:type>", "<itunes:block>Yes</itunes:block><itunes:type>")
    assert told(blocked) == set()


def test_a_serial_show_needs_numbers():
    serial = broken(">episodic<", ">serial<").replace("<itunes:episode>2</itunes:episode>", "")
    assert told(serial) == {"itunes:episode serial_without_number"}


def test_what_is_no_rss_is_told_at_once():
    assert told("<feed xmlns='http://www.w3.org/2005/Atom'/>") == {"xml not_rss"}
    assert "xml not_well_formed" in told("冬支度")
    assert "xml not_well_formed" in told(b"")


def test_another_encoding_is_told_and_read():
    japanese = GOOD_FEED.replace('encoding="UTF-8"', 'encoding="Shift_JIS"').replace("📻", "")
    assert told(japanese.encode("shift_jis", "xmlcharrefreplace")) == {"xml not_utf8"}


def test_hostile_xml_fetches_and_expands_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = (
        f'<!DOCTYPE rss [<!ENTITY l0 "w">{laughs}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
        + GOOD_FEED.partition("?>\n")[2].replace("佐久ラジオ", "&file;&l11;")
    )
    parsed = INSPECTOR.parse(document.encode())
    assert "秘密" not in repr(parsed)
    assert len(repr(parsed)) < 50_000


def test_huge_values_do_not_hold_up_the_check():
    huge = "髙.@" * 200_000
    for old in (">yes<", ">episodic<", "cc-by-4.0", "R4256124", "fm@example.jp", "geo:36.2489,138.4767"):
        told(broken(old, old.replace(old.strip("<>"), huge)))
    told(broken('text="Government"', f'text="{huge}"'))


@given(st.binary(max_size=300))
@settings(max_examples=examples(60))
def test_any_bytes_are_answered_with_findings(document):
    assert told(document)


@given(st.integers(0, len(GOOD_FEED.encode()) - 1), st.binary(min_size=1, max_size=3))
@settings(max_examples=examples(60), deadline=None)
def test_a_damaged_feed_is_still_checked(at, damage):
    content = GOOD_FEED.encode()
    told(content[:at] + damage + content[at + len(damage) :])


# The files beside the feed


def picture(size=(1400, 1400), mode="RGB", kind="PNG") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind)
    return written.getvalue()


@pytest.fixture(scope="module")
def artwork():
    return picture()


@pytest.fixture
def folder(tmp_path, artwork) -> Path:
    files = {
        "feed.xml": GOOD_FEED, "artwork.png": artwork, "media/0002.mp3": MP3, "media/0001.m4a": M4A,
        "media/0002.opus": OPUS, "2/transcript.vtt": VTT, "2/transcript.srt": SRT, "2/transcript.json": JSON,
        "2/chapters.json": CHAPTERS,
    }  # fmt: skip
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def told_of(folder: Path) -> set[str]:
    checked = check_file(folder / "feed.xml", inspector=INSPECTOR)
    return {f"{finding.tag} {finding.text.name.removeprefix('check.')}" for finding in checked.findings}


def test_files_as_the_feed_says_are_right(folder):
    assert told_of(folder) == set()


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("media/0002.mp3", MP3 + b"x", "enclosure wrong_length"),
        ("media/0002.mp3", b"", "enclosure empty_file"),
        ("media/0002.mp3", M4A + bytes(100), "enclosure wrong_content"),
        ("media/0002.mp3", b"<!DOCTYPE html>" + bytes(985), "enclosure wrong_content"),
        ("media/0002.opus", OPUS + b"x", "podcast:alternateEnclosure wrong_length"),
        ("artwork.png", lambda: picture((1399, 1399)), "itunes:image picture_size"),
        ("artwork.png", lambda: picture((3001, 3001)), "itunes:image picture_size"),
        ("artwork.png", lambda: picture((1400, 1500)), "itunes:image picture_square"),
        ("artwork.png", lambda: picture(mode="RGBA"), "itunes:image picture_colour"),
        ("artwork.png", lambda: picture(mode="CMYK", kind="JPEG"), "itunes:image picture_colour"),
        ("artwork.png", lambda: picture(kind="JPEG"), "itunes:image picture_kind"),
        ("artwork.png", b"\x89PNG\r\n\x1a\ntorn", "itunes:image not_a_picture"),
        ("2/chapters.json", b"{", "podcast:chapters json_broken"),
        ("2/chapters.json", b"[" * 100_000, "podcast:chapters json_broken"),
        ("2/chapters.json", b"{}", "podcast:chapters json_without"),
        ("2/chapters.json", b'{"version": "2", "chapters": [{"startTime": 0, "title": "a"}]}',
         "podcast:chapters chapters_version"),
        ("2/chapters.json", chapters(""), "podcast:chapters chapters_none"),
        ("2/chapters.json", chapters('{"startTime": "0:12", "title": "a"}'),
         "podcast:chapters chapter_time"),
        ("2/chapters.json", chapters('{"startTime": NaN, "title": "a"}'),
         "podcast:chapters chapter_time"),
        ("2/chapters.json", chapters('{"startTime": 9, "title": "a"}, {"startTime": 1}'),
         "podcast:chapters chapter_order"),
        ("2/chapters.json", chapters('{"startTime": 9}'), "podcast:chapters chapter_title"),
        ("2/chapters.json", chapters('{"startTime": 9, "title": "a", "img": "a.png"}'),
         "podcast:chapters chapter_address"),
        ("2/chapters.json", chapters('{"startTime": 9, "title": "a", "endTime": 9}'),
         "podcast:chapters chapter_end"),
        ("2/chapters.json", chapters('{"startTime": 9, "title": "a", "toc": 1}'),
         "podcast:chapters chapter_toc"),
        ("2/chapters.json", chapters('{"startTime": 9, "title": "a", "location": {}}'),
         "podcast:chapters chapter_location"),
        ("2/transcript.vtt", VTT.removeprefix("WEBVTT\n").encode(), "podcast:transcript vtt_header"),
        ("2/transcript.vtt", VTT.replace(".000", ",000").encode(), "podcast:transcript cue_time"),
        ("2/transcript.vtt", VTT.replace("00:02", "00:01").encode(), "podcast:transcript cue_reversed"),
        ("2/transcript.vtt", (VTT + "\n00:00.500 --> 00:00.900\nx\n").encode(),
         "podcast:transcript cue_order"),
        ("2/transcript.vtt", VTT.replace("こんばんは", "髙" * 66).encode(),
         "podcast:transcript cue_line_long"),
        ("2/transcript.vtt", b"WEBVTT\n", "podcast:transcript transcript_empty"),
        ("2/transcript.vtt", VTT.encode("shift_jis"), "podcast:transcript transcript_not_utf8"),
        ("2/transcript.srt", SRT.replace(",000", ".000").encode(), "podcast:transcript cue_time"),
        ("2/transcript.json", b'{"segments": [{"body": "x"}]}', "podcast:transcript segment_wrong"),
        ("2/transcript.json", b'{"segments": []}', "podcast:transcript transcript_empty"),
    ],
)  # fmt: skip
def test_a_file_that_is_otherwise_is_told(folder, name, content, finding):
    (folder / name).write_bytes(content() if callable(content) else content)
    assert finding in told_of(folder)


def test_files_outside_of_the_folder_are_never_looked_at(folder):
    (folder.parent / "outside.mp3").write_bytes(b"<html>")
    escaping = broken("media/0002.mp3", "media/../../outside.mp3").encode()
    (folder / "feed.xml").write_bytes(escaping)
    assert not {finding for finding in told_of(folder) if "wrong" in finding}


def test_a_feed_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError):
        check_file(tmp_path / "feed.xml", inspector=INSPECTOR)


# What was built


def built(feed: str = GOOD_FEED, without: str = ""):
    files = {
        "feed.xml": feed.encode(), "artwork.png": picture(), "2/transcript.vtt": VTT.encode(),
        "2/transcript.srt": SRT.encode(), "2/transcript.json": JSON.encode(), "2/chapters.json": CHAPTERS,
        "wide.jpg": picture(kind="JPEG"), "trailer.mp3": MP3,
    }  # fmt: skip
    return {Key(key): content for key, content in files.items() if key != without}


def test_a_built_feed_may_leave_media_to_the_bucket(tmp_path):
    folder = FakePublicFolder(root=tmp_path)
    checked = check_built(built(), show=a_show(), folder=folder, inspector=INSPECTOR)
    assert checked.findings == ()
    assert checked.episodes == 2


def test_a_built_feed_must_not_name_what_was_not_built(tmp_path):
    folder = FakePublicFolder(root=tmp_path)
    checked = check_built(built(without="2/chapters.json"), show=a_show(), folder=folder, inspector=INSPECTOR)
    assert [(finding.tag, finding.text.name) for finding in checked.errors] == [
        ("podcast:chapters", "check.no_file")
    ]


def test_older_pages_are_checked_too_and_the_show_is_told_once(tmp_path):
    page = broken("<itunes:explicit>false", "<itunes:explicit>no").replace("guid-1", "guid-0")
    files = {**built(page), Key("feed-1.xml"): page.replace(">guid-2<", "><").encode()}
    checked = check_built(files, show=a_show(), folder=FakePublicFolder(root=tmp_path), inspector=INSPECTOR)
    assert [finding.tag for finding in checked.errors] == ["itunes:explicit", "guid"]
    assert checked.episodes == 4


def test_media_on_this_machine_are_compared(tmp_path):
    folder = FakePublicFolder({"media/0002.mp3": MP3 + b"x"}, root=tmp_path)
    checked = check_built(built(), show=a_show(), folder=folder, inspector=INSPECTOR)
    assert [finding.text.name for finding in checked.errors] == ["check.wrong_length"]


def test_every_error_is_told_at_once_with_its_place(tmp_path):
    feed = broken("<itunes:explicit>false", "<itunes:explicit>no").replace(">guid-2<", "><")
    checked = check_built(
        built(feed), show=a_show(), folder=FakePublicFolder(root=tmp_path), inspector=INSPECTOR
    )
    with pytest.raises(NotReadyError) as refused:
        refuse_errors(checked)
    words = [Catalogue("ja").word(text) for text in refused.value.missing]
    assert words == [
        "番組 itunes:explicit: 「no」は使えません。true か false にしてください。",
        "「佐久の冬支度」 guid: 必要なタグがありません。加えてください。",
    ]


def test_warnings_refuse_nothing(tmp_path):
    feed = broken("<title>佐久の冬支度", "<title>第2回 佐久の冬支度")
    checked = check_built(
        built(feed), show=a_show(), folder=FakePublicFolder(root=tmp_path), inspector=INSPECTOR
    )
    assert [finding.text.name for finding in checked.warnings] == ["check.number_in_title"]
    refuse_errors(checked)


# Guids that are public


def refused_guids(public: str, wanted: str) -> list[str]:
    try:
        refuse_changed_guids(public=INSPECTOR.parse(public.encode()), wanted=INSPECTOR.parse(wanted.encode()))
    except NotReadyError as error:
        return [text.name for text in error.missing]
    return []


@pytest.mark.parametrize(
    "also",
    [
        ("", ""),
        ("media/0002.mp3", "media/0002-new.mp3"),
        ("https://fm.example.jp/2/</link>", "https://fm.example.jp/two/</link>"),
        ("<title>佐久の冬支度", "<title>佐久の冬じたく"),
    ],
)
def test_a_public_guid_that_changed_is_refused(also):
    changed = broken(">guid-2<", ">guid-two<").replace(*also)
    assert refused_guids(GOOD_FEED, changed) == ["check.guid_changed"]


def test_the_shows_guid_is_kept_too():
    changed = broken("917393e3", "017393e3")
    assert refused_guids(GOOD_FEED, changed) == ["check.show_guid_changed"]


def test_new_episodes_and_episodes_that_go_are_fine():
    begin, end = GOOD_FEED.index("<item>"), GOOD_FEED.index("</item>") + len("</item>\n")
    fewer = GOOD_FEED[:begin] + GOOD_FEED[end:]
    assert refused_guids(GOOD_FEED, fewer) == []
    assert refused_guids(fewer, GOOD_FEED) == []
    assert refused_guids(GOOD_FEED, GOOD_FEED) == []
