from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.production.build_feed import build_feed
from cityhall_fm.show.episode import Episode, Key, MediaFile
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import Catalogue

from builders import NOON, a_published_episode, a_show, an_enclosure, an_episode
from fakes.card_painter import FakeCardPainter
from fakes.feed_writer import FakeFeedWriter
from fakes.public_folder import FakePublicFolder
from fakes.renderer import FakeRenderer

TEMPLATES = Path(__file__).parents[2] / "templates"
TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>こんばんは"


def built(*episodes: Episode, folder: FakePublicFolder | None = None, **changes) -> dict[str, bytes]:
    folder = folder or FakePublicFolder()
    options = {
        "show": a_show(),
        "renderer": FakeRenderer(),
        "painter": FakeCardPainter(),
        "feed_writer": FakeFeedWriter(),
        "examine": lambda _: (),
        **changes,
    }
    noted = [(episode, show_notes(episode, {}, withdrawn_title="おたより")) for episode in episodes]
    build_feed(noted=noted, folder=folder, **options)
    return dict(folder.contents)


def test_everything_that_the_feed_points_at_is_built():
    files = built(a_published_episode(8, transcript=TRANSCRIPT), a_published_episode(7))
    assert {"feed.xml", "index.html", "7/index.html", "7/chapters.json", "8/transcript.vtt"} <= set(files)
    assert "7/transcript.vtt" not in files
    assert any(key.startswith("artwork") for key in files)


def test_only_published_episodes_are_built():
    files = built(a_published_episode(7), an_episode(8, enclosure=an_enclosure(8)), an_episode(9))
    assert not any(key.startswith(("8/", "9/")) for key in files)


def test_the_newest_stands_first_whatever_the_order():
    feed = built(a_published_episode(7), a_published_episode(8))["feed.xml"].decode()
    assert feed.index("000000000008") < feed.index("000000000007")


def test_a_picture_of_the_folder_has_its_public_address_in_the_chapters():
    picture = MediaFile(Key("media/0007-00112233aabb.jpg"), 9, "image/jpeg", "ab" * 32)
    images = ("雪.jpg", "https://example.jp/a.jpg", "まだ.png")
    segments = (Segment(f"{at}", at=Timecode(at * 9000), image=image) for at, image in enumerate(images))
    enclosure = an_enclosure(pictures=(("雪.jpg", picture),))
    files = built(a_published_episode(7, enclosure=enclosure, rundown=Rundown(tuple(segments))))
    chapters = json.loads(files["7/chapters.json"])["chapters"]
    assert [chapter.get("img") for chapter in chapters] == [
        "https://fm.example.jp/media/0007-00112233aabb.jpg",
        "https://example.jp/a.jpg",
        None,
    ]


def test_chapters_are_podcasting_2_0_and_begin_at_zero():
    document = json.loads(built(a_published_episode())["7/chapters.json"])
    assert document["version"] == "1.2.0"
    assert document["title"] == "佐久の冬支度"
    assert document["chapters"] == [
        {"startTime": 0, "title": "オープニング", "url": "https://fm.example.jp/7/#t=0"},
        {"startTime": 17.2, "title": "灯油代は月にいくら?", "url": "https://fm.example.jp/7/#t=17"},
        {"startTime": 65.5, "title": "エンディング", "url": "https://fm.example.jp/7/#t=65"},
    ]


def test_a_segments_own_link_and_image_are_its_chapters():
    oil = Segment("灯油", at=Timecode(0), url="https://example.jp/oil", image="https://example.jp/oil.jpg")
    document = json.loads(built(a_published_episode(rundown=Rundown((oil,))))["7/chapters.json"])
    assert document["chapters"] == [
        {
            "startTime": 0,
            "title": "灯油",
            "img": "https://example.jp/oil.jpg",
            "url": "https://example.jp/oil",
        }
    ]


def test_the_transcript_is_moved_behind_the_jingle():
    files = built(a_published_episode(transcript=TRANSCRIPT))
    assert files["7/transcript.vtt"].decode() == (
        "WEBVTT\n\n00:00:04.000 --> 00:00:05.000\n<v 課長>こんばんは\n"
    )


def test_an_episode_without_times_has_no_chapters():
    episode = a_published_episode(rundown=Rundown((Segment("おしゃべり"),)))
    assert "7/chapters.json" not in built(episode)


def test_a_published_episode_without_audio_names_the_command_that_makes_it():
    folder = FakePublicFolder()
    with pytest.raises(NotReadyError) as told:
        built(an_episode(7, published_at=NOON), an_episode(9, published_at=NOON), folder=folder)
    assert folder.contents == {}
    for language in ("ja", "en", "fr"):
        say = Catalogue(language)
        assert "cityhall-fm master 7" in say.word(told.value.text)
        assert [say.word(text).count("cityhall-fm master") for text in told.value.missing] == [1, 1]
        assert len(say.word(told.value.text).splitlines()) == 2


def test_building_again_changes_nothing():
    folder = FakePublicFolder()
    episodes = [a_published_episode(8, transcript=TRANSCRIPT), a_published_episode(7)]
    real = {"renderer": JinjaRenderer([TEMPLATES]), "feed_writer": RssFeedWriter()}
    first = built(*episodes, folder=folder, **real)
    noted = [(episode, show_notes(episode, {}, withdrawn_title="おたより")) for episode in reversed(episodes)]
    again = {
        "renderer": JinjaRenderer([TEMPLATES]),
        "painter": FakeCardPainter(),
        "feed_writer": RssFeedWriter(),
        "examine": lambda _: (),
    }
    assert list(build_feed(show=a_show(), noted=noted, folder=folder, **again)) == []
    assert dict(folder.contents) == first


def test_a_chapter_of_the_jingle_and_one_before_the_first():
    late = a_published_episode(rundown=Rundown((Segment("灯油", at=Timecode.of_seconds(20)),)))
    document = json.loads(built(late)["7/chapters.json"])
    assert [(chapter["startTime"], chapter["title"]) for chapter in document["chapters"]] == [
        (0, "オープニング"),
        (23, "灯油"),
    ]


def test_episodes_published_at_the_same_moment_go_by_number():
    together = [replace(a_published_episode(number), published_at=NOON) for number in (7, 9, 8)]
    feed = built(*together)["feed.xml"].decode()
    places = [feed.index(f"{number:012}") for number in (9, 8, 7)]
    assert places == sorted(places)


def test_an_older_episode_added_later_leaves_the_feeds_date():
    newest = a_published_episode(8)
    older = a_published_episode(7, published_at=newest.published_at - timedelta(days=30))
    writer = {"feed_writer": RssFeedWriter()}
    one, two = (built(*episodes, **writer)["feed.xml"].decode() for episodes in ([newest], [newest, older]))
    date = one.partition("<lastBuildDate>")[2].partition("<")[0]
    assert f"<lastBuildDate>{date}<" in two
