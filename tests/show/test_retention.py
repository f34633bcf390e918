"""On which day words and names go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Status
from cityhall_fm.show.retention import Retention, Why, due, next_day

from builders import NOON, a_consent, a_question, a_topic

RETENTION = Retention()


def on_day(question, days, *, aired=None, in_preparation=False):
    return due(
        question,
        aired=aired,
        in_preparation=in_preparation,
        kept_since=NOON,
        retention=RETENTION,
        now=NOON + timedelta(days=days),
    )


@pytest.mark.parametrize(("days", "why"), [(91, None), (92, Why.USED)])
def test_used_words_go_three_months_after_the_broadcast(days, why):
    assert on_day(a_question(status=Status.ANSWERED), days, aired=NOON) is why


@pytest.mark.parametrize("question", [a_question(), a_topic(), a_question(status=Status.DECLINED)])
@pytest.mark.parametrize(("days", "why"), [(182, None), (183, Why.UNUSED)])
def test_unused_words_go_half_a_year_after_we_received_them(question, days, why):
    assert on_day(question, days) is why


def test_what_waits_for_its_broadcast_stays():
    assert on_day(a_question(status=Status.SLOTTED), 2000, in_preparation=True) is None


@pytest.mark.parametrize(
    "question",
    [a_question(status=Status.WITHDRAWN), a_question(consent=a_consent(withdrawn_at=NOON))],
)
def test_what_was_taken_back_goes_at_once_wherever_it_is(question):
    assert on_day(question, 0) is Why.WITHDRAWN
    assert on_day(question, 0, in_preparation=True, aired=NOON) is Why.WITHDRAWN


def test_a_no_may_still_become_a_yes_until_its_day():
    assert on_day(a_question(consent=a_consent(Naming.DO_NOT_USE)), 182) is None


@given(st.sampled_from(Status), st.booleans(), st.booleans(), st.integers(0, 4000))
def test_the_day_that_is_told_is_the_day_that_it_goes(status, was_aired, in_preparation, days):
    question = a_question(status=status)
    aired = NOON + timedelta(days=7) if was_aired else None
    day = next_day(question, aired=aired, in_preparation=in_preparation, kept_since=NOON, retention=RETENTION)
    gone = on_day(question, days, aired=aired, in_preparation=in_preparation) is not None
    assert gone == (day is not None and day <= NOON + timedelta(days=days))
