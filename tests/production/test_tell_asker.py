"""Telling an asker in private that their question is not in the show this time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.tell_asker import Reason, tell_asker, words_for
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.question import Status

from builders import ASKER, NOON, a_message, a_question, a_show, a_thread, a_topic
from fakes.ledger import FakeLedger
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


def test_an_asker_hears_it_once_in_a_direct_message():
    workspace, ledger, question = FakeWorkspace([]), FakeLedger(), a_question()
    assert tell_asker(question, WORDS, workspace=workspace, ledger=ledger, now=NOON)
    assert not tell_asker(question, WORDS, workspace=workspace, ledger=ledger, now=NOON + timedelta(days=1))
    assert [(post.channel, post.thread_ts) for post, _ in workspace.posts] == [(f"D{ASKER}", None)]
    assert ledger.posted(told_key(question.id))


def test_where_slacks_answer_was_lost_it_is_not_sent_again():
    workspace, ledger, question = FakeWorkspace([]), FakeLedger(), a_question()
    workspace.fails_after_storing = True
    with pytest.raises(SlackError):
        tell_asker(question, WORDS, workspace=workspace, ledger=ledger, now=NOON)
    with pytest.raises(NotReadyError) as refused:
        tell_asker(question, WORDS, workspace=workspace, ledger=ledger, now=NOON + timedelta(minutes=1))
    assert refused.value.text.name == "kind.perhaps_told"
    assert len(workspace.posts) == 1


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
