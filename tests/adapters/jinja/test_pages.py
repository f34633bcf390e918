"""The pages that listeners open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Episode, Key, Person
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import a_consent, a_published_episode, a_question, a_show, an_enclosure

RENDERER = JinjaRenderer([Path(__file__).parents[3] / "templates"])
ARTWORK = Key("artwork-0123456789ab.png")
VOID = frozenset({"meta", "link", "img", "br", "hr", "wbr", "input"})
TRANSCRIPT = (
    "WEBVTT\n\n00:01.000 --> 00:03.000\n<v 髙橋>こんばんは <佐久>\n\n00:09.000 --> 00:10.000\n<v 課長>はい"
)
QUESTION = a_question(
    consent=a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花"), reading=Private("そばのはな"))
)


class Page(HTMLParser):
    """A page as a browser sees it: elements with their attributes, nested as they should be."""

    def __init__(self, html: bytes | str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.data: list[str] = []
        self._open: list[str] = []
        self.feed(html.decode() if isinstance(html, bytes) else html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] == ["script"]:
            self.data.append(data)
        else:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def an_answering_episode(number: int = 7, **changes) -> Episode:
    segments = (
        Segment("オープニング", at=Timecode(0)),
        Segment(
            "灯油代は月にいくら?",
            at=Timecode.of_seconds(14.2),
            question=QUESTION.id,
            summary="家の広さと**「断熱」**で変わります。",
            links=(Link("https://example.jp/dannetsu", "断熱の補助"),),
        ),
        Segment("エンディング", at=Timecode.of_seconds(62.5)),
    )
    return a_published_episode(number, **{"rundown": Rundown(segments), "transcript": TRANSCRIPT, **changes})


def pages(*episodes: Episode, **show_changes) -> dict[str, bytes]:
    noted = tuple(
        (episode, show_notes(episode, {QUESTION.id: QUESTION}, withdrawn_title="おたより"))
        for episode in episodes
    )
    return dict(RENDERER.pages(Site(a_show(**show_changes), ARTWORK, noted)))


@pytest.fixture(scope="module")
def site():
    return pages(an_answering_episode(8), an_answering_episode(7), a_published_episode(6))


@pytest.fixture(scope="module")
def episode_page(site):
    return site["7/index.html"]


def test_every_page_is_well_formed_with_one_first_heading_and_a_main_part(site):
    for key, content in site.items():
        if key.endswith(".html"):
            page = Page(content)
            assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1, key
            assert page.all("html")[0]["lang"] == "ja"
            levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
            assert all(after <= before + 1 for before, after in pairwise(levels)), key
            ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
            assert len(ids) == len(set(ids)), key


def test_nothing_is_fetched_from_anybody_else(site):
    for key, content in site.items():
        if key.endswith(".html"):
            page = Page(content)
            fetched = [*page.all("script"), *page.all("img"), *page.all("audio")]
            fetched += [link for link in page.all("link") if link["rel"] in ("stylesheet", "icon")]
            own = "https://fm.example.jp/" if key == "404.html" else ""
            assert all(
                (one.get("src") or one.get("href") or "").startswith(own or ("", ".")) for one in fetched
            )
            assert own or not any("//" in (one.get("src") or one.get("href") or "") for one in fetched)
            policy = next(meta for meta in page.all("meta") if meta.get("http-equiv"))["content"] or ""
            assert policy.startswith("default-src 'none';")
            assert "unsafe" not in policy
            assert not any("style" in attributes for _, attributes in page.elements)
            assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert b"url(" not in site["style.css"]
    assert b"http" not in site["style.css"] + site["player.js"]


def test_every_link_within_the_site_leads_somewhere(site):
    for key, content in site.items():
        if not key.endswith(".html") or key == "404.html":
            continue
        for link in Page(content).all("a"):
            target, _, fragment = (link["href"] or "").partition("#")
            if ":" in target or target.endswith(".mp3"):
                continue
            parts = [*key.split("/")[:-1], *target.split("/")] if target else key.split("/")
            while ".." in parts:
                place = parts.index("..")
                del parts[place - 1 : place + 1]
            found = "/".join(part for part in parts if part != ".")
            found = f"{found}index.html" if found.endswith("/") or not found else found
            assert found in {*site, "feed.xml", "media/0007-0123456789ab.mp3"}, (key, link)
            if fragment and found in site:
                second = re.fullmatch(r"t=(\d+)", fragment)
                assert second or f'id="{fragment}"' in site[found].decode(), (key, link)


def test_a_second_has_its_own_place_on_the_page_without_a_script(episode_page):
    places = re.findall(r'<(\w+)[^>]* id="(t=\d+)"', episode_page.decode())
    assert sorted(places) == [("li", "t=3"), ("li", "t=65"), ("section", "t=17")]


def test_the_home_page_leads_to_the_second_of_every_answer(site):
    links = [link["href"] for link in Page(site["index.html"]).all("a")]
    assert "8/#t=17" in links
    assert "7/#t=17" in links


def test_the_newest_episode_stands_first(site):
    home = site["index.html"].decode()
    assert home.index("8/") < home.index("7/") < home.index("6/")


def test_the_player_is_the_browsers_own(episode_page):
    (audio,) = Page(episode_page).all("audio")
    assert audio["src"] == "../media/0007-0123456789ab.mp3"
    assert audio["preload"] == "metadata"
    assert "controls" in audio
    assert audio["aria-label"] == "第7回の再生"


def test_the_asker_is_introduced_as_on_the_radio(episode_page):
    html = episode_page.decode()
    assert "ラジオネーム<ruby>そばの花<rp>(</rp><rt>そばのはな</rt><rp>)</rp></ruby>さん" in html
    assert "髙橋はな" not in html
    assert "<strong>「断熱」</strong>で変わります" in html.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("language", "date", "asker"),
    [
        ("ja", "2026年11月30日(月)20時", "匿名希望さん"),
        ("en", "Monday 30 November 2026, 20:00", "Anonymous"),
        ("fr", "lundi 30 novembre 2026 à 20 h", "Anonyme"),
    ],
)
def test_dates_and_names_are_said_in_the_shows_language(language, date, asker):
    question = a_question()
    episode = an_answering_episode(published_at=datetime(2026, 11, 30, 11, tzinfo=UTC))
    episode = replace(episode, rundown=Rundown((Segment("灯油", at=Timecode(0), question=question.id),)))
    notes = show_notes(episode, {question.id: question}, withdrawn_title="おたより")
    made = RENDERER.pages(Site(a_show(language=language), ARTWORK, ((episode, notes),)))
    page = made[episode.page_key].decode()
    assert date in page
    assert asker in page
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize(
    ("language", "date"),
    [("ja", "2026年12月1日(火)"), ("en", "Tuesday 1 December 2026"), ("fr", "mardi 1er décembre 2026")],
)
def test_the_first_of_a_month_is_said_as_people_say_it(language, date):
    at = datetime(2026, 12, 1, 11, tzinfo=UTC)
    made = pages(an_answering_episode(published_at=at), language=language)
    assert date in made["7/index.html"].decode()


def test_minutes_are_said_where_there_are_any():
    page = pages(an_answering_episode(published_at=datetime(2026, 11, 30, 11, 5, tzinfo=UTC)))["7/index.html"]
    assert "2026年11月30日(月)20時05分" in page.decode()


def test_the_transcript_tells_who_speaks_at_the_time_in_the_finished_audio(episode_page):
    html = episode_page.decode()
    assert "<b>髙橋</b>" in html
    assert 'href="#t=4"' in html
    assert "こんばんは" in html
    assert "<佐久>" not in html


def test_a_page_without_anything_but_audio_still_works():
    episode = a_published_episode(rundown=Rundown(), summary="", notes="", people=())
    page = Page(pages(episode, people=(), city="", copyright="")["7/index.html"])
    assert page.all("audio")


def test_a_show_without_episodes_says_so():
    assert "最初の放送を準備しています" in pages()["index.html"].decode().replace("<wbr>", "")


def test_a_half_hour_with_its_transcript_stays_under_sixty_kilobytes():
    words = "佐久の冬は晴れの日が多く、よく冷えこみます。雪も"
    times = [f"00:{n // 10:02}:{n % 10 * 6:02}" for n in range(301)]
    lines = [f"{start}.000 --> {end}.000\n<v 課長>{words}" for start, end in pairwise(times)]
    episode = replace(
        an_answering_episode(enclosure=an_enclosure(duration=Timecode.of_seconds(1800))),
        transcript="WEBVTT\n\n" + "\n\n".join(lines),
    )
    page = pages(episode)["7/index.html"]
    assert 25_000 < len(page) <= 60_000


HOSTILE = st.sampled_from(
    [
        "</title><script>x</script>",
        '" onload=x',
        "{{ 7*7 }}",
        "]]>",
        "<!channel>",
        "\x00\ud800\ufffe",
        "髙橋👨‍👩‍👧",
        "a" * 5000,
    ]
) | st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(HOSTILE, HOSTILE)
@settings(max_examples=examples(40), deadline=None)
def test_hostile_text_stays_text(one, two):
    episode = an_answering_episode(
        title=one,
        summary=two,
        notes=one,
        department=two,
        people=(Person(one, reading=two),),
        transcript=f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {one}>{two}",
    )
    made = pages(episode, description=one, title=two or "x", copyright=one)
    for key in ("index.html", "7/index.html", "404.html"):
        page = Page(made[key])
        scripts = page.all("script")
        assert len([script for script in scripts if "src" in script]) == (key == "7/index.html")
        assert len(page.data) == len([script for script in scripts if script.get("type")])
        assert all(json.loads(data)["@context"] == "https://schema.org" for data in page.data)
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_open_graph_tells_what_the_page_is(episode_page):
    graph = {
        meta.get("property"): meta["content"] for meta in Page(episode_page).all("meta") if "content" in meta
    }
    assert graph["og:title"] == "第7回 佐久の冬支度"
    assert graph["og:url"] == "https://fm.example.jp/7/"
    assert graph["og:image"] == "https://fm.example.jp/artwork-0123456789ab.png"
    assert graph["og:description"] == "灯油と冬タイヤの質問に答えます。"
