"""What other rooms do for an episode that comes from another host."""

from __future__ import annotations

import errno
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.adapters.public_folder import BuiltFolder
from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import IMPORTED, Episode, EpisodeKind, EpisodeNumber, Guid, Key
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import a_show, an_enclosure

JST = timezone(timedelta(hours=9))
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=30)
NEW_FEED_URL = "{http://www.itunes.com/dtds/podcast-1.0.dtd}new-feed-url"


def an_arrival(**changes) -> Episode:
    episode = {
        "number": EpisodeNumber(7),
        "title": "佐久の冬支度 🎙",
        "guid": Guid(" 892ad84c \n"),
        "season": 2,
        "kind": EpisodeKind.BONUS,
        "explicit": True,
        "summary": "短く: 冬",
        "published_at": datetime(2025, 6, 17, 18, 29, 22, tzinfo=JST),
        "notes": "一行目\n\n---\n\n- 点",
        "rundown": Rundown((Segment("始まり", at=Timecode(0)), Segment("灯油", at=Timecode(90_500)))),
        **changes,
    }
    return Episode(**episode)


def kept(folder: Path, episode: Episode) -> Episode:
    shelf = EpisodeFolder(folder)
    shelf.add(episode)
    return shelf.episode(episode.number)


def test_an_episode_from_elsewhere_is_read_back_as_it_was(tmp_path):
    assert kept(tmp_path, an_arrival()) == an_arrival()
    assert [path.name for path in tmp_path.iterdir()] == ["0007-episode"]


def test_what_it_does_not_say_is_not_written(tmp_path):
    bare = an_arrival(season=None, kind=EpisodeKind.FULL, explicit=None, summary="", rundown=Rundown())
    assert kept(tmp_path, bare) == bare
    written = (tmp_path / "0007-episode" / "episode.md").read_text("utf-8")
    assert not {"season:", "kind:", "explicit:"} & set(written.split())


@given(
    guid=st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\r\x85"), min_size=1, max_size=30
    )
    .filter(lambda guid: guid.strip())
    .filter(lambda guid: all(letter >= " " or letter in "\t\n" for letter in guid)),
    title=LINES.filter(str.strip),
    notes=LINES,
)
@settings(max_examples=examples(80), deadline=None)
def test_whatever_its_guid_is_it_stays_byte_for_byte(tmp_path_factory, guid, title, notes):
    read = kept(
        tmp_path_factory.mktemp("shelf"), an_arrival(guid=Guid(guid), title=title, notes=notes.strip())
    )
    assert read.guid == guid


def test_audio_that_was_never_measured_says_so(tmp_path):
    shelf = EpisodeFolder(tmp_path)
    shelf.add(an_arrival())
    enclosure = an_enclosure(7, loudness=None, recipe=IMPORTED)
    shelf.keep_enclosure(EpisodeNumber(7), enclosure)
    assert shelf.episode(EpisodeNumber(7)).enclosure == enclosure
    assert enclosure.imported


def test_the_original_is_no_recording(tmp_path):
    shelf = EpisodeFolder(tmp_path)
    shelf.add(an_arrival())
    (tmp_path / "waiting").write_bytes(b"sound")
    assert shelf.original(EpisodeNumber(7)) is None
    place = shelf.bring(EpisodeNumber(7), tmp_path / "waiting", "imported.m4a")
    assert shelf.original(EpisodeNumber(7)) == place
    assert shelf.recordings(EpisodeNumber(7)) == []


@pytest.mark.parametrize("links", [True, False], ids=["linked", "copied"])
def test_finished_audio_takes_its_place_among_what_listeners_fetch(tmp_path, monkeypatch, links):
    if not links:  # as on a disk that has none

        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "no links")

        monkeypatch.setattr("os.link", refuse)
    original = tmp_path / "imported.m4a"
    original.write_bytes(b"sound")
    folder = BuiltFolder(tmp_path / "public", artwork=tmp_path / "artwork.jpg")
    key = Key("media/0007-0123456789ab.m4a")
    folder.adopt(original, key)
    folder.adopt(original, key)
    assert folder.path(key).read_bytes() == b"sound"
    assert [file.key for file in folder.files()] == [key]
    assert (original.stat().st_nlink == 2) is links


def test_a_show_that_moved_tells_apps_to_stay_with_the_new_feed():
    def told(show) -> list[str]:
        feed = etree.fromstring(RssFeedWriter().write(Feed(show, (), Key("artwork-0123456789ab.png"))))
        return [tag.text for tag in feed.iter(NEW_FEED_URL)]

    assert told(a_show(moved_from="https://anchor.fm/s/0/podcast/rss")) == ["https://fm.example.jp/feed.xml"]
    assert told(a_show()) == []
