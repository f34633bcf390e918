from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.chapters import Form, read, write
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import LANGUAGES, Catalogue

AWKWARD = (
    "佐久の冬支度 ☃️👨‍👩‍👧",
    "髙橋さんの\t「雪かき」",
    "\"二重\" '一重' `逆`, & <b>太字</b> &amp;",
    "]]> --> <!-- 00:00 # \\ ; |",
    "　全角　空白　",
    "長い題名" * 80,
    "",
    "0:30",
)
TITLES = st.sampled_from(AWKWARD) | st.text()
PAGES = st.none() | st.sampled_from(["https://example.jp/佐久?a=1&b=2#冬", 'http://example.jp/"q"'])
CHAPTERS = st.lists(
    st.builds(Chapter, st.integers(0, 10**8).map(Timecode), TITLES, PAGES, PAGES),
    min_size=1,
    max_size=6,
    unique_by=lambda chapter: chapter.at,
)
LONG = "\n" + "長い" * 3000


def at(text: str) -> Timecode:
    return Timecode.parse(text)


def problems(text: str, name: str = "x.txt") -> list[tuple[int | None, str]]:
    with pytest.raises(InputError) as error:
        read(text, name)
    for language in LANGUAGES:
        say = Catalogue(language)
        assert len(say.word(error.value.text).strip().splitlines()) == 2
        assert all(say.word(problem.text) for problem in error.value.problems)
    if not error.value.problems:
        return [(None, error.value.text.name)]
    return [(problem.line, problem.text.name) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("form", "holds"),
    [
        (Form.JSON, {"url", "image"}),
        (Form.PSC, {"url", "image"}),
        (Form.MP4CHAPS, {"url"}),
        (Form.VTT, set()),
        (Form.AUDACITY, set()),
        (Form.TEXT, set()),
    ],
)
@given(chapters=CHAPTERS)
def test_what_is_written_is_read_back_as_far_as_the_form_holds_it(form, holds, chapters):
    lost = {name: None for name in ("url", "image") if name not in holds}
    expected = [
        replace(chapter, title=one_line(chapter.title), **lost)
        for chapter in sorted(chapters, key=lambda chapter: chapter.at)
    ]
    if form is Form.TEXT:
        expected = [replace(one, at=Timecode(one.at.whole_seconds * 1000)) for one in expected]
    assert list(read(write(chapters, form), "chapters")) == expected


BEGINNINGS = ("", "<", "<REAPER_PROJECT 0.1\n", "<Session>", "#,Name,Start\n", '{"chapters": [', "WEBVTT\n\n")


@pytest.mark.parametrize("beginning", BEGINNINGS)
@given(
    text=st.text() | st.text("<>[]{}\"'\\\t\n 0123456789:.,-#/WEBVTMARKS=chapters"),
    name=st.sampled_from(["x", "x.vtt", "x.nhsx"]),
)
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(beginning, text, name):
    try:
        outcome = read(beginning + text, name)
    except InputError as error:
        outcome = error.text.name
    assert outcome in {"chapters.none", "chapters.broken", "chapters.unknown_form"} or isinstance(
        outcome[0], Chapter
    )


def test_audacity_labels_are_read_with_regions_and_frequencies():
    labels = (
        "\ufeff0.000000\t0.000000\tはじめに\r\n\\\t120.0\t880.0\r\n"
        "20.4004\t31.000000\t灯油代は\t月にいくら?\r\n\r\n66,800000\t66,800000\r\n"
    )
    assert read(labels, "labels.txt") == (
        Chapter(at("0:00"), "はじめに"),
        Chapter(at("0:20.4"), "灯油代は 月にいくら?"),
        Chapter(at("1:06.8"), ""),
    )


def test_audacity_labels_are_written_as_points():
    chapters = [Chapter(at("1:06.85"), "水道"), Chapter(at("0:00"), "始まり")]
    assert write(chapters, Form.AUDACITY) == "0.000000\t0.000000\t始まり\n66.850000\t66.850000\t水道\n"


def test_a_broken_label_is_told_with_its_line():
    assert problems("0.0\t0.0\tあ\n-3.0\t-3.0\tい\nう\n") == [
        (2, "chapters.bad_time"),
        (3, "chapters.bad_label"),
    ]


FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:p="http://podlove.org/simple-chapters">
<channel><title>佐久</title>
<item><title>冬</title>
 <p:chapters version="1.2">
  <p:chapter start="8:26.250" title="水道 &amp; 凍結" href="https://example.jp/" image="https://example.jp/a.png"/>
  <p:chapter start="0" title="はじめに" href="javascript:alert(1)"/>
 </p:chapters></item>
</channel></rss>"""


def test_podlove_chapters_are_read_from_a_feed():
    assert read(FEED, "feed.xml") == (
        Chapter(at("0:00"), "はじめに"),
        Chapter(at("8:26.25"), "水道 & 凍結", "https://example.jp/", "https://example.jp/a.png"),
    )


def test_podlove_chapters_are_written_whole():
    chapters = [
        Chapter(at("0:20.4"), '<灯油> & "私"', "https://example.jp/?a=1&b=2", "https://example.jp/a.png")
    ]
    assert write(chapters, Form.PSC) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">\n'
        '  <psc:chapter start="00:00:20.400" title="&lt;灯油&gt; &amp; &quot;私&quot;"'
        ' href="https://example.jp/?a=1&amp;b=2" image="https://example.jp/a.png"/>\n'
        "</psc:chapters>\n"
    )


def test_a_feed_of_several_episodes_is_refused_at_the_second():
    item = FEED.partition("<item>")[2].partition("</item>")[0]
    assert problems(FEED.replace("</item>", f"</item>\n<item>{item}</item>")) == [
        (10, "chapters.several_episodes")
    ]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">
<psc:chapter start="0" title="&b;&f;"/></psc:chapters>"""


@pytest.mark.parametrize("name", ["chapters.psc", "session.nhsx"])
def test_xml_that_declares_anything_is_refused(name):
    text = BOMB if name.endswith("psc") else BOMB.partition("\n<psc")[0] + "<Session/>"
    assert problems(text, name) == [(2, "chapters.doctype")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<psc:chapters>\n</psc:chapters>", (1, "chapters.bad_xml")),
        (FEED.replace("</channel>", ""), (9, "chapters.bad_xml")),
        (FEED.replace("&amp; 凍結", "&winter; 凍結"), (6, "chapters.bad_xml")),
        (FEED.replace("8:26.250", "8:99"), (6, "chapters.bad_time")),
        (FEED.replace('start="0"', 'begin="0"'), (7, "chapters.no_time")),
        ("<rss><channel/></rss>", (None, "chapters.none")),
        ("<a>" * 5000, (1, "chapters.bad_xml")),
    ],
)
def test_broken_xml_is_told_with_its_line(text, told):
    assert problems(text, "feed.xml") == [told]


def test_json_chapters_are_read_and_silent_ones_passed_over():
    document = {
        "version": "1.2.0",
        "title": '"chapters": [',
        "chapters": [
            {"startTime": 168.0005, "title": "灯油\n代", "img": "https://example.jp/a.png", "url": 3},
            {"startTime": 170, "toc": False, "img": "https://example.jp/b.png"},
            {"startTime": "0:00"},
        ],
    }
    assert read(json.dumps(document), "x.json") == (
        Chapter(at("0:00"), ""),
        Chapter(at("2:48"), "灯油 代", None, "https://example.jp/a.png"),
    )


def test_json_is_written_with_image_and_link_in_whole_seconds_where_they_are():
    chapters = [
        Chapter(at("0:17.2"), "灯油", "https://example.jp/oil", "https://example.jp/oil.jpg"),
        Chapter(at("0:00"), "始まり"),
    ]
    assert json.loads(write(chapters, Form.JSON, title="冬", show="FM")) == {
        "version": "1.2.0",
        "title": "冬",
        "podcastName": "FM",
        "chapters": [
            {"startTime": 0, "title": "始まり"},
            {
                "startTime": 17.2,
                "title": "灯油",
                "img": "https://example.jp/oil.jpg",
                "url": "https://example.jp/oil",
            },
        ],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"chapters": [\n{"startTime": 1},\n]}', [(3, "chapters.bad_json")]),
        ('{"chapters": [\n {"startTime": -1},\n\n {"title": "冬"}, 5]}', [
            (2, "chapters.bad_time"), (4, "chapters.no_time"), (4, "chapters.no_time"),
        ]),
        ('{"chapters": [\n {"startTime": 1e999, "title": [[]]}]}', [(2, "chapters.bad_time")]),
        ('{"chapters": [\n {"startTime": NaN}, {"startTime": true}]}', [(2, "chapters.bad_time")] * 2),
        ('{"chapters": {}}', [(1, "chapters.no_json_chapters")]),
        ('["冬"]', [(1, "chapters.no_json_chapters")]),
        ("[" * 100_000, [(1, "chapters.no_json_chapters")]),
        ('{"chapters": [' + "9" * 5000 + "]}", [(1, "chapters.no_json_chapters")]),
        ('{"chapters": []}', [(None, "chapters.none")]),
        ('{"chapters": [1, 2, 3], "chapters": [\n1]}', [(1, "chapters.no_time")]),
    ],
)  # fmt: skip
def test_broken_json_is_told_with_its_line(text, told):
    assert problems(text, "x.json") == told


