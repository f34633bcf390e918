"""Of a withdrawn question, and of one past its day, no words stay in what the app posted for its asker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.ask import Wording, ask
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.take_back import posts_about, queue_taking_back, take_back_waiting
from cityhall_fm.production.tell_asker import tell_waiting
from cityhall_fm.show.announcement import Posted, receipt_key
from cityhall_fm.show.asking import AskingRules, Submission
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Private
from cityhall_fm.show.episode import Guid
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.outbox import NO_EPISODE
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import Channel, Member, Ts

from builders import ASKER, CHANNEL, NOON, a_show
from fakes.desk import FakeAppMemory, FakeDesk
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.outbox import FakeOutbox

LATER = NOON + timedelta(minutes=5)
WORDS = "佐久の灯油は月にいくら 😀"


class Forgetting:
    """Keeping, as far as the job asks for it."""

    def __init__(self):
        self.gone = {}

    def forgotten(self):
        return self.gone


class Around:
    """A question that somebody sent by the form."""

    def __init__(self, *, publicly=True):
        self.desk = FakeDesk([Channel(CHANNEL, "質問")], members=[Member(ASKER, Private("髙橋はな"))])
        self.inbox, self.ledger, self.outbox = FakeInbox(), FakeLedger(), FakeOutbox()
        self.keeping = Forgetting()
        said = Words(WORDS, ())
        self.question = ask(
            Submission(Private(WORDS), publicly=publicly),
            ASKER,
            form="V1",
            wording=Wording(
                receipt=lambda _, __: said, public=lambda: said, failed=lambda: said, consent="読まれます"
            ),
            desk=self.desk,
            inbox=self.inbox,
            ledger=self.ledger,
            memory=FakeAppMemory(),
            rules=CollectingRules(("質問",), ("質問",)),
            asking=AskingRules(),
            now=NOON,
        ).question

    def withdraw(self):
        self.inbox.set_status(self.question.id, Status.WITHDRAWN, at=NOON)

    def queue(self, now=NOON, **more):
        return queue_taking_back(
            inbox=self.inbox, keeping=self.keeping, ledger=self.ledger, outbox=self.outbox, now=now, **more
        )

    def deliver(self, now=LATER, language="ja"):
        return take_back_waiting(
            inbox=self.inbox,
            workspace=self.desk,
            outbox=self.outbox,
            show_for=lambda user: replace(a_show(), language=language if user else "ja"),
            now=now,
        )

    def texts(self):
        """What each message says now."""
        now = {posted.ts: (post.channel, post.text) for post, posted in self.desk.posts}
        now |= {posted.ts: (post.channel, post.text) for posted, post in self.desk.edits}
        return dict(now.values())

    def answered(self):
        posted = Posted(receipt_key(Guid("佐久-7"), self.question.id), CHANNEL, Ts("1800000500.000100"))
        self.ledger.remember(posted, at=NOON)


def test_nothing_is_taken_back_of_what_stands():
    around = Around()
    assert (around.queue(), around.deliver()) == (0, 0)


def test_post_copy_and_receipt_of_a_withdrawn_question_lose_their_words_once():
    around = Around()
    around.answered()
    around.withdraw()
    assert (around.queue(), around.queue()) == (3, 0)
    assert (around.deliver(language="fr"), around.deliver()) == (3, 0)
    assert around.texts() == {
        CHANNEL: "このおたよりは取り下げられました。",
        f"D{ASKER}": "Ce message est retiré. Rien de ce qui sera fait ne le contiendra.",
    }
    assert "actions" not in str([post.blocks for _, post in around.desk.edits[-3:]])


def test_a_question_that_was_sent_in_private_has_its_copy_only():
    around = Around(publicly=False)
    around.withdraw()
    assert len(posts_about(around.question.id, ledger=around.ledger)) == 1
    assert (around.queue(), around.deliver()) == (1, 1)
    assert WORDS not in str(around.texts())


def test_past_its_day_a_question_leaves_no_words_and_is_not_called_withdrawn():
    around = Around()
    around.answered()
    around.keeping.gone = {around.question.id: NOON}
    around.inbox.store([], [replace(around.question, asker=None, words=Private(""))])
    assert (around.queue(), around.deliver()) == (2, 2)
    assert WORDS not in str(around.texts())
    assert "取り下げ" not in str(around.texts())


def test_only_one_question_is_looked_at_where_only_one_was_withdrawn():
    around = Around()
    around.withdraw()
    assert around.queue(only="q-other") == 0
    assert around.queue(only=around.question.id) == 2


def test_the_queue_holds_no_words_and_nobody():
    around = Around()
    around.withdraw()
    around.queue()
    kept = repr(around.outbox.waiting(NO_EPISODE))
    assert WORDS not in kept
    assert around.question.words.for_host() not in kept
    assert "髙橋" not in kept


def test_while_slack_is_down_it_waits_and_the_others_have_their_turn():
    around = Around()
    around.withdraw()
    around.queue()
    edit, refused = around.desk.edit, []

    def unwell(posted, post):
        if not refused:
            refused.append(posted)
            raise SlackError("slack.trouble", method="chat.update", error=503, retryable=True)
        edit(posted, post)

    around.desk.edit = unwell
    with pytest.raises(SlackError):
        around.deliver()
    assert around.deliver() == 0  # not at once
    assert around.deliver(LATER + timedelta(minutes=1)) == 1
    assert WORDS not in str(around.texts())


def test_what_somebody_deleted_in_slack_is_let_be():
    around = Around()
    around.withdraw()
    around.queue()
    around.desk.gone = {around.question.thread.ts}
    assert around.deliver() == 1
    assert around.outbox.waiting(NO_EPISODE) == []


def test_what_is_to_be_taken_back_later_waits_and_is_no_message_to_an_asker():
    around = Around()
    around.withdraw()
    around.queue(at=LATER)
    assert around.deliver(NOON) == 0
    sent = tell_waiting(
        lambda *_: Words("だめ", ()),
        inbox=around.inbox, workspace=around.desk, ledger=around.ledger, outbox=around.outbox, now=LATER,
    )  # fmt: skip
    assert sent == 0
    assert around.deliver(LATER) == 2


def test_a_post_whose_question_could_not_be_stored_goes_after_an_hour():
    around = Around()
    around.inbox = FakeInbox()
    posted_at = datetime.fromtimestamp(int(around.question.thread.ts.partition(".")[0]), UTC)
    assert around.queue(now=posted_at + timedelta(minutes=59)) == 0
    assert around.queue(now=posted_at + timedelta(minutes=61)) == 1
    assert around.deliver(posted_at + timedelta(hours=2)) == 1
    assert WORDS not in around.texts()[CHANNEL]
