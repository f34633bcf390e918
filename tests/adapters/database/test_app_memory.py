"""What the Slack app remembers, in SQLite, PostgreSQL and in memory alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.show.asking import Corner, Submission
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import UserId

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
    assert [memory.remember_heard("Ev1", at=NOON) for _ in range(2)] == [True, False]
    assert (memory.heard("Ev1"), memory.heard("Ev2")) == (True, False)


def test_what_could_not_be_dealt_with_is_heard_again(memory):
    memory.remember_heard("Ev1", at=NOON)
    memory.remember_heard("Ev2", at=NOON)
    for _ in range(2):
        memory.forget_heard("Ev1")
    assert (memory.heard("Ev1"), memory.heard("Ev2")) == (False, True)
    assert memory.remember_heard("Ev1", at=NOON)


def test_old_events_are_forgotten(database):
    database.app_memory.remember_heard("Ev1", at=NOON)
    database.app_memory.remember_heard("Ev2", at=NOON + timedelta(days=4))
    assert not database.app_memory.heard("Ev1")


def test_one_emoji_stands_under_a_question_or_none(memory):
    assert memory.change_mark(ID, None, "eyes")
    assert memory.change_mark(ID, "eyes", "radio")
    assert memory.marks() == {ID: "radio"}
    assert memory.change_mark(ID, "radio", None)
    assert memory.marks() == {}


def test_an_emoji_takes_the_place_only_of_the_one_that_still_stands_there(memory):
    assert not memory.change_mark(ID, "eyes", "radio")
    assert not memory.change_mark(ID, "eyes", None)
    assert memory.change_mark(ID, None, "radio")
    assert not memory.change_mark(ID, None, "eyes")
    assert not memory.change_mark(ID, "eyes", None)
    assert memory.marks() == {ID: "radio"}


def test_who_chose_a_department_is_known_all_at_once(memory):
    memory.keep_submission(ID, Submission(department="子育て課"))
    memory.keep_submission(QuestionId("q-without1"), Submission(department=""))
    assert memory.departments() == {ID: "子育て課"}


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


def test_a_draft_is_kept_whole_in_place_of_the_one_before(memory):
    draft = Submission(
        Private("書きかけ 髙橋 😀\n二行目"),
        Corner.IDEA,
        Naming.RADIO_NAME,
        Private("雪うさぎ"),
        Private("ゆきうさぎ"),
        "子育て課",
        publicly=True,
        may_contact=True,
        voice=True,
    )
    memory.keep_draft(UserId("U1"), Submission(Private("前の")), at=NOON)
    memory.keep_draft(UserId("U1"), draft, at=NOON + timedelta(hours=1))
    assert memory.draft(UserId("U1"), since=NOON) == draft
    assert memory.draft(UserId("U2"), since=NOON) is None
    assert memory.draft(UserId("U1"), since=NOON + timedelta(hours=2)) is None
    memory.drop_draft(UserId("U1"))
    assert memory.draft(UserId("U1"), since=NOON) is None


def test_authors_wait_to_be_asked_in_order_and_once(memory):
    memory.must_ask(ID, at=NOON + timedelta(hours=1))
    memory.must_ask(QuestionId("q-87654321"), at=NOON + timedelta(hours=2))
    memory.must_ask(ID, at=NOON + timedelta(hours=3))
    memory.must_ask(ID, at=NOON + timedelta(hours=4), attempts=2)
    assert list(memory.to_ask().items()) == [("q-87654321", 0), (ID, 2)]
    tried = NOON + timedelta(hours=4)
    pauses = [3, 4, -3600]  # the last by a clock that was wrong
    due = [memory.to_ask(due=tried + timedelta(seconds=seconds)) for seconds in pauses]
    assert [list(one) for one in due] == [["q-87654321"], ["q-87654321", ID], ["q-87654321", ID]]
    memory.asked(ID)
    memory.asked(ID)
    assert list(memory.to_ask()) == ["q-87654321"]
