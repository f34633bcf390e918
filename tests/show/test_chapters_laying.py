from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.chapters import How, Laid, lay
from cityhall_fm.show.rundown import Chapter, Rundown, Segment
from cityhall_fm.show.timecode import Timecode

RUNDOWN = ("オープニング", "灯油代は、月にいくら？", "水道管を凍らせないために", "エンディング")


def _rundown(*titles: str) -> Rundown:
    return Rundown(tuple(Segment(title) for title in titles))


def _laid(titles: tuple[str, ...], *marks: tuple[int, str]) -> Laid:
    chapters = [Chapter(Timecode(seconds * 1000), title) for seconds, title in marks]
    return lay(_rundown(*titles), chapters, untitled="コーナー{}".format)


def _places(laid: Laid) -> list[tuple[int, int, str]]:
    return [(one.position, one.at.whole_seconds, one.how.value) for one in laid.placed]


def test_times_without_titles_are_laid_in_order():
    laid = _laid(RUNDOWN, (0, ""), (66, ""), (20, ""), (101, ""))
    assert _places(laid) == [(1, 0, "order"), (2, 20, "order"), (3, 66, "order"), (4, 101, "order")]
    assert not laid.left_over
    assert [segment.at.whole_seconds for segment in laid.rundown.segments] == [0, 20, 66, 101]


def test_a_title_counts_before_the_order_however_it_is_typed():
    laid = _laid(RUNDOWN, (20, "灯油代は 月にいくら?"), (101, "ｴﾝﾃﾞｨﾝｸﾞ"))
    assert _places(laid) == [(2, 20, "title"), (4, 101, "title")]
    assert [segment.title for segment in laid.rundown.untimed] == [RUNDOWN[0], RUNDOWN[2]]


def test_the_others_fill_what_is_free_between_the_titles():
    laid = _laid(RUNDOWN, (0, "始まり"), (20, RUNDOWN[1]), (66, "水道"), (80, "せき"), (101, RUNDOWN[3]))
    assert _places(laid) == [(1, 0, "order"), (2, 20, "title"), (3, 66, "order"), (4, 101, "title")]
    assert [mark.title for mark in laid.left_over] == ["せき"]


def test_a_mark_before_the_first_segment_pushes_nothing_away():
    laid = _laid(RUNDOWN, (0, "ジングル"), (3, RUNDOWN[0]), (20, ""))
    assert _places(laid) == [(1, 3, "title"), (2, 20, "order")]
    assert [mark.title for mark in laid.left_over] == ["ジングル"]


def test_of_twins_the_first_belongs_to_the_first():
    laid = _laid(("おたより", "音楽", "おたより"), (50, "おたより"), (9, "おたより"))
    assert _places(laid) == [(1, 9, "title"), (3, 50, "title")]


def test_titles_of_signs_only_are_told_apart():
    laid = _laid(("🎵", "☃️", "!"), (9, "☃️"), (20, "!"))
    assert _places(laid) == [(2, 9, "title"), (3, 20, "title")]


def test_an_empty_rundown_takes_titles_links_and_images():
    marks = [
        Chapter(Timecode(9000), "", "https://example.jp/", "https://example.jp/a.png"),
        Chapter(Timecode(0), "はじめに\n"),
        Chapter(Timecode(20_000), "長い題名" * 300),
    ]
    laid = lay(Rundown(), marks, untitled="コーナー{}".format)
    assert laid.rundown.segments[:2] == (
        Segment("はじめに", at=Timecode(0)),
        Segment("コーナー2", at=Timecode(9000), url="https://example.jp/", image="https://example.jp/a.png"),
    )
    assert len(laid.rundown.segments[2].title.encode()) <= 1000
    assert {one.how for one in laid.placed} == {How.NEW}


def test_everything_else_of_a_segment_stays():
    segment = Segment("灯油", at=Timecode(1), summary="要点", url="https://example.jp/oil")
    laid = lay(Rundown((segment,)), [Chapter(Timecode(5000), "灯油", "https://other.jp/")], untitled=str)
    assert laid.rundown.segments == (
        Segment("灯油", at=Timecode(5000), summary="要点", url="https://example.jp/oil"),
    )


WORDS = st.sampled_from(["", "灯油", "水道", "雪", "灯 油!"])


@given(
    st.lists(WORDS.filter(bool), max_size=6),
    st.lists(st.builds(Chapter, st.integers(0, 99).map(Timecode), WORDS), max_size=8),
)
def test_no_mark_is_lost_or_used_twice(titles, marks):
    rundown = _rundown(*titles)
    laid = lay(rundown, marks, untitled=str)
    assert sorted([one.at for one in laid.placed] + [mark.at for mark in laid.left_over]) == sorted(
        mark.at for mark in marks
    )
    assert len({one.position for one in laid.placed}) == len(laid.placed)
    again = lay(laid.rundown, marks, untitled=str) if titles else None
    assert again is None or not again.changed


@given(st.lists(WORDS.filter(bool), min_size=1), st.lists(st.integers(0, 99).map(Timecode)))
def test_marks_without_titles_leave_the_times_in_order(titles, times):
    laid = lay(_rundown(*titles), [Chapter(time, "") for time in times], untitled=str)
    placed = [one.at for one in laid.placed]
    assert placed == sorted(times)[: len(titles)]
