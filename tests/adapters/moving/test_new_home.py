"""The settings that a move writes, read back as any settings are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.new_home import ShowFolder
from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.moving.found import FoundFeed
from cityhall_fm.show.moving.settings import settle
from thorough import examples

from builders import a_show

WORDS = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def test_what_is_written_is_read_back(tmp_path):
    show = a_show(
        title='佐久 "冬" \\ 🎙',
        moved_from="https://anchor.fm/s/0/podcast/rss",
        city="",
        people=(),
        kind="serial",
    )
    ShowFolder(tmp_path).furnish(show, artwork="artwork.jpg")
    read = read_settings(tmp_path, {})
    assert read.show == show
    assert read.artwork == tmp_path / "feeds" / "artwork.jpg"


@pytest.mark.parametrize(("language", "word"), [("ja", "番組の設定"), ("en", "settings"), ("fr", "réglages")])
def test_its_comments_are_in_the_shows_language(tmp_path, language, word):
    ShowFolder(tmp_path).furnish(a_show(language=language), artwork="a.jpg")
    assert word in (tmp_path / "feeds" / "show.toml").read_text("utf-8").splitlines()[0]


def test_settings_that_are_there_are_never_written_over(tmp_path):
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "show.toml").write_text("# 手書き", "utf-8")
    ShowFolder(tmp_path).furnish(a_show(), artwork="a.jpg")
    assert (tmp_path / "feeds" / "show.toml").read_text("utf-8") == "# 手書き"


@given(
    st.builds(
        FoundFeed,
        url=st.sampled_from(["", "https://x.jp/rss", "https://x.jp/佐久"]),
        **dict.fromkeys(
            [
                "title",
                "description",
                "language",
                "link",
                "author",
                "owner_name",
                "owner_email",
                "kind",
                "copyright",
            ],
            WORDS,
        ),
        guid=st.sampled_from(["", "nonsense", "917393E3-1B1E-4CEF-ACE4-EDAA54E1F810"]),
        categories=st.lists(st.tuples(WORDS, st.none() | WORDS), max_size=2).map(tuple),
    )
)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_a_feed_says_the_settings_are_valid(tmp_path_factory, feed):
    folder = tmp_path_factory.mktemp("home")
    settled = settle(feed, public_url=None)
    ShowFolder(folder).furnish(settled.show, artwork="artwork.jpg")
    assert read_settings(folder, {}).show.guid == settled.show.guid


def test_a_disk_that_refuses_is_named(tmp_path):
    (tmp_path / "feeds").write_text("")
    with pytest.raises(InputError) as error:
        ShowFolder(tmp_path).furnish(a_show(), artwork="a.jpg")
    assert error.value.text.name == "files.unwritable"
