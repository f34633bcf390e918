"""A change to the rundown takes its questions along: in, they are slotted; out, they are on the shortlist."""

from __future__ import annotations

import pytest

from cityhall_fm.production.arrange import arrange, close_last
from cityhall_fm.show.airtime import Airtime
from cityhall_fm.show.arranging import Add, Clash, Remove, Rewrite, Seen, seen
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Rundown, Segment

from builders import NOON, a_question, an_episode
from fakes.inbox import FakeInbox
from fakes.shelf import FakeShelf


def a_show_with(question, *episodes):
    inbox = FakeInbox()
    inbox.store([question.thread], [question])
    return {"shelf": FakeShelf(*episodes), "inbox": inbox, "now": NOON}


def status(outside, question):
    return outside["inbox"].question(question.id).status


def test_a_question_comes_and_goes_with_its_segment():
    question = a_question()
    outside = a_show_with(question, an_episode())
    made = arrange(7, Add(Segment("題", question=question.id)), **outside)
    assert status(outside, question) is Status.SLOTTED
    arrange(7, made.undo, **outside)
    assert status(outside, question) is Status.SHORTLISTED


def test_a_question_that_another_episode_holds_stays_slotted():
    question = a_question()
    rundown = Rundown((Segment("題", question=question.id),))
    outside = a_show_with(question, an_episode(7, rundown=rundown), an_episode(8, rundown=rundown))
    outside["inbox"].set_status(question.id, Status.SLOTTED, at=NOON)
    arrange(7, Remove(seen(rundown)[0]), **outside)
    assert status(outside, question) is Status.SLOTTED


def test_a_withdrawn_question_never_comes_in():
    question = a_question(status=Status.WITHDRAWN)
    outside = a_show_with(question, an_episode())
    with pytest.raises(NotReadyError):
        arrange(7, Add(Segment("題", question=question.id)), **outside)
    assert outside["shelf"].episode(7).rundown == an_episode().rundown


def test_a_question_that_nobody_knows_never_comes_in():
    outside = a_show_with(a_question(), an_episode())
    with pytest.raises(UnknownError):
        arrange(7, Add(Segment("題", question=QuestionId("q-00000000"))), **outside)


def test_what_is_put_at_the_end_comes_before_the_corner_that_closes_every_show():
    corners = (Segment("オープニング"), Segment("エンディング"))
    ended = Rundown((*corners, Segment("佐久の冬😀")))
    outside = a_show_with(a_question(), an_episode(rundown=ended))
    close_last(7, Airtime(corners=corners), **outside)
    close_last(7, Airtime(corners=corners), **outside)
    order = [one.title for one in outside["shelf"].episode(7).rundown.segments]
    assert order == ["オープニング", "佐久の冬😀", "エンディング"]


def test_without_a_closing_corner_the_order_stays():
    loose = Rundown((Segment("オープニング"), Segment("佐久の冬😀")))
    outside = a_show_with(a_question(), an_episode(rundown=loose))
    close_last(7, Airtime(corners=(Segment("オープニング"),)), **outside)
    assert outside["shelf"].episode(7).rundown == loose


def test_a_clash_changes_nothing():
    outside = a_show_with(a_question(), an_episode())
    clash = arrange(7, Rewrite(Seen.of(Segment("別の"), 1), Segment("新しい")), **outside)
    assert isinstance(clash, Clash)
    assert outside["shelf"].episode(7) == an_episode()