def test_lists_are_read_with_links_and_written_both_ways():
    listed = "\n00:00:00.000　はじめに\n 1:06.8  水道 <b>管</b> <https://example.jp/pipes>\n20 灯油 <メモ>\n"
    chapters = read(listed, "chapters.txt")
    assert chapters == (
        Chapter(at("0:00"), "はじめに"),
        Chapter(at("0:20"), "灯油 <メモ>"),
        Chapter(at("1:06.8"), "水道 <b>管</b>", "https://example.jp/pipes"),
    )
    assert write(chapters, Form.TEXT) == "00:00:00 はじめに\n00:00:20 灯油 <メモ>\n00:01:06 水道 <b>管</b>\n"
    assert write(chapters, Form.MP4CHAPS).splitlines()[2] == (
        "00:01:06.800 水道 <b>管</b> <https://example.jp/pipes>"
    )


def test_a_line_without_a_time_is_told_with_its_line():
    assert problems("0:00 はじめに\n灯油代\n1:75 水道\n") == [
        (2, "chapters.bad_line"),
        (3, "chapters.bad_time"),
    ]


def test_webvtt_chapters_are_read_as_browsers_do():
    text = (
        "WEBVTT 第3回\r\nKind: chapters\r\n\r\nNOTE 覚え書き\r\n\r\n"
        "1\r\n00:00.000 --> 00:20.400\r\nはじめに\r\n\r\n"
        "00:00:20.400 --> 00:01:06.800 align:start\r\n<c>灯油</c> &amp;\r\n冬 &lt;3\r\n"
    )
    assert read(text, "x.vtt") == (Chapter(at("0:00"), "はじめに"), Chapter(at("0:20.4"), "灯油 & 冬 <3"))


def test_webvtt_chapters_end_where_the_next_begins_and_with_the_audio():
    chapters = [Chapter(at("0:00"), "一 --> 二"), Chapter(at("0:20.4"), "二")]
    assert write(chapters, Form.VTT, end=at("1:30")) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:20.400\n一 --&gt; 二\n\n00:00:20.400 --> 00:01:30.000\n二\n"
    )
    assert "00:00:20.400 --> 00:00:21.400" in write(chapters, Form.VTT)


def test_a_transcript_is_told_apart_from_chapters():
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud 課長>こんばんは\n\n00:02.000 --> 00:03.000\n<v 課長>冬\n"
    )
    assert problems(text, "transcript.vtt") == [(4, "chapters.transcript")]


def test_a_broken_time_of_webvtt_is_told_with_its_line():
    assert problems("WEBVTT\n\n00:01.000 --> 00:02.000\n冬 <v\n\nsoon --> 00:09\n雪\n") == [
        (6, "chapters.bad_time")
    ]


def test_reapers_csv_is_read_with_markers_and_regions():
    table = (
        '#,Name,Start,End,Length,Color\nM1,"灯油, ""冬""",0:20.400,,,FF0000\n\n'
        "R1,はじめに,0:00.000,0:20.400,0:20.400\nM2,,1:02:11.500\n"
    )
    assert read(table, "markers.csv") == (
        Chapter(at("0:00"), "はじめに"),
        Chapter(at("0:20.4"), '灯油, "冬"'),
        Chapter(at("1:02:11.5"), ""),
    )


@pytest.mark.parametrize("start", ["5.1.00", "441000", "00:00:14:12"])
def test_reapers_measures_samples_and_frames_are_refused_with_what_to_set(start):
    assert problems(f"#,Name,Start,End,Length\nM1,冬,{start},,\n") == [(2, "chapters.reaper_units")]


