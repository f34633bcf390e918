"""What subscribers would notice of a move."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.show.moving.comparison import Consequence, compare
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed
from cityhall_fm.show.moving.lenient import derived_guid

OLD_URL, NEW_URL = "https://anchor.fm/s/0/podcast/rss", "https://fm.example.jp/feed.xml"


def found(day: int, **changes) -> FoundEpisode:
    one = FoundEpisode(
        title=f"{day}日の話",
        guid=f"g{day}",
        published=f"{day} Jun 2025 09:29:22 GMT",
        enclosure_url=f"https://anchor.fm/play/{day}",
        number=str(day),
    )
    return replace(one, **changes)


def moved(day: int, **changes) -> FoundEpisode:
    """Tell an episode as our own feed does: another address, another way of writing the date."""
    date = f"{day} Jun 2025 18:29:22 +0900"
    return replace(found(day), published=date, enclosure_url=f"https://fm.example.jp/{day}.mp3", **changes)


def old(*episodes: FoundEpisode, **changes) -> FoundFeed:
    feed = FoundFeed(url=OLD_URL, self_url=OLD_URL, title="佐久", episodes=episodes or (found(2), found(1)))
    return replace(feed, **changes)


def new(*episodes: FoundEpisode, **changes) -> FoundFeed:
    feed = FoundFeed(
        url=NEW_URL,
        self_url=NEW_URL,
        title="佐久",
        guid=derived_guid(OLD_URL),
        new_feed_url=NEW_URL,
        episodes=episodes or (moved(2), moved(1)),
    )
    return replace(feed, **changes)


def differences(before: FoundFeed, after: FoundFeed) -> list[tuple[str, str]]:
    return [
        (one.text.name.removeprefix("moving."), str(one.consequence))
        for one in compare(before, after).differences
    ]


def test_the_same_guids_under_new_addresses_are_the_same_episodes():
    comparison = compare(old(), new())
    assert comparison.differences == ()
    assert (comparison.same, comparison.added, comparison.harmless) == (2, 0, True)


@pytest.mark.parametrize(
    ("guid", "name"),
    [("g2 ", "guid_spelt"), ("\ng2", "guid_spelt"), ("G2", "guid_spelt"), ("other", "guid_changed")],
)
def test_a_guid_that_changed_makes_a_duplicate(guid, name):
    assert differences(old(), new(moved(2, guid=guid), moved(1))) == [(name, "duplicate")]
    assert not compare(old(), new(moved(2, guid=guid), moved(1))).harmless


@pytest.mark.parametrize(
    "changes",
    [{"title": "改題"}, {"published": "3 Jun 2025 09:29:22 GMT"}, {}],
)
def test_a_renamed_episode_is_recognised_by_title_or_date(changes):
    after = new(replace(moved(2, guid="other"), **changes), moved(1))
    assert differences(old(), after) == [("guid_changed", "duplicate")]


def test_each_renamed_episode_is_told_once():
    after = new(moved(2, guid="a"), moved(1, guid="b"))
    told = compare(old(), after).differences
    assert [(one.episode, one.text.values["new"]) for one in told] == [("2日の話", "'a'"), ("1日の話", "'b'")]


def test_a_missing_episode_is_a_loss():
    assert differences(old(), new(moved(2))) == [("missing", "loss")]


def test_a_new_episode_harms_nobody():
    assert differences(old(), new(moved(3), moved(2), moved(1))) == [("added", "none")]
    assert differences(old(found(3), found(1)), new(moved(3), moved(2), moved(1))) == [("added_old", "none")]


def test_a_date_that_changed_makes_a_duplicate_in_apps_that_go_by_date():
    after = new(replace(moved(2), published="2 Jun 2025 18:29:23 +0900"), moved(1))
    assert differences(old(), after) == [("date_changed", "duplicate")]


def test_what_is_merely_shown_is_harmless():
    after = new(moved(2, title="改題", kind="bonus", season="1"), replace(moved(1), number="3"))
    before = old(found(2, kind="full"), found(1))
    assert set(differences(before, after)) == {
        ("title_changed", "none"),
        ("kind_changed", "none"),
        ("number_changed", "none"),
    }


def test_another_order_is_told_and_harmless():
    assert differences(old(), new(moved(1), moved(2))) == [("order_changed", "none")]


def test_what_has_no_identity_in_the_old_feed_cannot_be_compared():
    before = old(
        found(3, guid=""), found(2), replace(found(4), guid="g2"), found(1), found(5, enclosure_url="")
    )
    assert sorted(differences(before, new())) == [
        ("no_enclosure_old", "none"),
        ("no_guid_old", "none"),
        ("same_guid_old", "none"),
    ]


def test_what_has_no_identity_in_the_new_feed_harms():
    after = new(moved(2), moved(1), moved(3, guid=""), replace(moved(4), guid="g1"))
    assert differences(old(), after) == [("no_guid_new", "duplicate"), ("same_guid_new", "loss")]


def test_an_episode_that_lost_its_audio_is_lost():
    after = new(replace(moved(2), enclosure_url=""), moved(1))
    assert set(differences(old(), after)) == {("no_enclosure_new", "loss"), ("missing", "loss")}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"guid": "a"}, {"guid": "a"}, []),
        ({"guid": "a"}, {"guid": "b"}, [("show_guid_changed", "duplicate")]),
        ({"guid": "a"}, {"guid": ""}, [("show_guid_changed", "duplicate")]),
        ({}, {"guid": "b"}, [("show_guid_other", "none")]),
        ({}, {"new_feed_url": ""}, [("no_new_feed_url", "none")]),
        ({}, {"new_feed_url": OLD_URL}, [("wrong_new_feed_url", "loss")]),
        ({"new_feed_url": NEW_URL}, {}, []),
        ({"new_feed_url": "https://elsewhere.example/"}, {}, [("old_sends_elsewhere", "loss")]),
        ({}, {"title": "改名"}, [("show_title_changed", "none")]),
    ],
)
def test_the_show_stays_the_same_show(before, after, told):
    assert differences(old(**before), new(**after)) == told


def test_the_worst_stands_first():
    comparison = compare(old(), new(moved(2, guid="x", title="改題"), moved(3), title="改名"))
    assert [one.consequence for one in comparison.differences] == sorted(
        (one.consequence for one in comparison.differences), key=list(Consequence).index
    )
    assert comparison.count(Consequence.DUPLICATE) == 1
    assert comparison.count(Consequence.LOSS) == 1
