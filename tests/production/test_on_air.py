"""What is tapped while recording is written at once, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.production.on_air import note_taps, shift_times
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.on_air import Tap, TapKind, keys_of
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_question, an_episode
from fakes.inbox import FakeInbox
from fakes.shelf import FakeShelf

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SEVEN = EpisodeNumber(7)
START = 1_795_400_000_000


class Taps:
    def __init__(self) -> None:
        self.kept: dict[str, Tap] = {}

    def keep(self, number, taps: Sequence[Tap], *, person, at) -> None:  # noqa: ARG002 - as the port has it
        self.kept = {tap.id: tap for tap in taps} | self.kept

    def taps(self, number) -> Sequence[Tap]:  # noqa: ARG002 - same
        return list(self.kept.values())


@pytest.fixture
def scene():
    question = replace(a_question(), status=Status.SLOTTED)
    rundown = Rundown((Segment("はじめに"), Segment("灯油", question=question.id), Segment("おわりに")))
    inbox = FakeInbox()
    inbox.store([], [question])
    return Scene(FakeShelf(an_episode(rundown=rundown)), inbox, question.id)


class Scene:
    def __init__(self, shelf, inbox, question) -> None:
        self.shelf, self.inbox, self.memory, self.question = shelf, inbox, Taps(), question

    def tap(self, *taps: Tap):
        return note_taps(
            SEVEN, taps, person="local", memory=self.memory, shelf=self.shelf, inbox=self.inbox, now=NOW
        )

    def shift(self, name: str, by: int):
        tap = Tap(name, TapKind.SHIFT, START + 10**6, shift=by)
        shift_times(SEVEN, tap, person="local", memory=self.memory, shelf=self.shelf, now=NOW)

    def begin(self, name: str, seconds: float, position: int) -> Tap:
        key = keys_of(self.shelf.episode(SEVEN).rundown)[position - 1]
        return Tap(name, TapKind.BEGIN, START + round(seconds * 1000), segment=key)

    @property
    def times(self):
        segments = self.shelf.episode(SEVEN).rundown.segments
        return [segment.at.exact() if segment.at is not None else None for segment in segments]

    @property
    def status(self):
        return self.inbox.question(self.question).status


SYNC = Tap("sync", TapKind.SYNC, START)


def test_a_tap_writes_the_chapter_and_the_status(scene):
    scene.tap(SYNC)
    scene.tap(scene.begin("a", 2, 1))
    assert scene.status is Status.SLOTTED
    scene.tap(scene.begin("b", 63.8, 2))
    assert scene.times == ["0:02", "1:03.8", None]
    assert scene.status is Status.RECORDED


def test_taps_that_come_late_together_and_twice_mean_the_same(scene):
    taps = [scene.begin("b", 63.8, 2), SYNC, scene.begin("a", 2, 1)]
    assert len(scene.tap(*taps, *taps).new) == 3
    assert scene.tap(*taps).new == ()
    assert scene.times == ["0:02", "1:03.8", None]


def test_a_tap_that_is_taken_back_takes_time_and_status_with_it(scene):
    scene.tap(SYNC, scene.begin("b", 63.8, 2))
    scene.tap(Tap("u", TapKind.UNDO, START + 70_000, undoes="b"))
    assert scene.times == [None, None, None]
    assert scene.status is Status.SLOTTED


def test_a_question_that_was_withdrawn_meanwhile_stays_so(scene):
    scene.inbox.set_status(scene.question, Status.WITHDRAWN, at=NOW)
    scene.tap(SYNC, scene.begin("b", 63.8, 2))
    assert scene.status is Status.WITHDRAWN


def test_a_time_that_was_corrected_by_hand_stays_when_another_segment_is_tapped(scene):
    scene.tap(SYNC, scene.begin("a", 2, 1))
    corrected = Rundown((replace(scene.shelf.episode(SEVEN).rundown.segments[0], at=Timecode(2500)),))
    scene.shelf.set_times(SEVEN, corrected)
    scene.tap(scene.begin("c", 90, 3))
    assert scene.times == ["0:02.5", None, "1:30"]


def test_a_shift_moves_what_is_written_and_what_is_tapped_later(scene):
    scene.tap(SYNC, scene.begin("a", 2, 1))
    scene.shift("h", 1800)
    scene.shift("h", 1800)
    scene.tap(scene.begin("b", 63.8, 2))
    assert scene.times[:2] == ["0:03.8", "1:05.6"]


def test_times_stop_at_the_beginning_of_the_recording(scene):
    scene.tap(SYNC, scene.begin("a", 2, 1), scene.begin("b", 63.8, 2))
    scene.shift("h", -3000)
    assert scene.times[:2] == ["0:00", "1:00.8"]


def test_in_the_file_only_the_times_change(tmp_path, scene):
    shelf = EpisodeFolder(tmp_path)
    shelf.create(title="佐久の冬", guid=Guid("g"), planned_for=None)
    (path,) = tmp_path.glob("*/episode.md")
    path.write_text(
        "---\nnumber: 7\ntitle: 佐久の冬\nguid: g\nrundown:\n"
        "  - title: はじめに # 元気に\n  - title: 髙橋さん😀\n    summary: 灯油\n---\n本文\n",
        "utf-8",
    )
    path.parent.rename(path.parent.with_name("0007-fuyu"))
    scene.shelf = shelf
    before = next(tmp_path.glob("*/episode.md")).read_text("utf-8")
    scene.tap(SYNC, scene.begin("a", 2, 1), scene.begin("b", 63.8, 2))
    written = next(tmp_path.glob("*/episode.md")).read_text("utf-8")
    assert 'at: "1:03.8"\n    summary: 灯油' in written
    assert "# 元気に" in written
    scene.tap(*(Tap(f"u{one}", TapKind.UNDO, START + 70_000, undoes=one) for one in "ab"))
    assert next(tmp_path.glob("*/episode.md")).read_text("utf-8") == before
