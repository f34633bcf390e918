"""The line of events, alone: what fails in passing comes again, and nothing ends the hearing."""

from __future__ import annotations

import threading

import pytest

from cityhall_fm.show.errors import DatabaseError
from cityhall_fm.slack_app.hearing import Hearing

SAKU, TAKAHASHI = ("C1", "1.000001"), ("C2", "2.000002")


class Ears:
    """Looks at places, and fails where it was told to: one error a look."""

    def __init__(self, fails=()):
        self.fails = {place: list(errors) for place, errors in dict(fails).items()}
        self.looked, self.done, self.problems, self.given_up = [], set(), [], threading.Event()
        self.hearing = Hearing(
            self.look,
            self.done.add,
            self.problems.append,
            self.done.__contains__,
            self.given_up.set,
            pause_seconds=0.001,
        )

    def look(self, place):
        self.looked.append(place)
        if self.fails.get(place):
            raise self.fails[place].pop(0)


@pytest.fixture
def listen():
    hearing = []

    def start(fails=(), *, events=()):
        ears = Ears(fails)
        hearing.append(ears.hearing)
        for place, event in events:
            ears.hearing.hear(place, event)
        ears.hearing.start()
        return ears

    yield start
    for one in hearing:
        one.stop(1)


def away():
    return DatabaseError("database.unreachable", retryable=True, where="db", kind="")


def told(error):
    return error.text.name


def test_a_fault_of_our_own_is_told_without_a_word_of_anybody_and_the_next_event_is_heard(listen):
    ears = listen({TAKAHASHI: [KeyError("髙橋はなの言葉")]}, events=[(TAKAHASHI, "Ev1"), (SAKU, "Ev2")])
    assert ears.hearing.settle()
    assert ears.looked == [TAKAHASHI, SAKU]
    (problem,) = ears.problems
    assert told(problem) == "slack_app.unforeseen"
    assert problem.text.values["kind"] == "KeyError"
    assert "髙橋" not in repr(problem) + str(problem)


def test_what_fails_in_passing_waits_and_holds_up_no_other_thread(listen):
    ears = listen(
        {TAKAHASHI: [away(), away(), away()]}, events=[(TAKAHASHI, "Ev1"), (SAKU, "Ev2"), (TAKAHASHI, "Ev3")]
    )
    assert ears.hearing.settle()
    assert ears.looked[:2] == [TAKAHASHI, SAKU]
    assert ears.looked.count(TAKAHASHI) == 4
    assert ears.done == {"Ev1", "Ev2", "Ev3"}
    assert ears.problems == []


def test_what_fails_for_long_is_told_once_and_left_to_a_collection(listen):
    ears = listen({TAKAHASHI: [away() for _ in range(50)]})
    ears.hearing.hear(TAKAHASHI, "Ev1")
    assert ears.given_up.wait(10)
    assert ears.hearing.settle()
    assert list(map(told, ears.problems)) == ["database.unreachable"]
    assert ears.done == set()


def test_what_no_waiting_mends_is_told_at_once(listen):
    ears = listen({TAKAHASHI: [DatabaseError("database.read_only", where="db", kind="")]})
    ears.hearing.hear(TAKAHASHI, "Ev1")
    assert ears.hearing.settle()
    assert list(map(told, ears.problems)) == ["database.read_only"]
    assert ears.looked == [TAKAHASHI]


def test_a_newer_event_of_the_same_thread_is_not_kept_waiting(listen):
    ears = listen({TAKAHASHI: [away()]})
    ears.hearing.pause_seconds = 60.0
    ears.hearing.hear(TAKAHASHI, "Ev1")
    assert not ears.hearing.settle(0.1)
    ears.hearing.hear(TAKAHASHI, "Ev2")
    assert ears.hearing.settle()
    assert ears.done == {"Ev1", "Ev2"}


def test_it_ends_also_while_something_waits_to_come_again(listen):
    ears = listen({TAKAHASHI: [away()]})
    ears.hearing.pause_seconds = 60.0
    ears.hearing.hear(TAKAHASHI, "Ev1")
    assert not ears.hearing.settle(0.1)
    ears.hearing.stop(5)
    assert not ears.hearing._thread.is_alive()
