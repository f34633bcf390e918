"""Delivering: in order, once, with patience, and found again after a lost answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.production.deliver import deliver
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.errors import ConflictError, SlackError, UnknownError
from cityhall_fm.show.outbox import Kind, announcing, correcting, due, hash_of_words, thanking
from cityhall_fm.show.question import QuestionId, Status
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


@pytest.mark.parametrize(
    "trouble",
    [
        SlackError("slack.rate_limited", method="chat.postMessage", retryable=True),
        SlackError("slack.unreachable", where="slack.com", retryable=True, unsent=True),
    ],
)
def test_a_private_receipt_that_slack_certainly_did_not_take_goes_out_later_and_once(scene, trouble):
    receipt = _in_private(scene)
    scene.workspace.refuses = trouble

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


OTHER = a_question(id=QuestionId("q-hoka"), thread=replace(QUESTION.thread, channel=ChannelId("C0KURASHI")))
ITS_RECEIPT, ITS_REACTION = thanking(EPISODE.guid, EPISODE.number, OTHER)


def _with_another_asker(scene):
    scene.inbox = FakeInbox([QUESTION, OTHER])
    scene.outbox.put([ITS_RECEIPT, ITS_REACTION], at=NOON)


def test_an_archived_channel_keeps_nobody_elses_receipt_waiting_and_its_own_is_not_lost(scene):
    _with_another_asker(scene)
    scene.workspace.archived.add(RECEIPT.channel)
    scene.outbox.done(ANNOUNCEMENT, said=None, at=NOON)

    said = scene.deliver(patient=True)

    assert scene.keys == [ITS_RECEIPT.key]
    assert said.refused == (RECEIPT, REACTION)
    assert [(one.name, one.values["what"], one.values["why"].name) for one in said.remarks] == [
        ("release.refused", QUESTION.id, "release.why_is_archived")
    ]
    assert scene.slept == []
    assert {scene.inbox.question(one.id).status for one in (QUESTION, OTHER)} == {Status.ANSWERED}
    assert [(each.refused, each.attempts) for each in scene.outbox.waiting()] == [("is_archived", 1)] * 2

    scene.workspace.archived.clear()
    assert scene.deliver(patient=True).remarks == ()
    assert scene.keys == [ITS_RECEIPT.key, RECEIPT.key]
    assert len(scene.workspace.reactions) == 2
    assert scene.outbox.waiting() == []


def test_where_the_announcement_is_refused_the_askers_hear_and_the_host_is_told(scene):
    _with_another_asker(scene)
    scene.workspace.archived.add(CHANNEL)

    with pytest.raises(SlackError) as caught:
        scene.deliver(patient=True)

    assert caught.value.text.name == "slack.archived"
    assert ITS_RECEIPT.key in scene.keys
    scene.workspace.archived.clear()
    scene.deliver(patient=True)
    assert sorted(scene.keys) == sorted([ANNOUNCEMENT.key, RECEIPT.key, ITS_RECEIPT.key])


@pytest.mark.parametrize(
    "refusal",
    [
        UnknownError("slack.unknown_channel", channel="C0KURASHI", known="-"),
        UnknownError("slack.no_channel", channel="C0KURASHI"),
        SlackError("slack.not_in_channel", method="chat.postMessage", error="not_in_channel", channel="佐久"),
        SlackError("slack.refused", method="chat.postMessage", error="restricted_action_thread_locked"),
    ],
)
def test_what_slack_refuses_for_one_message_is_tried_once_in_a_run(scene, refusal):
    scene.workspace.refuses = refusal
    scene.outbox.done(ANNOUNCEMENT, said=None, at=NOON)

    said = scene.deliver(patient=True)

    assert (said.refused, said.sent) == ((RECEIPT,), (REACTION,))
    assert scene.slept == []


@pytest.mark.parametrize(
    "refusal",
    [
        SlackError("slack.bad_token", error="token_revoked"),
        SlackError("slack.missing_scope", scope="chat:write", method="chat.postMessage"),
        SlackError("slack.refused", method="chat.postMessage", error="ekm_access_denied"),
    ],
)
def test_what_slack_refuses_to_the_whole_app_leaves_everything_waiting(scene, refusal):
    scene.outbox.done(ANNOUNCEMENT, said=None, at=NOON)
    scene.workspace.refuses = refusal

    with pytest.raises(SlackError):
        scene.deliver(patient=True)
    assert [each.delivery for each in scene.outbox.waiting()] == [RECEIPT, REACTION]
    assert scene.workspace.reactions == set()


def test_a_private_receipt_that_is_refused_goes_out_later_and_once(scene):
    receipt = _in_private(scene)
    scene.workspace.refuses = SlackError("slack.refused", method="chat.postMessage", error="user_disabled")

    said = scene.deliver(patient=True)
    assert (said.refused, said.in_doubt) == ((receipt,), ())
    assert scene.deliver(patient=True).sent == (receipt,)
    assert scene.keys == [receipt.key]


def test_a_correction_that_comes_too_late_for_slack_is_told_and_the_others_go_out(scene):
    scene.deliver()
    new = Words("訂正しました", SAID.blocks)
    words = hash_of_words(new.text, new.blocks)
    late, in_time = correcting(ANNOUNCEMENT, words, 1), correcting(RECEIPT, words, 1)
    scene.outbox.put([late, in_time], at=NOON)
    scene.workspace.not_edited.add(scene.workspace.posts[0][1].ts)

    said = scene.deliver(lambda _: new, patient=True)

    assert (said.sent, said.given_up) == ((in_time,), (late,))
    assert [one.name for one in said.remarks] == ["release.not_edited"]
    assert scene.outbox.waiting() == []
    assert scene.outbox.said_before(ANNOUNCEMENT.key).said != words  # the next correction tries again


def test_what_is_due_keeps_its_place_except_behind_what_was_refused(scene):
    _with_another_asker(scene)
    late = NOON + timedelta(minutes=5)
    scene.outbox.put_off(ANNOUNCEMENT, attempts=1, not_before=late, refused="is_archived")
    rest = [RECEIPT, REACTION, ITS_RECEIPT, ITS_REACTION]

    def names(now):
        return [each.delivery for each in due(scene.outbox.waiting(), now)]

    assert names(NOON) == rest
    scene.outbox.put_off(RECEIPT, attempts=1, not_before=NOON + timedelta(minutes=6))
    assert names(NOON) == []
    assert names(late) == [ANNOUNCEMENT]
    assert names(NOON + timedelta(minutes=6)) == [ANNOUNCEMENT, *rest]


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
