"""Pages of a show that has gone on for decades, or for an hour: they stay light, and lose nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from lxml import html

from cityhall_fm.show.feed_fields import ShowFields
from cityhall_fm.show.timecode import Timecode

from builders import a_published_episode, a_show, an_enclosure
from made_up import a_whole_show, made

YEARS = 250


@pytest.fixture(scope="module")
def decades():
    return made(replace(a_whole_show(YEARS), picture=b""))


@pytest.fixture(scope="module")
def hour():
    """An hour's episode, with a full transcript of what two people say."""
    said = "佐久の冬は晴れの日が多く、よく冷えこみます。髙橋さん。"
    times = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(0, 3601, 5)]
    cues = [
        f"{start}.000 --> {start}.900\n<v {'課長' if n % 9 else '髙橋'}>{said}"
        for n, start in enumerate(times)
    ]
    enclosure = an_enclosure(duration=Timecode.of_seconds(3605), programme_at=Timecode(0))
    return made((a_published_episode(transcript="WEBVTT\n\n" + "\n\n".join(cues), enclosure=enclosure), None))


def every(pages, folder, link):
    """Follow a list from its first page to its last, and gather what it links to."""
    found, path = [], ""
    while path is not None:
        page = html.fromstring(pages[f"{folder}{path}index.html"])
        found += page.xpath(
            f'//main//li/a[starts-with(@href, "{link.format("../" * (1 + path.count("/")))}")]/@href'
        )
        older = page.xpath('//nav[@class="pages"]/a[@rel="next"]/@href')
        assert older == page.xpath('//head/link[@rel="next"]/@href')
        path = older[0].partition(folder)[2] if older else None
    return found


def test_every_page_of_decades_stays_light(decades):
    sizes = {key: len(content) for key, content in decades.items() if key.endswith(".html")}
    assert {key: size for key, size in sizes.items() if size > 100_000} == {}


def test_the_archive_still_leads_to_every_episode(decades):
    found = [link for link in every(decades, "archive/", "{}") if re.fullmatch(r"(\.\./)+\d+/", link)]
    numbers = [int(link.strip("./").split("/")[-1]) for link in found]
    assert numbers == list(range(YEARS, 0, -1))


def test_the_library_still_leads_to_every_question(decades):
    found = {link.strip("./") for link in every(decades, "qa/", "{}qa/")}
    assert found == {key.removesuffix("/index.html") for key in decades if key.startswith("qa/q-")}


def test_pages_of_a_list_have_titles_of_their_own_and_name_themselves(decades):
    for key in ("archive/index.html", "archive/1/index.html", "archive/2/index.html"):
        page = html.fromstring(decades[key])
        assert page.xpath('//link[@rel="canonical"]/@href') == [
            f"https://fm.example.jp/{key.removesuffix('index.html')}"
        ]
    titles = [
        html.fromstring(decades[key]).findtext(".//title") for key in decades if re.match(r"archive/", key)
    ]
    assert len(set(titles)) == len(titles) > 2
    assert any("2ページ目" in title for title in titles)


def test_a_short_show_has_no_pages_to_turn():
    pages = made(replace(a_whole_show(3), picture=b""))
    assert "archive/1/index.html" not in pages
    assert b'class="pages"' not in pages["archive/index.html"]


def test_an_hours_page_stays_under_sixty_kilobytes_and_leads_to_the_words(hour):
    page = hour["7/index.html"]
    assert len(page) <= 60_000
    assert html.fromstring(page).xpath('//details[@data-from="transcript/"]//a[@href="transcript/"]')
    assert b"connect-src 'self'" in page


def test_the_transcripts_own_page_has_every_word_and_leads_back_to_each_second(hour):
    page = html.fromstring(hour["7/transcript/index.html"])
    assert page.text_content().count("よく冷えこみます。髙橋さん。") == 721
    links = page.xpath('//div[contains(@class, "cues")]//a/@href')
    assert links[0] == "../#t=0"
    assert links[-1].startswith("../#t=3")
    assert page.xpath('//link[@rel="canonical"]/@href') == ["https://fm.example.jp/7/transcript/"]
    assert b"https://fm.example.jp/7/transcript/" in hour["sitemap.xml"]


def test_the_search_knows_where_the_words_are(hour):
    assert json.loads(hour["search/episodes-000.json"])["episodes"][0]["page"] == "transcript/"


def test_the_index_of_decades_is_in_files_that_stay_as_they_are(decades):
    places = json.loads(decades["search/places.json"])
    files = [json.loads(decades[f"search/episodes-{number:03}.json"]) for number in range(YEARS // 50)]
    assert places["episodes"] == [file["is"] for file in files]
    assert [episode["n"] for file in files for episode in file["episodes"]] == list(range(1, YEARS + 1))
    assert max(len(content) for key, content in decades.items() if key.startswith("search/")) < 120_000
    fewer = made(replace(a_whole_show(120), picture=b""))
    assert fewer["search/episodes-001.json"] == decades["search/episodes-001.json"]


def test_a_short_transcript_stays_on_its_episodes_page():
    pages = made((a_published_episode(transcript="WEBVTT\n\n00:01.000 --> 00:02.000\nこんばんは"), None))
    assert "7/transcript/index.html" not in pages
    assert b"connect-src 'none'" in pages["7/index.html"]
    assert "page" not in json.loads(pages["search/episodes-000.json"])["episodes"][0]


def test_a_season_is_called_by_its_name():
    seasons = ShowFields(seasons=MappingProxyType({1: "はじまり<1>"}))
    site = a_whole_show(26, feed=seasons)
    pages = made(replace(site, picture=b""))
    named = "シーズン1\u3000はじまり&lt;1&gt;"
    assert named in pages["archive/index.html"].decode()
    assert named in pages["1/index.html"].decode()
    assert f"<h1>{named}" in pages["seasons/1/index.html"].decode().replace("<wbr>", "")
    assert "シーズン2" in pages["26/index.html"].decode()
    assert a_show().feed.seasons == {}