def test_a_broken_table_is_told_with_its_line():
    assert problems("名前,開始\n冬,0:00\n", "x.csv") == [(1, "chapters.no_columns")]
    assert problems('#,Name,Start\nM1,"' + "長" * 200_000) == [(2, "chapters.bad_table")]


PROJECT = """<REAPER_PROJECT 0.1 "7.11/linux-x86_64" 1710765457
  <NOTES 0 2
    |MARKER 9 9 "覚え書き" 0
  >
  TEMPO 120 4 4
  MARKER 1 20.40000000000097 "灯油代は 'いくら'" 0 0 1 B {1F9B8B34-1C66-84DF-D437-2AD7A326359B} 0
  MARKER 1 0 はじめに 1 0 1 R {BAA5B1BE-F406-6AE8-77EA-111BEE4305F7} 0
  MARKER 1 20.4 "" 1
  MARKER 2 66.8 '"水道"' 8
  MARKER 3 101.4 `"終" '了'` 0
  <TRACK {CF186C8F}
    MARKER 7 7 "トラックの中" 0
  >
>
"""


def test_the_markers_and_regions_of_a_reaper_project_are_read():
    assert [(chapter.at.exact(), chapter.title) for chapter in read(PROJECT, "冬.rpp")] == [
        ("0:00", "はじめに"),
        ("0:20.4", "灯油代は 'いくら'"),
        ("1:06.8", '"水道"'),
        ("1:41.4", "\"終\" '了'"),
    ]


def test_a_broken_marker_of_a_project_is_told_with_its_line():
    assert problems(PROJECT.replace("66.8", "-66.8").replace(" 101.4", ""), "x") == [
        (9, "chapters.bad_time"),
        (10, "chapters.bad_time"),
    ]


SESSION = """<?xml version="1.0" encoding="utf-8"?>
<Session Version="Hindenburg Journalist Pro 1.10.1742" Samplerate="44100">
  <Markers>
    <Marker Id="1" Name="覚え書き" Time="01:01.000"/>
    <Marker Id="2" Name="水道" Time="1:12:42.720" Type="Chapter" URL="https://example.jp/"/>
    <Marker Id="3" Name="灯油" Time="08.050" Type="Chapter"/>
  </Markers>
</Session>"""


def test_hindenburgs_chapters_are_read():
    assert read(SESSION, "冬.nhsx") == (
        Chapter(at("0:08.05"), "灯油"),
        Chapter(at("1:12:42.72"), "水道", "https://example.jp/"),
    )


def test_where_hindenburg_knows_no_chapters_every_marker_is_one():
    older = SESSION.replace(' Type="Chapter"', "")
    assert [chapter.title for chapter in read(older, "x")] == ["灯油", "覚え書き", "水道"]


def test_a_broken_marker_of_a_session_is_told_with_its_line():
    assert problems(SESSION.replace('Time="08.050" ', "").replace("1:12:42.720", "遅く"), "x") == [
        (5, "chapters.bad_time"),
        (6, "chapters.no_time"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("", "x.json", "chapters.none"),
        ("\ufeff \n", "x.txt", "chapters.none"),
        ("WEBVTT\n", "x.vtt", "chapters.none"),
        ("冬の支度\n", "x.txt", "chapters.unknown_form"),
        ("PK\x03\x04", "x.docx", "chapters.unknown_form"),
    ],
)
def test_what_holds_no_chapters_is_told(text, name, told):
    assert problems(text, name) == [(None, told)]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x.JSON", "chapters.bad_json"),
        ("x.psc", "chapters.bad_xml"),
        ("x.nhsx", "chapters.bad_xml"),
        ("x.csv", "chapters.no_columns"),
    ],
)
def test_where_the_content_says_nothing_the_name_says_what_it_should_be(name, told):
    assert problems("冬の支度", name) == [(1, told)]


def test_of_very_many_problems_the_first_are_told_in_short():
    with pytest.raises(InputError) as error:
        read("0:00 はじめに" + LONG * 500, "x.txt")
    assert error.value.text.values["count"] == 500
    assert len(error.value.problems) == 20
    assert all(len(Catalogue("ja").word(problem.text)) < 120 for problem in error.value.problems)
