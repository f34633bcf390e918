"""What the database lets go of, and what it keeps, in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cityhall_fm.adapters.database import tables
from cityhall_fm.production.ports.studio import Act, Session
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.on_air import Tap, TapKind
from cityhall_fm.show.question import Status
from cityhall_fm.show.roles import Role
from cityhall_fm.show.slack_thread import Member, Reaction, UserId
from cityhall_fm.show.text import Text

from builders import ASKER, NOON, a_consent, a_message, a_question, a_thread

OTHER = UserId("U0OTHER")
LATER = NOON + timedelta(days=100)


@pytest.fixture
def question(database):
    """Somebody asked by radio name; somebody else replied, reacted and is spoken of."""
    reply = a_message("1763600401.000100", "髙橋さん、<@U0OTHER> です", author=OTHER)
    opening = a_message("1763600400.000100", "灯油代は? ☃️", reactions=(Reaction("tada", 2, (ASKER, OTHER)),))
    one = a_question(thread=a_thread(opening=opening, replies=(reply,)))
    database.inbox.store([], [one])
    database.inbox.remember_names([Member(ASKER, Private("髙橋はな")), Member(OTHER, Private("佐久"))])
    named = a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"), reading=Private("ふゆ"))
    database.inbox.set_consent(one.id, named)
    database.inbox.set_status(one.id, Status.ANSWERED, at=NOON)
    return one


def everything(database):
    with database.store.reading() as connection:
        rows = [row for table in tables.metadata.tables.values() for row in connection.execute(select(table))]
    return "\n".join(repr(tuple(row)) for row in rows)


def test_a_forgotten_question_keeps_id_status_and_the_dates_of_its_consents(database, question):
    database.keeping.forget([question.id], at=LATER)
    left = database.inbox.question(question.id)
    assert (left.id, left.status) == (question.id, Status.ANSWERED)
    assert (left.asker, bool(left.words), bool(left.asker_name), left.thread.replies) == (
        None,
        False,
        False,
        (),
    )
    assert [one.naming for one in database.keeping.consents([question.id])[question.id]] == [
        Naming.ANONYMOUS,
        Naming.RADIO_NAME,
    ]
    kept = everything(database)
    assert [
        word
        for word in ("灯油", "髙橋", "佐久", "冬の入門生", "ふゆ", ASKER, OTHER, "slack.com")
        if word in kept
    ] == []
    assert database.keeping.forgotten() == {question.id: LATER}


def test_since_when_something_is_kept_does_not_move(database, question):
    assert database.keeping.since([question.id], now=NOON) == {question.id: NOON}
    assert database.keeping.since([question.id], now=LATER) == {question.id: NOON}
    database.keeping.forget([question.id], at=LATER)
    assert database.keeping.since([question.id], now=LATER) == {question.id: NOON}


def test_proofs_go_when_their_own_time_is_over(database, question):
    database.keeping.forget([question.id], at=NOON)
    assert database.keeping.drop_proofs(before=NOON) == 0
    assert database.keeping.drop_proofs(before=LATER) == 2
    assert database.keeping.consents([question.id]) == {}


def test_an_erased_person_is_gone_from_others_threads(database, question):
    database.keeping.erase(OTHER, at=LATER, salt="5a17")
    left = database.inbox.question(question.id)
    assert left.thread.replies == ()
    assert left.thread.opening.reactions == (Reaction("tada", 2, (ASKER,)),)
    assert left.words == question.words
    assert OTHER not in everything(database)
    assert "佐久" not in everything(database)
    assert database.keeping.erased().covers(OTHER, question.thread.ts)
    assert not database.keeping.erased().covers(ASKER, question.thread.ts)


@pytest.mark.usefixtures("question")
def test_an_erased_host_is_unnamed_in_what_was_done_in_the_studio_until_then(database):
    for at, person in ((NOON, OTHER), (NOON, "local"), (NOON, ASKER)):
        database.studio.note(Act(at, person, Text.of("studio.did_enter")))
    database.studio.begin(Session("k", OTHER, "佐久", Role.HOST, NOON, NOON))
    taps = [Tap("one", TapKind.SYNC, 1, 0)]
    database.taps.keep(EpisodeNumber(3), taps, person=OTHER, at=NOON)
    database.keeping.erase(OTHER, at=LATER, salt="塩")
    assert OTHER not in everything(database)
    assert [act.person for act in database.studio.acts(most=9)] == [ASKER, "local", ""]
    assert database.studio.session("k") is None
    assert [tap.id for tap in database.taps.taps(EpisodeNumber(3))] == ["one"]
    database.studio.note(Act(LATER + timedelta(days=1), OTHER, Text.of("studio.did_enter")))
    database.keeping.erase_again(database.keeping.erased())
    assert database.studio.acts(most=1)[0].person == OTHER, "who came back later takes part anew"


def test_forgetting_nothing_and_again_is_fine(database, question):
    database.keeping.forget([], at=NOON)
    database.keeping.forget([question.id], at=NOON)
    before = everything(database)
    database.keeping.forget([question.id], at=NOON)
    assert everything(database) == before
