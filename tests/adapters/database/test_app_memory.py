"""What the Slack app remembers, in SQLite, PostgreSQL and in memory alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.show.asking import Corner, Submission
from cityhall_fm.show.consent import Private
from cityhall_fm.show.question import QuestionId

from builders import NOON
from fakes.desk import FakeAppMemory

ID = QuestionId("q-12345678")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def memory(request, tmp_path):
    match request.param:
        case "memory":
            yield FakeAppMemory()
        case "sqlite":
            database = open_database(tmp_path / "memory.sqlite3")
            yield database.app_memory
            database.close()
        case _:
            yield request.getfixturevalue("emptied")().app_memory


def test_an_event_is_heard_once_it_was_dealt_with(memory):
    assert not memory.heard("Ev1")
    memory.remember_heard("Ev1", at=NOON)
    memory.remember_heard("Ev1", at=NOON)
    assert (memory.heard("Ev1"), memory.heard("Ev2")) == (True, False)


def test_old_events_are_forgotten(database):
    database.app_memory.remember_heard("Ev1", at=NOON)
    database.app_memory.remember_heard("Ev2", at=NOON + timedelta(days=4))
    assert not database.app_memory.heard("Ev1")


def test_one_emoji_stands_under_a_question_or_none(memory):
    memory.set_mark(ID, "eyes")
    memory.set_mark(ID, "radio")
    assert memory.marks() == {ID: "radio"}
    memory.set_mark(ID, None)
    memory.set_mark(ID, None)
    assert memory.marks() == {}


def test_how_a_form_was_filled_in_is_kept(memory):
    assert memory.submission(ID) is None
    memory.keep_submission(
        ID, Submission(corner=Corner.LETTER, department="子育て課", publicly=True, may_contact=True)
    )
    kept = memory.submission(ID)
    assert (kept.corner, kept.department, kept.publicly, kept.may_contact) == (
        Corner.LETTER,
        "子育て課",
        True,
        True,
    )


def test_words_and_names_are_not_kept_a_second_time(database):
    database.app_memory.keep_submission(ID, Submission(Private("ひみつ"), radio_name=Private("雪うさぎ")))
    kept = database.app_memory.submission(ID)
    assert (kept.words, kept.radio_name) == (Private(""), Private(""))
