"""Leafing through an inbox: its fingerprint changes with every change, and what stands is read alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import Member, Reaction, Ts

from builders import ASKER, NOON, a_consent, a_message, a_question, a_thread

QUESTION = a_question()


def with_opening(**changes):
    thread = a_thread()
    return replace(QUESTION, thread=replace(thread, opening=replace(thread.opening, **changes)))


@pytest.mark.parametrize(
    "changed",
    [
        replace(QUESTION, thread=a_thread(replies=(a_message("1763600500.000200"),))),
        with_opening(mrkdwn=Private("灯油代は月に\nいくら?")),
        with_opening(edited=Ts("1763600600.000000")),
        with_opening(deleted=True),
        with_opening(reactions=(Reaction("tada", 1),)),
        replace(QUESTION, thread=replace(a_thread(), permalink="https://saku.slack.com/archives/x")),
    ],
    ids=["reply", "words", "edit", "deletion", "reaction", "link"],
)
def test_every_change_to_a_thread_changes_the_fingerprint(database, changed):
    database.inbox.store([], [replace(QUESTION, thread=replace(a_thread(), permalink=None))])
    before = database.browsing.state().threads, database.studio.state()
    database.inbox.store([], [changed])
    assert database.browsing.state().threads != before[0]
    assert database.studio.state() != before[1]


def test_a_new_name_changes_it_and_a_move_does_not(database):
    database.inbox.store([], [QUESTION])
    first = database.browsing.state().threads
    database.inbox.remember_names([Member(ASKER, Private("髙橋😀"))])
    second = database.browsing.state().threads
    state = database.studio.state()
    database.inbox.set_status(QUESTION.id, Status.SHORTLISTED, at=NOON)
    assert first != second == database.browsing.state().threads
    assert database.studio.state() != state


def test_how_questions_stand_is_their_status_and_latest_consent(database):
    other = a_question("1763600500.000100", consent=None)
    database.inbox.store([], [QUESTION, other])
    database.inbox.set_status(QUESTION.id, Status.SHORTLISTED, at=NOON)
    latest = a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"))
    database.inbox.set_consent(QUESTION.id, latest)
    standings = database.browsing.standings()
    for question in database.inbox.questions():
        assert standings[question.id] == (question.kind, question.status, question.consent)
    assert standings[other.id].consent is None


def test_each_thread_has_a_fingerprint_of_its_own(database):
    other = a_question("1763600500.000100", thread=a_thread("1763600500.000100"))
    database.inbox.store([], [QUESTION, other])
    before = database.browsing.thread_states()
    database.inbox.store([], [with_opening(reactions=(Reaction("tada", 2),))])
    after = database.browsing.thread_states()
    assert before.keys() == {QUESTION.id, other.id}
    assert {id_ for id_ in after if after[id_] != before[id_]} == {QUESTION.id}
