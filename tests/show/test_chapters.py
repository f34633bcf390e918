from __future__ import annotations

from cityhall_fm.show.chapters import from_the_start
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode


def _starts(*seconds: int, programme_at: int = 3) -> list[tuple[int, str]]:
    chapters = [Chapter(Timecode(second * 1000), f"章{second}") for second in seconds]
    moved = from_the_start(chapters, programme_at=Timecode(programme_at * 1000), opening="オープニング")
    return [(chapter.at.whole_seconds, chapter.title) for chapter in moved]


def test_the_jingle_belongs_to_the_first_chapter():
    assert _starts(3, 20) == [(0, "章3"), (20, "章20")]


def test_a_late_first_chapter_gets_an_opening_before_it():
    assert _starts(10, 20) == [(0, "オープニング"), (10, "章10"), (20, "章20")]


def test_chapters_are_ordered_and_none_shares_a_second():
    assert _starts(20, 3, 20) == [(0, "章3"), (20, "章20")]


def test_no_chapters_stay_none():
    assert _starts() == []
