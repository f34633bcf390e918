"""Telling an asker in private that their question is not in the show this time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.tell_asker import Reason, meant_by, tell_asker, tell_waiting, words_for
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.outbox import telling
from cityhall_fm.show.question import Status

from builders import ASKER, NOON, a_message, a_question, a_show, a_thread, a_topic
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.outbox import FakeOutbox
from fakes.renderer import FakeRenderer
from fakes.workspace import FakeWorkspace

WORDS = Words("またのおたよりをお待ちしています。", ())


def words(question, to=Status.DECLINED, *, everything=None):
    return words_for(
        question,
        to,
        reason=Reason.TIME,
        everything=everything or [question],
        show=a_show(),
        renderer=FakeRenderer(),
    ).text


class Desk:
    """A workspace, an outbox and a ledger, and one question that is told about."""

    def __init__(self):
        self.workspace, self.ledger, self.outbox = FakeWorkspace([]), FakeLedger(), FakeOutbox()
        self.question, self.inbox = a_question(), FakeInbox()
        self.inbox.store([], [self.question])

    def tell(self, minutes=0):
        return tell_asker(
            self.question,
            WORDS,
            about="declined/time",
            workspace=self.workspace,
            ledger=self.ledger,
            outbox=self.outbox,
            now=NOON + timedelta(minutes=minutes),
        )

    def again(self, minutes, word=lambda *_: WORDS):
        return tell_waiting(
            word,
            inbox=self.inbox,
            workspace=self.workspace,
            ledger=self.ledger,
            outbox=self.outbox,
            now=NOON + timedelta(minutes=minutes),
        )


def test_an_asker_hears_it_once_in_a_direct_message():
    desk = Desk()
    assert desk.tell()
    assert not desk.tell(1440)
    assert desk.again(1441) == 0
    assert [(post.channel, post.thread_ts) for post, _ in desk.workspace.posts] == [(f"D{ASKER}", None)]
    assert desk.ledger.posted(told_key(desk.question.id))


def test_where_slacks_answer_was_lost_it_is_not_sent_again():
    desk = Desk()
    desk.workspace.fails_after_storing = True
    with pytest.raises(SlackError):
        desk.tell()
    with pytest.raises(NotReadyError) as refused:
        desk.tell(1)
    assert refused.value.text.name == "kind.perhaps_told"
    assert desk.again(60) == 0
    assert len(desk.workspace.posts) == 1


def test_what_slack_certainly_did_not_take_waits_and_goes_out_later_as_it_is_then():
    desk, asked = Desk(), []
    desk.workspace.down = True
    for minutes in (0, 1):
        with pytest.raises(SlackError):
            desk.tell(minutes)
    desk.workspace.down = False

    def word(question, about):
        asked.append((question.id, meant_by(about)))
        return WORDS

    assert desk.again(1, word) == 0  # its pause is not over
    assert desk.again(2, word) == 1
    assert desk.again(3, word) == 0
    assert asked == [(desk.question.id, (Status.DECLINED, Reason.TIME))]
    assert len(desk.workspace.posts) == 1


def test_a_process_that_died_while_it_sent_leaves_it_in_doubt_and_unsent():
    desk = Desk()
    desk.outbox.put([telling(desk.question.id, "declined/")], at=NOON)
    desk.ledger.intend(told_key(desk.question.id), at=NOON)
    assert desk.again(60) == 0
    assert desk.workspace.posts == []
    assert desk.outbox.said_before(told_key(desk.question.id)).given_up == "perhaps"


def test_who_withdrew_meanwhile_hears_nothing():
    desk = Desk()
    desk.outbox.put([telling(desk.question.id, "declined/")], at=NOON)
    assert desk.again(60, lambda *_: None) == 0
    assert desk.outbox.waiting() == []


@pytest.mark.parametrize("question", [a_topic(), a_question(status=Status.WITHDRAWN), a_question(asker=None)])
def test_who_did_not_ask_is_not_written_to(question):
    with pytest.raises(NotReadyError):
        words(question)


def test_a_first_question_is_greeted_as_such():
    question = a_question("1763600400.000100")
    earlier = a_question(
        "1763500400.000100", thread=a_thread("1763500400.000100", opening=a_message("1763500400.000100"))
    )
    assert "first=True" in words(question)
    assert "first=False" in words(question, everything=[question, earlier])


def test_kept_for_next_time_reads_otherwise_than_declined():
    assert "later=True" in words(a_question(), Status.NEXT_TIME)
    assert "later=False" in words(a_question())
