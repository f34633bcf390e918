"""What the studio remembers, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.ports.studio import Act, Session
from cityhall_fm.show.roles import Role
from cityhall_fm.show.text import Text

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def memory(database):
    return database.studio


def a_session(key="k", began=NOON, seen=NOON):
    return Session(key, "U0HANA", "髙橋はな😀", Role.HOST, began, seen)


def test_a_session_is_read_back_as_it_began_until_it_ends(memory):
    memory.begin(a_session())
    assert memory.session("k") == a_session()
    memory.end("k")
    assert memory.session("k") is None


def test_old_and_idle_sessions_end_together(memory):
    memory.begin(a_session("old", began=NOON - timedelta(days=8)))
    memory.begin(a_session("idle", seen=NOON - timedelta(hours=13)))
    memory.begin(a_session("here"))
    memory.end_before(began=NOON - timedelta(days=7), seen=NOON - timedelta(hours=12))
    assert [key for key in ("old", "idle", "here") if memory.session(key)] == ["here"]


def test_being_seen_moves_the_end_of_a_session(memory):
    memory.begin(a_session())
    memory.seen("k", at=NOON + timedelta(hours=1))
    assert memory.session("k").seen_at == NOON + timedelta(hours=1)


def test_acts_come_back_latest_first_with_their_values(memory):
    for number in (1, 2, 3):
        memory.note(Act(NOON, "U0HANA", Text.of("studio.did_begin", number=number, title="佐久")))
    assert [act.what.values["number"] for act in memory.acts(most=2)] == [3, 2]
    assert memory.acts(most=1)[0].what.values["title"] == "佐久"


def test_the_latest_reading_of_a_word_counts_and_can_be_forgotten(memory):
    memory.keep_reading("佐久", "さく")
    memory.keep_reading("髙橋", "たかばし")
    memory.keep_reading("髙橋", "たかはし")
    memory.keep_reading("佐久", None)
    assert memory.readings() == {"髙橋": "たかはし"}
