"""Delivering: in order, once, with patience, and found again after a lost answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.production.deliver import deliver
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.errors import ConflictError, SlackError
from cityhall_fm.show.outbox import Kind, announcing, correcting, hash_of_words, thanking
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import Channel, ChannelId

from builders import CHANNEL, NOON, a_question, an_episode
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.outbox import FakeOutbox
from fakes.workspace import FakeWorkspace

EPISODE = an_episode()
QUESTION = a_question()
ANNOUNCEMENT = announcing(EPISODE.guid, EPISODE.number, CHANNEL)
RECEIPT, REACTION = thanking(EPISODE.guid, EPISODE.number, QUESTION)
SAID = Words("出ました 🎙", ({"type": "divider"},))


class Scene:
    """A workspace, and an outbox with everything to say about an episode."""

    def __init__(self):
        self.workspace = FakeWorkspace([Channel(CHANNEL, "fmリモート市役所")])
        self.outbox, self.ledger, self.inbox = FakeOutbox(), FakeLedger(), FakeInbox([QUESTION])
        self.slept = []
        self.outbox.put([ANNOUNCEMENT, RECEIPT, REACTION], at=NOON)

    def deliver(self, word=lambda _: SAID, *, patient=False, still_alone=lambda: None):
        return deliver(
            waiting=self.outbox.waiting(),
            word=word,
            since=NOON,
            outbox=self.outbox,
            ledger=self.ledger,
            workspace=self.workspace,
            inbox=self.inbox,
            now=NOON,
            pause=self.slept.append if patient else None,
            still_alone=still_alone,
        )

    @property
    def keys(self):
        return [post.key for post, _ in self.workspace.posts]


@pytest.fixture
def scene():
    return Scene()


def test_everything_is_said_in_order_and_once(scene):
    said = scene.deliver()
    again = scene.deliver()

    assert [each.kind for each in said.sent] == [Kind.ANNOUNCEMENT, Kind.RECEIPT, Kind.REACTION]
    assert again.sent == ()
    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]
    assert len(scene.workspace.reactions) == 1
    assert scene.inbox.question(QUESTION.id).status is Status.ANSWERED


def test_trouble_is_waited_for_and_what_was_stored_is_found(scene):
    scene.workspace.fails_after_storing = True

    scene.deliver(patient=True)

    assert scene.slept == [2.0]
    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]


def _in_private(scene):
    """Have the question been asked by the form: its thread is in the asker's direct messages."""
    private = replace(QUESTION, thread=replace(QUESTION.thread, channel=ChannelId("DTAKAHASHI")))
    scene.outbox = FakeOutbox()
    receipt, reaction = thanking(EPISODE.guid, EPISODE.number, private)
    scene.outbox.put([receipt, reaction], at=NOON)
    return receipt


def test_a_private_receipt_whose_answer_was_lost_is_not_sent_again_and_the_host_is_told(scene):
    receipt = _in_private(scene)
    scene.workspace.fails_after_storing = True

    said = scene.deliver(patient=True)

    assert scene.keys == [receipt.key]
    assert said.in_doubt == (receipt,)
    assert [(one.name, one.values["question"]) for one in said.remarks] == [
        ("kind.perhaps_thanked", QUESTION.id)
    ]
    assert scene.inbox.question(QUESTION.id).status is Status.ANSWERED
    assert scene.outbox.waiting() == []
    assert scene.deliver().remarks == ()
    assert scene.keys == [receipt.key]


def test_a_process_that_was_killed_while_it_sent_a_private_receipt_leaves_it_in_doubt(scene):
    receipt = _in_private(scene)
    scene.ledger.claim(receipt.key, at=NOON)  # at this very second, as a release at its date is run again

    assert scene.deliver().in_doubt == (receipt,)
    assert scene.keys == []


def test_a_private_receipt_that_slack_certainly_did_not_take_goes_out_later_and_once(scene):
    receipt = _in_private(scene)
    scene.workspace.refuses = SlackError("slack.rate_limited", method="chat.postMessage", retryable=True)

    assert scene.deliver(patient=True).in_doubt == ()
    scene.deliver()
    assert scene.keys == [receipt.key]


