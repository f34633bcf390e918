"""The pages beside the episodes: questions, shelves, search, subscribing, results, what robots read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from cityhall_fm.show.accessibility import Accessibility, AccessibilityTest
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Rundown

from builders import a_consent, a_question, a_topic
from made_up import a_whole_show, made, noted_with

TEST = AccessibilityTest(date(2026, 11, 23), "広報広聴課", ("axe-core",), met=frozenset({"2.1.1"}))


def words(content: bytes) -> str:
    return content.decode().replace("<wbr>", "")


def data(content: bytes) -> dict[str, dict]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', content.decode())
    return {one["@type"]: one for one in map(json.loads, found)}


@pytest.fixture(scope="module")
def whole():
    return made(a_whole_show(14))


def test_every_answered_question_has_its_page_with_the_second():
    named = a_question(
        words="灯油代を教えてください",
        consent=a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花"), reading=Private("そばのはな")),
    )
    page = words(made(noted_with(named))[f"qa/{named.id}/index.html"])
    assert "灯油代を教えてください" in page
    assert "ラジオネーム<ruby>そばの花" in page
    assert "髙橋はな" not in page
    assert 'href="../../7/#t=23"' in page
    assert '.mp3#t=23"' in page
    assert "家の広さで<strong>変わります</strong>" in page
    assert "2026年11月現在の情報です" in page


def test_a_withdrawn_questions_page_is_not_there_and_nothing_leads_to_it():
    gone = a_question(words="ないしょ", status=Status.WITHDRAWN)
    site = made(noted_with(gone))
    assert not any(key.startswith("qa/q-") for key in site)
    assert not any(gone.id.encode() in content for content in site.values())


def test_a_topics_words_stay_in_slack_on_its_page_too():
    topic = a_topic(words="うちの庭の雪かき")
    page = words(made(noted_with(topic))[f"qa/{topic.id}/index.html"])
    assert "うちの庭" not in page
    assert "リモート市役所での話題から" in page


def test_a_question_that_this_machine_does_not_know_keeps_the_hosts_words():
    question = a_question()
    episode, _ = noted_with(question)
    page = words(made((episode, None))[f"qa/{question.id}/index.html"])
    assert "灯油代は月にいくら?" in page
    assert "匿名" not in page


def test_a_checked_answer_says_when():
    question = a_question()
    episode, _ = noted_with(question)
    segments = [replace(one, checked_at=date(2027, 1, 5)) for one in episode.rundown.segments]
    site = made((replace(episode, rundown=Rundown(tuple(segments))), None))
    assert "2027年1月に確かめた情報です" in words(site[f"qa/{question.id}/index.html"])


def test_structured_data_tell_what_each_page_is(whole):
    assert data(whole["index.html"])["PodcastSeries"]["webFeed"] == "https://fm.example.jp/feed.xml"
    episode = data(whole["3/index.html"])["PodcastEpisode"]
    assert episode["associatedMedia"]["contentUrl"].startswith("https://fm.example.jp/media/0003-")
    assert episode["datePublished"].endswith("+09:00")
    assert episode["hasPart"][1]["startOffset"] == 24
    question = next(content for key, content in whole.items() if key.startswith("qa/q-"))
    entity = data(question)["QAPage"]["mainEntity"]
    assert entity["acceptedAnswer"]["url"].startswith("https://fm.example.jp/")
    assert "**" not in entity["acceptedAnswer"]["text"]


def test_an_asker_is_named_in_data_only_by_consent():
    page = made(noted_with(a_question()))
    entity = next(data(content)["QAPage"]["mainEntity"] for key, content in page.items() if "/q-" in key)
    assert "author" not in entity


def test_the_archive_has_every_episode_and_the_first_page_the_newest(whole):
    archive, home = whole["archive/index.html"].decode(), whole["index.html"].decode()
    assert all(f'href="../{number}/"' in archive for number in range(1, 15))
    assert 'href="14/"' in home
    assert 'href="1/"' not in home
    assert 'href="archive/"' in home


def test_shelves_have_ascii_addresses(whole):
    shelves = [key for key in whole if key.split("/")[0] in ("seasons", "departments", "topics")]
    assert {key.split("/")[0] for key in shelves} == {"seasons", "departments", "topics"}
    assert all(key.isascii() for key in whole)
    assert "topics/remote-work/index.html" in shelves


def test_the_sitemap_names_every_page_once_and_the_robots_file_names_the_sitemap(whole):
    tree = etree.fromstring(whole["sitemap.xml"])
    named = [one.text for one in tree.iter("{*}loc")]
    pages = {key for key in whole if key.endswith("index.html")}
    assert named == sorted(set(named), key=named.index)
    assert {one.removeprefix("https://fm.example.jp/") + "index.html" for one in named} == pages
    assert b"Sitemap: https://fm.example.jp/sitemap.xml" in whole["robots.txt"]


def test_every_page_has_its_own_address_and_picture(whole):
    for key, content in whole.items():
        if key.endswith("index.html"):
            path = key.removesuffix("index.html")
            assert f'<link rel="canonical" href="https://fm.example.jp/{path}">' in content.decode(), key
            own = r"cards/[0-9a-z-]+" if re.fullmatch(r"\d+/|qa/q-[^/]+/", path) else "share"
            address = rf"https://fm.example.jp/{own}-[0-9a-f]{{12}}.jpg"
            assert re.search(f'og:image" content="{address}"', content.decode()), key
    assert "noindex" in whole["404.html"].decode()


def test_pages_in_their_longest_stay_under_sixty_kilobytes():
    site = made(a_whole_show(3, minutes=30))
    assert max(len(content) for key, content in site.items() if key.endswith(".html")) <= 60_000


def test_results_are_told_only_where_there_was_a_test():
    plain = made(noted_with(a_question()))
    tested = made(noted_with(a_question()), accessibility=Accessibility(test=TEST))
    assert "accessibility/index.html" not in plain
    page = words(tested["accessibility/index.html"])
    assert "1回の放送のうち、0回に文字起こしがあります" in page
    assert "2026年11月23日" in page
    assert page.count("<tr>") == 39
    assert re.search(r"1\.2\.1 .*?</th><td>A</td><td class=\"failed\">不適合", page)
    assert 'href="../accessibility/"' in tested["7/index.html"].decode()


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "購読のしかた"), ("en", "How to subscribe"), ("fr", "Comment s’abonner")]
)
def test_every_page_is_made_in_every_language(language, said):
    site = made(noted_with(a_question()), language=language, accessibility=Accessibility(test=TEST))
    assert said in words(site["index.html"])
    for key, content in site.items():
        if key.endswith(".html"):
            assert f'<html lang="{language}"' in content.decode()
            assert "{" not in re.sub(r"<script.*?</script>|data-\w+=\"[^\"]*\"", "", content.decode()), key
    assert ("<wbr>" in site["7/index.html"].decode()) == (language == "ja")


def test_pictures_are_small_and_named_by_what_they_show(whole):
    pictures = {key: content for key, content in whole.items() if key.endswith((".webp", ".jpg", ".png"))}
    assert sorted(key.split("-")[0] for key in pictures) == ["cover", "icon", "share", "touch"]
    assert len(next(content for key, content in pictures.items() if key.startswith("cover"))) < 40_000
    assert re.search(
        r'<img src="cover-[0-9a-f]{12}\.webp"[^>]* width="240" height="240"', whole["index.html"].decode()
    )
