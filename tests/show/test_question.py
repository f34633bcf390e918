from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Status, may_become, question_id
from cityhall_fm.show.slack_thread import ts_order

from builders import NOON, a_consent, a_question, a_topic


def test_an_id_is_the_same_on_every_machine_and_differs_by_thread():
    assert question_id("C1", "1.000100") == question_id("C1", "1.000100")
    assert (
        len({question_id("C1", "1.000100"), question_id("C2", "1.000100"), question_id("C1", "1.000200")})
        == 3
    )


@given(st.text(), st.text())
def test_an_id_is_ascii_whatever_slack_calls_things(channel, ts):
    id_ = question_id(channel, ts)
    assert id_.isascii()
    assert len(id_) == 10


@pytest.mark.parametrize("status", list(Status))
def test_withdrawing_is_always_allowed_and_final(status):
    assert may_become(status, Status.WITHDRAWN)
    assert may_become(Status.WITHDRAWN, status) == (status is Status.WITHDRAWN)


def test_what_was_answered_is_not_shortlisted_again():
    assert not may_become(Status.ANSWERED, Status.SHORTLISTED)


def test_a_question_is_usable_while_its_consent_stands():
    assert a_question().usable
    assert a_topic().usable
    assert not a_question(consent=a_consent(Naming.DO_NOT_USE)).usable
    assert not a_question(consent=a_consent(withdrawn_at=NOON)).usable
    assert not a_question(status=Status.WITHDRAWN).usable


def test_messages_are_ordered_by_their_ts_to_the_last_digit():
    late, early = "1763600400.000200", "1763600400.000199"
    assert sorted([late, early], key=ts_order) == [early, late]
