"""Which episodes move, in which order, under which numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.show.episode import EpisodeKind, Guid
from cityhall_fm.show.moving.episodes import plan_episodes
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed
from cityhall_fm.show.timecode import Timecode

from builders import an_episode


def found(day: int, **changes) -> FoundEpisode:
    one = FoundEpisode(
        title=f"{day}日の話",
        guid=f"g{day}",
        published=f"{day} Jun 2025 09:29:22 GMT",
        enclosure_url=f"https://x.jp/{day}.mp3",
        enclosures=1,
        number=str(day),
    )
    return replace(one, **changes)


def plan(*episodes: FoundEpisode, here=(), **feed):
    return plan_episodes(FoundFeed(episodes=episodes, **feed), here=here, timezone="Asia/Tokyo")


def numbers(*episodes: FoundEpisode, here=()) -> dict[str, int]:
    return {one.found.guid: one.episode.number for one in plan(*episodes, here=here).moving}


def odd(*episodes: FoundEpisode, here=()) -> list[tuple[str, str]]:
    return [
        (oddity.text.name.removeprefix("moving."), oddity.episode)
        for oddity in plan(*episodes, here=here).oddities
    ]


def test_numbers_of_the_feed_are_kept():
    assert numbers(found(30), found(7), found(2)) == {"g30": 30, "g7": 7, "g2": 2}
    assert odd(found(30), found(7)) == []


def test_without_numbers_the_dates_number_them():
    assert numbers(found(9, number=""), found(7, number=""), found(2, number="")) == {
        "g2": 1,
        "g7": 2,
        "g9": 3,
    }


def test_one_without_a_number_takes_the_gap_that_its_date_leaves():
    assert numbers(found(9, number="4"), found(7, number=""), found(2, number="2")) == {
        "g2": 2,
        "g7": 3,
        "g9": 4,
    }


def test_a_trailer_before_the_first_takes_a_number_that_nobody_has():
    trailer = found(1, number="", kind="trailer")
    assert numbers(found(3, number="2"), found(2, number="1"), trailer) == {"g1": 3, "g2": 1, "g3": 2}
    assert plan(trailer).moving[0].episode.kind is EpisodeKind.TRAILER


def test_seasons_that_count_from_one_again_do_not_clash():
    assert numbers(found(9, number="1", season="2"), found(2, number="1", season="1")) == {"g2": 1, "g9": 2}
    assert odd(found(9, number="1"), found(2, number="1")) == [("number_taken", "9日の話")]


def test_the_shelfs_own_numbers_are_taken_and_what_moved_before_keeps_its_own():
    own = an_episode(2, guid=Guid("own"))
    earlier = an_episode(5, guid=Guid("g7"))
    assert numbers(found(9, number="5"), found(7, number="7"), found(2), here=[own, earlier]) == {
        "g2": 1,
        "g7": 5,
        "g9": 6,
    }


@pytest.mark.parametrize("written", ["0", "-1", "第3回", "3.5", "12345"])
def test_what_cannot_be_a_number_is_told(written):
    assert numbers(found(9, number=written)) == {"g9": 1}
    assert odd(found(9, number=written)) == [("wrong_number", "9日の話")]


def test_of_one_second_the_order_of_the_feed_stays():
    date = "Tue, 17 Jun 2025 09:29:22 GMT"
    feed = [
        found(day, number="", published=date, guid=guid) for day, guid in ((1, "new"), (2, "mid"), (3, "old"))
    ]
    assert numbers(*feed) == {"old": 1, "mid": 2, "new": 3}


def test_dates_are_the_same_moment_in_the_shows_time():
    moved = plan(found(17)).moving[0].episode.published_at
    assert moved.isoformat() == "2025-06-17T18:29:22+09:00"


def test_a_date_that_cannot_be_read_is_the_older_neighbours():
    planned = plan(found(9), found(8, published="先週"), found(7))
    dates = {one.found.guid: one.episode.published_at.day for one in planned.moving}
    assert dates == {"g7": 7, "g8": 7, "g9": 9}
    assert [one.found.guid for one in planned.moving] == ["g7", "g8", "g9"]
    assert planned.oddities[0].text.name == "moving.no_date"


def test_without_any_date_there_is_nothing_to_publish():
    assert odd(found(9, published="")) == [("skipped_no_date", "9日の話")]
    assert plan(found(9, published=""), updated="Wed, 18 Jun 2025 08:38:09 GMT").moving


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"guid": ""}, "skipped_no_guid"),
        ({"guid": " \n"}, "skipped_no_guid"),
        ({"enclosure_url": ""}, "skipped_no_enclosure"),
        ({"enclosure_url": "javascript:x"}, "skipped_bad_enclosure"),
    ],
)
def test_what_cannot_move_is_skipped_and_told(changes, name):
    planned = plan(found(9, **changes), found(7))
    assert [one.found.guid for one in planned.moving] == ["g7"]
    assert planned.skipped == 1
    assert odd(found(9, **changes)) == [(name, "9日の話")]


def test_of_two_with_one_guid_the_first_moves_as_apps_show_it():
    planned = plan(found(9, guid="same"), found(7, guid="same"))
    assert [one.episode.title for one in planned.moving] == ["9日の話"]
    assert planned.oddities[0].text.values["other"] == "9日の話"


def test_guids_that_differ_in_a_space_are_two():
    assert set(numbers(found(9, guid="a"), found(7, guid="a "))) == {"a", "a "}


def test_an_enclosure_that_is_relative_to_the_feed_can_move():
    assert plan(found(9, enclosure_url="media/9.mp3"), url="https://x.jp/rss").moving


def test_facts_are_read_generously_and_told_where_they_are_wrong():
    episode = plan(found(9, kind="Bonus", season="2", explicit="yes")).moving[0].episode
    assert (episode.kind, episode.season, episode.explicit) == (EpisodeKind.BONUS, 2, True)
    assert odd(found(9, kind="live", season="冬")) == [("wrong_season", "9日の話"), ("wrong_kind", "9日の話")]


def test_titles_lose_entities_that_were_written_twice():
    assert plan(found(9, title="Q&amp;A 髙橋")).moving[0].episode.title == "Q&A 髙橋"
    assert plan(found(9, title="")).moving[0].episode.title == "g9"
    assert len(plan(found(9, title="冬" * 999)).moving[0].episode.title) == 255


def test_a_summary_is_taken_only_where_it_is_not_the_notes_again():
    notes = "<p>灯油の話。</p><p>くわしく話します。</p>"
    assert plan(found(9, description=notes, summary=notes)).moving[0].episode.summary == ""
    assert plan(found(9, description=notes, summary="灯油の話。")).moving[0].episode.summary == ""
    assert plan(found(9, description=notes, subtitle="冬支度")).moving[0].episode.summary == "冬支度"


def test_chapters_become_the_rundown_in_their_order():
    chapters = (("00:01:30.5", "灯油"), ("0", "始まり"), ("いつか", "?"), ("00:02:00", ""))
    segments = plan(found(9, chapters=chapters)).moving[0].episode.rundown.segments
    assert [(segment.title, segment.at) for segment in segments] == [
        ("始まり", Timecode(0)),
        ("灯油", Timecode(90_500)),
    ]
