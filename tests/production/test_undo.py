"""Taking back what was done to a question, if nobody changed it since."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from cityhall_fm.production.curate import move, note_consent, slot
from cityhall_fm.production.tell_asker import named, tell_later
from cityhall_fm.production.undo import do, undo
from cityhall_fm.show.announcement import Posted, told_key
from cityhall_fm.show.asking import submission_key
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError, NotReadyError, UnknownError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.outbox import NO_EPISODE, taking_back
from cityhall_fm.show.question import Question, Status
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.undoing import HELD, UNDO_WITHIN, Done
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import NOON, a_consent, a_question, an_episode
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.outbox import FakeOutbox
from fakes.shelf import FakeShelf
from fakes.undoing import FakeUndoing

SEVEN = EpisodeNumber(7)
SOON = NOON + timedelta(seconds=20)


@dataclass
class Desk:
    """A host at work on one question."""

    question: Question = field(default_factory=a_question)
    segments: tuple[Segment, ...] = ()

    def __post_init__(self) -> None:
        self.inbox = FakeInbox([self.question])
        self.shelf = FakeShelf(an_episode(rundown=Rundown(self.segments)))
        self.undoing, self.outbox, self.ledger = FakeUndoing(self.inbox), FakeOutbox(), FakeLedger()

    @property
    def now(self) -> Question:
        return self.inbox.question(self.question.id)

    def did(self, act, *, what="shortlisted", at: datetime = NOON, **more) -> Done | None:
        return do(
            self.question.id, act, what=what, person="local", inbox=self.inbox, undoing=self.undoing,
            shelf=self.shelf, now=at, **more,
        )  # fmt: skip

    def moved(self, to: Status, *, at: datetime = NOON, **more) -> Done | None:
        return self.did(lambda id_: move(id_, to, inbox=self.inbox, now=at), what=to, at=at, **more)

    def slotted(self, **options) -> Done | None:
        return self.did(
            lambda id_: slot(
                id_, SEVEN, shelf=self.shelf, inbox=self.inbox, links=links, now=NOON, **options
            ),
            what="slotted",
            episode=SEVEN,
        )

    def undo(self, done: Done | None, *, person: str = "local", at: datetime = SOON) -> Question:
        return undo(
            done.number if done else 0, person=person, inbox=self.inbox, undoing=self.undoing,
            shelf=self.shelf, outbox=self.outbox, now=at,
        )  # fmt: skip


def two_lines(error):
    for language in LANGUAGES:
        assert len(Catalogue(language).word(error.text).strip().splitlines()) == 2


@pytest.mark.parametrize("to", [Status.SHORTLISTED, Status.NEXT_TIME, Status.DECLINED, Status.WITHDRAWN])
def test_a_moved_question_stands_where_it_stood_as_if_nothing_had_happened(to):
    desk = Desk(a_question(consent=a_consent(Naming.ANONYMOUS)))
    done = desk.moved(to)
    assert desk.now.status is to
    assert desk.undo(done) == desk.question
    assert desk.inbox.moves == []


def test_several_things_are_taken_back_one_after_the_other():
    desk = Desk()
    first = desk.moved(Status.SHORTLISTED)
    second = desk.moved(Status.DECLINED)
    assert [one.number for one in desk.undoing.lately("local", now=SOON)] == [second.number, first.number]
    assert desk.undo(second).status is Status.SHORTLISTED
    assert desk.undo(first).status is Status.RECEIVED


def test_a_consent_that_was_noted_goes_and_the_one_before_counts_again():
    desk = Desk(a_question(consent=a_consent(Naming.ANONYMOUS)))
    done = desk.did(
        lambda id_: note_consent(
            id_, Naming.RADIO_NAME, radio_name="髙橋😀", wording="電話で", inbox=desk.inbox, now=NOON
        ),
        what="consent",
    )
    assert desk.now.consent.naming is Naming.RADIO_NAME
    assert desk.undo(done).consent == desk.question.consent


def test_a_slotted_question_leaves_the_rundown_again():
    desk = Desk(segments=(Segment("オープニング"),))
    done = desk.slotted()
    assert len(desk.shelf.episode(SEVEN).rundown.segments) == 2
    assert desk.undo(done).status is Status.RECEIVED
    assert desk.shelf.episode(SEVEN).rundown == Rundown((Segment("オープニング"),))


def test_a_segment_that_the_host_had_written_stays_as_it_was():
    own = Segment("冬支度のコーナー", summary="課長から", links=(Link("https://example.jp/", "市の案内"),))
    desk = Desk(segments=(own,))
    done = desk.slotted(at_position=1, title="灯油代")
    assert desk.shelf.episode(SEVEN).rundown.segments[0].question == desk.question.id
    desk.undo(done)
    assert desk.shelf.episode(SEVEN).rundown == Rundown((own,))


def test_what_somebody_wrote_into_the_segment_since_is_not_lost():
    desk = Desk()
    done = desk.slotted()
    segment = desk.shelf.episode(SEVEN).rundown.segments[0]
    desk.shelf.slot(SEVEN, replace(segment, summary="3万円ほどです。"), at_position=1)
    with pytest.raises(ConflictError) as refused:
        desk.undo(done)
    two_lines(refused.value)
    assert desk.now.status is Status.SLOTTED
    assert desk.shelf.episode(SEVEN).rundown.segments[0].summary == "3万円ほどです。"


def test_a_segment_that_is_gone_need_not_be_taken_out():
    desk = Desk()
    done = desk.slotted()
    desk.shelf.take_out(SEVEN, desk.question.id, was=None)
    assert desk.undo(done).status is Status.RECEIVED


def test_what_somebody_else_did_since_stays():
    desk = Desk()
    done = desk.moved(Status.SHORTLISTED)
    move(desk.question.id, Status.NEXT_TIME, inbox=desk.inbox, now=SOON)
    with pytest.raises(ConflictError) as refused:
        desk.undo(done)
    two_lines(refused.value)
    assert desk.now.status is Status.NEXT_TIME
    assert desk.undoing.lately("local", now=SOON) == []


@pytest.mark.parametrize(
    ("person", "at"), [("U0OTHER", SOON), ("local", NOON + UNDO_WITHIN)], ids=["another", "too late"]
)
def test_nobody_takes_back_what_others_did_or_what_is_long_past(person, at):
    desk = Desk()
    done = desk.moved(Status.SHORTLISTED)
    with pytest.raises(UnknownError) as refused:
        desk.undo(done, person=person, at=at)
    two_lines(refused.value)
    assert desk.now.status is Status.SHORTLISTED


def test_nothing_is_noted_where_nothing_was_done():
    desk = Desk(a_question(status=Status.SHORTLISTED))
    assert desk.moved(Status.SHORTLISTED) is None

    def refuse(_):
        raise NotReadyError("inbox.title_needed", question="q")

    with pytest.raises(NotReadyError):
        desk.did(refuse)
    assert desk.undoing.lately("local", now=SOON) == []


def declined(desk: Desk) -> Done | None:
    def act(id_):
        move(id_, Status.DECLINED, inbox=desk.inbox, now=NOON)
        about = named(Status.DECLINED, None, "髙橋さん、ごめんなさい。\nまた!")
        tell_later(desk.question, about, ledger=desk.ledger, outbox=desk.outbox, at=NOON + HELD, now=NOON)

    return desk.did(act, what="declined", tells_at=NOON + HELD)


def test_a_message_that_waits_was_never_said_and_can_be_said_later():
    desk = Desk()
    desk.undo(declined(desk))
    assert desk.outbox.waiting(NO_EPISODE) == []
    assert desk.outbox.said_before(told_key(desk.question.id)) is None
    declined(desk)
    assert len(desk.outbox.waiting(NO_EPISODE)) == 1


def test_what_the_asker_has_heard_is_not_taken_back():
    desk = Desk()
    done = declined(desk)
    with pytest.raises(ConflictError) as refused:
        desk.undo(done, at=NOON + HELD)
    two_lines(refused.value)
    assert refused.value.text.name == "studio_inbox.told_already"
    assert desk.now.status is Status.DECLINED


def withdrawn_from_slack(desk: Desk) -> Done | None:
    posted = Posted(submission_key("V1"), desk.question.thread.channel, desk.question.thread.ts)

    def act(id_):
        move(id_, Status.WITHDRAWN, inbox=desk.inbox, now=NOON)
        desk.outbox.put([taking_back(posted, id_, "withdrawn")], at=NOON, not_before=NOON + HELD)

    return desk.did(act, what=Status.WITHDRAWN, tells_at=NOON + HELD)


def test_a_withdrawal_whose_post_still_stands_is_taken_back_whole():
    desk = Desk()
    assert desk.undo(withdrawn_from_slack(desk)).status is Status.RECEIVED
    assert desk.outbox.waiting(NO_EPISODE) == []


def test_a_withdrawal_whose_post_has_lost_its_words_stays_and_says_why():
    desk = Desk()
    done = withdrawn_from_slack(desk)
    (waiting,) = desk.outbox.waiting(NO_EPISODE)
    desk.outbox.done(waiting.delivery, said=None, at=SOON)
    with pytest.raises(ConflictError) as refused:
        desk.undo(done)
    two_lines(refused.value)
    assert refused.value.text.name == "studio_inbox.post_gone"
    assert desk.now.status is Status.WITHDRAWN
