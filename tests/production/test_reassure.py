"""Nobody waits for longer than was promised without a word, whatever became of their question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.reassure import AT_ONCE, reassure
from cityhall_fm.production.tell_asker import tell_asker, tell_later
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import UserId

from builders import NOON, a_question, a_show
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.outbox import FakeOutbox
from fakes.renderer import FakeRenderer
from fakes.workspace import FakeWorkspace

WITHIN = timedelta(days=30)


class Keeping:
    def since(self, ids, *, now):  # noqa: ARG002
        return dict.fromkeys(ids, NOON)


class Scene:
    """One question that came in at NOON, and how its asker hears of it."""

    def __init__(self, status: Status = Status.RECEIVED) -> None:
        self.question = a_question(status=status, received_at=NOON)
        self.inbox, self.ledger, self.outbox = FakeInbox([self.question]), FakeLedger(), FakeOutbox()
        self.workspace = FakeWorkspace([])

    def move(self, status: Status) -> None:
        self.inbox.set_status(self.question.id, status, at=NOON)

    def told(self, days: float) -> list[str]:
        """What the asker reads so many days after they asked, that they did not read before."""
        before = len(self.workspace.posts)
        reassure(
            inbox=self.inbox,
            keeping=Keeping(),
            ledger=self.ledger,
            outbox=self.outbox,
            workspace=self.workspace,
            renderer=FakeRenderer(),
            show_for=lambda _: a_show(),
            within=WITHIN,
            now=NOON + timedelta(days=days),
        )
        return [post.text for post, _ in self.workspace.posts[before:]]

    def tell(self, status: Status) -> None:
        self.move(status)
        tell_asker(
            self.inbox.question(self.question.id),
            Words("また今度" if status is Status.NEXT_TIME else "ごめんなさい", ()),
            about=f"{status}/",
            workspace=self.workspace,
            ledger=self.ledger,
            outbox=self.outbox,
            now=NOON,
        )


@pytest.mark.parametrize(
    "status", [Status.RECEIVED, Status.SHORTLISTED, Status.SLOTTED, Status.RECORDED, Status.NEXT_TIME]
)
def test_whoever_waits_hears_once_that_we_have_it_however_their_question_stands(status):
    scene = Scene(status)
    assert scene.told(29) == []
    (told,) = scene.told(31)
    assert "waiting" in told
    assert scene.told(90) == []


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.WITHDRAWN])
def test_whoever_has_an_answer_or_took_it_back_hears_no_more(status):
    assert Scene(status).told(90) == []


def test_a_no_is_told_also_to_somebody_who_was_told_to_wait():
    scene = Scene()
    assert "waiting" in scene.told(31)[0]
    scene.move(Status.DECLINED)
    (told,) = scene.told(32)
    assert "later=False" in told
    assert scene.told(90) == []


def test_a_no_is_told_also_to_somebody_who_was_told_of_another_time():
    scene = Scene()
    scene.tell(Status.NEXT_TIME)
    assert scene.told(60) == []
    scene.move(Status.DECLINED)
    assert scene.told(29) == []
    (told,) = scene.told(61)
    assert "later=False" in told
    assert scene.told(90) == []


def test_a_no_that_was_told_is_not_told_again():
    scene = Scene()
    scene.tell(Status.DECLINED)
    assert scene.told(61) == []


def test_what_is_about_to_be_told_is_not_told_beside_it():
    scene = Scene()
    scene.move(Status.DECLINED)
    question = scene.inbox.question(scene.question.id)
    tell_later(question, "declined/", ledger=scene.ledger, outbox=scene.outbox, at=NOON, now=NOON)
    assert scene.told(61) == []


def test_after_a_lost_answer_nobody_is_written_to_twice():
    scene = Scene()
    scene.workspace.fails_after_storing = True
    assert len(scene.told(31)) == 1
    assert scene.told(32) == []


@pytest.mark.parametrize(
    "refusal",
    [
        SlackError("slack.rate_limited", method="chat.postMessage", retryable=True),
        SlackError("slack.refused", method="chat.postMessage", error="fatal"),
        UnknownError("slack.no_channel", channel=""),
    ],
)
def test_a_message_that_slack_certainly_refused_is_sent_the_next_day(refusal):
    scene = Scene()
    scene.workspace.refuses = refusal
    assert scene.told(31) == []
    assert len(scene.told(32)) == 1
    assert scene.told(33) == []


def test_those_who_have_left_keep_nobody_elses_place():
    scene = Scene()
    gone = [
        a_question(f"17636{number:05}.000100", asker=UserId(f"U{number}"), received_at=NOON)
        for number in range(AT_ONCE + 1)
    ]
    scene.inbox = FakeInbox([*gone, replace(scene.question, received_at=NOON + timedelta(hours=1))])
    scene.workspace.left = {one.asker for one in gone}
    assert len(scene.told(31)) == 1


def test_whoever_could_not_be_reached_is_written_to_the_next_day():
    scene = Scene()
    scene.workspace.down = True
    assert scene.told(31) == []
    scene.workspace.down = False
    assert len(scene.told(32)) == 1
