"""The fair shelf: who is easily overlooked, and nobody's score."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.asking import is_held_back
from cityhall_fm.show.consent import Private
from cityhall_fm.show.question import Status
from cityhall_fm.show.shelf import (
    LEAST,
    OPEN,
    Department,
    Shelf,
    Shelved,
    departments,
    interested,
    overdue,
    shelved,
)
from cityhall_fm.show.slack_thread import ChannelId, Reaction, UserId

from builders import ASKER, CHANNEL, NOON, a_message, a_question, a_thread, a_topic

SAKU, USUDA = ChannelId("C0SAKU"), ChannelId("C0USUDA")


def asked(day: int, asker: str, *, channel: ChannelId = CHANNEL, **changes):
    """Somebody asks so many days before noon."""
    at = NOON - timedelta(days=day)
    ts = f"{int(at.timestamp())}.000100"
    thread = replace(a_thread(ts), channel=channel, opening=a_message(ts, author=UserId(asker)))
    thread = replace(thread, **changes.pop("thread", {}))
    one = a_question(ts, **changes)
    return replace(one, id=f"q-{asker}{day}", thread=thread, asker=UserId(asker), received_at=at)


def names(shelf, questions, **options):
    found = shelved(shelf, questions, aired=options.get("aired", {}), now=NOON)
    return [one.question.id for one in found]


def test_a_first_question_is_the_first_that_is_known_of_its_asker():
    questions = [asked(9, "UA"), asked(2, "UA"), asked(5, "UB")]
    assert names(Shelf.FIRST_TIME, questions) == ["q-UA9", "q-UB5"]


def test_who_replied_in_a_thread_before_is_no_first_timer():
    earlier = a_message(f"{int((NOON - timedelta(days=7)).timestamp())}.000200", author=UserId("UB"))
    questions = [asked(9, "UA", thread={"replies": (earlier,)}), asked(5, "UB")]
    assert names(Shelf.FIRST_TIME, questions) == ["q-UA9"]


def test_a_closed_question_counts_as_an_earlier_one_but_stands_on_no_shelf():
    questions = [asked(9, "UA", status=Status.ANSWERED), asked(2, "UA")]
    assert names(Shelf.FIRST_TIME, questions) == []
    assert names(Shelf.WAITING, questions) == ["q-UA2"]


def test_the_longest_waiting_comes_first_with_its_days():
    found = shelved(Shelf.WAITING, [asked(2, "UA"), asked(40, "UB"), a_topic()], aired={}, now=NOON)
    assert [(one.question.id, one.waiting_days) for one in found] == [("q-UB40", 40), ("q-UA2", 2)]


def test_a_department_that_was_answered_least_comes_first():
    questions = [
        *(asked(day, f"U{day}", channel=SAKU) for day in (1, 2, 3)),
        *(asked(day, f"U{day}", channel=USUDA) for day in (4, 5, 6)),
        asked(60, "U60", channel=SAKU, status=Status.ANSWERED),
        asked(300, "U300", channel=USUDA, status=Status.ANSWERED),
    ]
    aired = {"q-U6060": NOON - timedelta(days=20), "q-U300300": NOON - timedelta(days=200)}
    assert names(Shelf.QUIET_DEPARTMENTS, questions, aired=aired)[0] == "q-U66"
    assert departments(questions, aired=aired, now=NOON) == (Department(USUDA, 3, 0), Department(SAKU, 3, 1))


def test_of_a_department_with_few_askers_no_number_is_told():
    questions = [asked(day, "UA", channel=SAKU) for day in range(1, 9)]
    assert departments(questions, aired={}, now=NOON) == (Department(SAKU, None, None),)


def test_the_department_that_an_asker_chose_counts_and_not_the_place_of_the_form():
    direct = ChannelId("D0ANYBODY")
    questions = [
        *(asked(day, f"U{day}", channel=direct) for day in (1, 2, 3, 4)),
        asked(60, "U60", channel=direct, status=Status.ANSWERED),
    ]
    chosen = {"q-U11": "子育て課", "q-U22": "子育て課", "q-U33": "子育て課", "q-U6060": "子育て課"}
    aired = {"q-U6060": NOON - timedelta(days=20)}
    found = shelved(Shelf.QUIET_DEPARTMENTS, questions, aired=aired, now=NOON, chosen=chosen)
    assert [one.question.id for one in found] == ["q-U44", "q-U33", "q-U22", "q-U11"]
    assert departments(questions, aired=aired, now=NOON, chosen=chosen) == (
        Department("in-private", None, None),  # one asker is too few to count
        Department("子育て課", 3, 1),
    )


def test_popular_is_how_many_took_part_each_once_and_not_the_asker():
    by = (UserId("UB"), UserId("UC"), ASKER)
    reactions = (Reaction("tada", 3, by), Reaction("snowman", 2, by[:2]))
    reply = a_message("1763600401.000100", author=UserId("UB"))
    opening = a_message(reactions=reactions)
    question = a_question(thread=a_thread(opening=opening, replies=(reply,)))
    assert interested(question) == 2
    assert names(Shelf.POPULAR, [question]) == []  # two people are too few to count


def test_of_a_reaction_that_slack_lists_in_part_the_rest_counts_too():
    opening = a_message(reactions=(Reaction("tada", 48, (UserId("UB"),)), Reaction("snowman", 5, ())))
    question = a_question(thread=a_thread(opening=opening))
    assert interested(question) == 48
    (one,) = shelved(Shelf.POPULAR, [question], aired={}, now=NOON)
    assert one.people == 48


def test_late_is_what_is_open_for_longer_than_promised():
    questions = [asked(31, "UA"), asked(30, "UB"), asked(99, "UC", status=Status.DECLINED), a_topic()]
    assert [one.id for one in overdue(questions, within=timedelta(days=30), now=NOON)] == ["q-UA31"]


@pytest.mark.parametrize("of", [Shelved, Department])
def test_no_value_of_a_shelf_is_about_a_person(of):
    assert not {"user", "asker", "name", "score", "total"} & {field.name for field in fields(of)}


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(["UA", "UB", "UC", "UD"]), st.sampled_from(Status)),
        unique_by=lambda one: (one[0], one[1]),
    ),
    st.sampled_from([*Shelf, None]),
)
def test_a_shelf_holds_open_questions_each_once_and_no_small_counts(lives, shelf):
    questions = [asked(day, asker, status=status) for day, asker, status in lives]
    found = shelved(shelf, questions, aired={}, now=NOON)
    ids = [one.question.id for one in found]
    assert len(set(ids)) == len(ids)
    assert {one.question.status for one in found} <= OPEN
    assert all(one.people is None or one.people >= LEAST for one in found)
    assert sum(one.first_time for one in found) <= len({asker for _, asker, _ in lives})


def test_nothing_but_links_stands_on_no_shelf_until_a_host_takes_it_up():
    links = [
        replace(asked(day, f"U{day}"), words=Private("https://example.jp/佐久 😀 http://a.example/"))
        for day in (9, 8)
    ]
    first = replace(links[0], thread=replace(links[0].thread, opening=liked(links[0])))
    for shelf in Shelf:
        assert names(shelf, [first, links[1]]) == []
    assert names(None, [first, links[1]]) == ["q-U99", "q-U88"]
    assert names(Shelf.WAITING, [replace(first, status=Status.SHORTLISTED)]) == ["q-U99"]


@pytest.mark.parametrize("words", ["🙏", "", "これは? https://example.jp/", "灯油"])
def test_what_says_something_or_links_nowhere_is_not_held_back(words):
    assert not is_held_back(replace(asked(1, "UA"), words=Private(words)))


def liked(question):
    people = tuple(UserId(f"U0FAN{number}") for number in range(LEAST))
    return replace(question.thread.opening, reactions=(Reaction("tada", LEAST, people),))