def test_a_private_receipt_that_slack_asked_to_wait_with_is_not_in_doubt_after_a_kill(scene):
    receipt = _in_private(scene)

    def kill():
        raise KeyboardInterrupt

    scene.workspace.meanwhile = kill
    with pytest.raises(KeyboardInterrupt):
        scene.deliver()

    assert scene.deliver().in_doubt == ()
    assert scene.keys == [receipt.key]


class Turn:
    """A turn that can get lost."""

    lost = False

    def lose(self):
        self.lost = True

    def still_alone(self):
        if self.lost:
            raise ConflictError("release.turn_lost", where="db")


@pytest.mark.parametrize("in_private", [False, True])
def test_whoever_lost_their_turn_in_a_pause_leaves_the_message_to_whoever_has_it(scene, in_private):
    key = (_in_private(scene) if in_private else ANNOUNCEMENT).key
    turn = Turn()

    def another_machine():
        turn.lose()
        assert scene.deliver().in_doubt == ()

    scene.workspace.meanwhile = another_machine
    with pytest.raises(ConflictError):
        scene.deliver(still_alone=turn.still_alone)

    assert scene.keys.count(key) == 1
    assert len(scene.keys) == len(set(scene.keys))


def test_whoever_lost_their_turn_while_they_looked_for_their_post_does_not_post(scene):
    turn = Turn()
    look = scene.workspace.find_post

    def slowly(post, **given):
        turn.lose()
        return look(post, **given)

    scene.workspace.find_post = slowly
    with pytest.raises(ConflictError):
        scene.deliver(still_alone=turn.still_alone)
    assert scene.keys == []


def test_trouble_without_end_leaves_everything_waiting_and_is_told(scene):
    scene.workspace.down = True

    with pytest.raises(SlackError):
        scene.deliver(patient=True)

    assert scene.slept == [2.0, 4.0, 8.0, 16.0]
    assert [each.attempts for each in scene.outbox.waiting()] == [5, 0, 0]
    scene.workspace.down = False
    scene.deliver()
    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]


def test_a_pause_that_an_earlier_run_noted_is_kept_by_the_next_one(scene):
    scene.workspace.down = True
    with pytest.raises(SlackError):
        scene.deliver(patient=True)
    scene.workspace.down = False
    scene.slept.clear()

    scene.deliver(patient=True)

    assert scene.slept == [30.0]  # 32 seconds after the fifth attempt, and no command is kept for longer
    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]


def test_a_thread_that_is_gone_is_given_up_and_the_rest_is_said(scene):
    scene.workspace.gone.add(RECEIPT.thread_ts)

    said = scene.deliver()

    assert scene.keys == [ANNOUNCEMENT.key]
    assert RECEIPT in said.given_up
    assert scene.outbox.waiting() == []


def test_a_question_that_was_withdrawn_in_the_meantime_is_not_spoken_of(scene):
    scene.inbox.set_status(QUESTION.id, Status.WITHDRAWN, at=NOON)

    said = scene.deliver(lambda delivery: None if delivery.question else SAID)

    assert scene.keys == [ANNOUNCEMENT.key]
    assert said.given_up == (RECEIPT, REACTION)
    assert scene.inbox.question(QUESTION.id).status is Status.WITHDRAWN
    assert scene.workspace.reactions == set()
    assert scene.outbox.waiting() == []


def test_a_correction_edits_the_message_and_posts_none(scene):
    scene.deliver()
    new = Words("訂正しました", SAID.blocks)
    scene.outbox.put([correcting(ANNOUNCEMENT, hash_of_words(new.text, new.blocks), 1)], at=NOON)

    said = scene.deliver(lambda _: new)

    assert said.count(Kind.CORRECTION) == 1
    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]
    assert [(posted.key, post.text) for posted, post in scene.workspace.edits] == [
        (ANNOUNCEMENT.key, "訂正しました")
    ]
    assert scene.outbox.said_before(ANNOUNCEMENT.key).said == hash_of_words(new.text, new.blocks)


def test_what_the_ledger_knows_is_not_said_again_though_the_outbox_is_new(scene):
    scene.deliver()
    scene.outbox = FakeOutbox()
    scene.outbox.put([ANNOUNCEMENT, RECEIPT], at=NOON)

    scene.deliver()

    assert scene.keys == [ANNOUNCEMENT.key, RECEIPT.key]
