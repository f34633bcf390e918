"""What was done to questions is remembered and taken out of their history, on every kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.outbox import telling
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Link, Segment
from cityhall_fm.show.undoing import UNDO_WITHIN, Done, History, Slotted

from builders import NOON, a_consent, a_question
from fakes.inbox import FakeInbox
from fakes.outbox import FakeOutbox
from fakes.undoing import FakeUndoing

QUESTION = a_question(consent=None)
LINKS = (Link("https://example.jp/?a=佐久", "髙橋さんの案内😀"),)
SLOTTED = Slotted(EpisodeNumber(7), "灯油代", "要点\n二行目", LINKS, Segment("冬", links=LINKS))


def a_done(**changes) -> Done:
    given = {
        "question": QUESTION.id, "person": "U0HANA", "at": NOON, "what": "slotted", "was": Status.RECEIVED,
        "before": History(0, 0), "after": History(1, 1), **changes,
    }  # fmt: skip
    return Done(**given)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def all_three(request, tmp_path):
    match request.param:
        case "memory":
            inbox = FakeInbox([QUESTION])
            yield FakeUndoing(inbox), inbox, FakeOutbox()
        case "sqlite":
            database = open_database(tmp_path / "memory.sqlite3")
            database.inbox.store([], [QUESTION])
            yield database.undoing, database.inbox, database.outbox
            database.close()
        case _:
            database = request.getfixturevalue("emptied")()
            database.inbox.store([], [QUESTION])
            yield database.undoing, database.inbox, database.outbox


@pytest.fixture
def undoing(all_three):
    return all_three[0]


@pytest.fixture
def inbox(all_three):
    return all_three[1]


@pytest.fixture
def outbox(all_three):
    return all_three[2]


@pytest.mark.parametrize(
    "done",
    [
        a_done(),
        a_done(slotted=SLOTTED, tells_at=NOON + timedelta(minutes=1)),
        a_done(slotted=Slotted(EpisodeNumber(7), "題", "", ())),
    ],
    ids=["moved", "slotted into the host's own", "slotted at the end"],
)
def test_what_was_done_is_read_back_whole(undoing, done):
    noted = undoing.note(done)
    assert noted.number > 0
    read = undoing.done(noted.number)
    assert (read.question, read.slotted, read.tells_at, read.after) == (
        done.question,
        done.slotted,
        done.tells_at,
        done.after,
    )
    undoing.forget(noted.number)
    assert undoing.done(noted.number) is None


def test_somebodys_own_doings_come_latest_first_until_they_are_past(undoing):
    first, second = undoing.note(a_done()), undoing.note(a_done(tells_at=NOON + timedelta(minutes=1)))
    undoing.note(a_done(person="U0OTHER"))
    at_once = undoing.lately("U0HANA", now=NOON + timedelta(seconds=59))
    assert [one.number for one in at_once] == [second.number, first.number]
    told = undoing.lately("U0HANA", now=NOON + timedelta(minutes=1))
    assert [one.number for one in told] == [first.number]
    assert undoing.lately("U0HANA", now=NOON + UNDO_WITHIN) == []


def test_what_is_long_past_goes_with_the_next_doing(undoing):
    old = undoing.note(a_done(at=NOON - timedelta(days=1)))
    undoing.note(a_done())
    assert undoing.done(old.number) is None


def test_history_counts_moves_and_consents_and_goes_back(undoing, inbox):
    inbox.set_status(QUESTION.id, Status.SHORTLISTED, at=NOON)
    before = undoing.history(QUESTION.id)
    inbox.set_consent(QUESTION.id, a_consent(Naming.RADIO_NAME, radio_name=Private("髙橋")))
    inbox.set_status(QUESTION.id, Status.WITHDRAWN, at=NOON)
    after = undoing.history(QUESTION.id)
    assert (before, after) == ((1, 0), (2, 1))
    assert undoing.revert(QUESTION.id, Status.SHORTLISTED, before=before, after=after)
    question = inbox.question(QUESTION.id)
    assert (question.status, question.consent) == (Status.SHORTLISTED, None)
    assert undoing.history(QUESTION.id) == before


def test_a_history_that_went_on_is_left_alone(undoing, inbox):
    before = undoing.history(QUESTION.id)
    inbox.set_status(QUESTION.id, Status.SHORTLISTED, at=NOON)
    after = undoing.history(QUESTION.id)
    inbox.set_status(QUESTION.id, Status.NEXT_TIME, at=NOON)
    assert not undoing.revert(QUESTION.id, Status.RECEIVED, before=before, after=after)
    assert inbox.question(QUESTION.id).status is Status.NEXT_TIME
    nobody = QuestionId("q-00000000")
    assert not undoing.revert(nobody, Status.RECEIVED, before=History(0, 0), after=History(1, 0))


def test_a_message_can_be_taken_back_until_its_time_has_come(outbox):
    key, later = told_key(QUESTION.id), NOON + timedelta(minutes=1)
    outbox.put([telling(QUESTION.id, "declined/\n髙橋さんへ")], at=NOON, not_before=later)
    (waiting,) = outbox.waiting()
    assert (waiting.not_before, waiting.delivery.about) == (later, "declined/\n髙橋さんへ")
    assert not outbox.take_back(key, now=later)
    assert outbox.take_back(key, now=NOON)
    assert not outbox.take_back(key, now=NOON)
    outbox.put([telling(QUESTION.id, "declined/")], at=NOON)
    assert not outbox.take_back(key, now=NOON)


def test_a_message_that_was_tried_or_said_is_not_taken_back(outbox):
    delivery, later = telling(QUESTION.id, "declined/"), NOON + timedelta(minutes=1)
    outbox.put([delivery], at=NOON, not_before=later)
    outbox.put_off(delivery, attempts=1, not_before=later)
    assert not outbox.take_back(delivery.key, now=NOON)
    outbox.done(delivery, said="hash", at=NOON)
    assert not outbox.take_back(delivery.key, now=NOON)


def test_what_is_forgotten_cannot_be_brought_back_and_leaves_no_words(database):
    database.inbox.store([], [QUESTION])
    noted = database.undoing.note(a_done(slotted=SLOTTED))
    database.keeping.forget([QUESTION.id], at=NOON)
    assert database.undoing.done(noted.number) is None
    assert database.undoing.lately("U0HANA", now=NOON) == []
