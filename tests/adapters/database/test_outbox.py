"""What every outbox and every archive of feeds does: the fakes, SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.kept_feed import Conditions, LiveFeed, Rollback, kept_feed
from cityhall_fm.show.outbox import announcing, correcting, thanking
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import ChannelId

from builders import CHANNEL, NOON, a_consent, a_question
from fakes.feeds import FakeFeedArchive
from fakes.outbox import FakeOutbox

SEVEN = EpisodeNumber(7)
GUID = Guid("佐久-7")
LATER = NOON + timedelta(minutes=5)
ANNOUNCEMENT = announcing(GUID, SEVEN, CHANNEL)
RECEIPT, REACTION = thanking(GUID, SEVEN, a_question())


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def both(request, tmp_path):
    match request.param:
        case "memory":
            yield FakeOutbox(), FakeFeedArchive()
        case "sqlite":
            database = open_database(tmp_path / "memory.sqlite3")
            yield database.outbox, database.feeds
            database.close()
        case _:
            database = request.getfixturevalue("emptied")()
            yield database.outbox, database.feeds


@pytest.fixture
def outbox(both):
    return both[0]


@pytest.fixture
def feeds(both):
    return both[1]


def test_what_slack_refuses_for_itself_waits_with_its_reason_until_it_is_said(outbox):
    outbox.put([RECEIPT, REACTION], at=NOON)
    outbox.put_off(RECEIPT, attempts=1, not_before=LATER, refused="is_archived")
    outbox.put_off(REACTION, attempts=1, not_before=LATER, refused="is_archived")

    assert [(each.refused, each.not_before) for each in outbox.waiting()] == [("is_archived", LATER)] * 2
    assert outbox.said_before(RECEIPT.key) is None

    outbox.put_off(REACTION, attempts=2, not_before=LATER)
    outbox.done(RECEIPT, said="a hash", at=LATER)
    assert [each.refused for each in outbox.waiting()] == [None]
    assert (outbox.said_before(RECEIPT.key).said, outbox.said_before(RECEIPT.key).given_up) == (
        "a hash",
        None,
    )


def test_what_was_refused_in_one_channel_waits_for_another(outbox):
    outbox.put([ANNOUNCEMENT, RECEIPT], at=NOON)
    outbox.put_off(ANNOUNCEMENT, attempts=1, not_before=LATER, refused="is_archived")

    outbox.redirect(ANNOUNCEMENT, ChannelId("C0HOKA"))

    [first, second] = outbox.waiting(SEVEN)
    assert (first.delivery.channel, first.refused, first.attempts) == ("C0HOKA", None, 1)
    assert second.delivery == RECEIPT


def test_what_was_queued_waits_in_order_and_is_queued_once(outbox):
    outbox.put([ANNOUNCEMENT, RECEIPT, REACTION], at=NOON)
    outbox.put([RECEIPT, ANNOUNCEMENT], at=LATER)

    waiting = outbox.waiting(SEVEN)

    assert [each.delivery for each in waiting] == [ANNOUNCEMENT, RECEIPT, REACTION]
    assert {each.queued_at for each in waiting} == {NOON}
    assert outbox.waiting(EpisodeNumber(8)) == []
    assert len(outbox.waiting()) == 3


def test_what_is_done_or_given_up_waits_no_longer(outbox):
    outbox.put([ANNOUNCEMENT, RECEIPT, REACTION], at=NOON)

    outbox.done(ANNOUNCEMENT, said="ab", at=LATER)
    outbox.give_up(RECEIPT, reason="withdrawn", at=LATER)

    assert [each.delivery for each in outbox.waiting(SEVEN)] == [REACTION]
    assert outbox.said_before(ANNOUNCEMENT.key).said == "ab"
    assert outbox.said_before(RECEIPT.key).given_up == "withdrawn"
    assert outbox.said_before(REACTION.key) is None
    assert outbox.deliveries(SEVEN) == [ANNOUNCEMENT, RECEIPT, REACTION]


def test_what_was_put_off_tells_until_when_and_how_often_it_was_tried(outbox):
    outbox.put([ANNOUNCEMENT], at=NOON)

    outbox.put_off(ANNOUNCEMENT, attempts=3, not_before=LATER)

    [waiting] = outbox.waiting(SEVEN)
    assert (waiting.attempts, waiting.not_before) == (3, LATER)


def test_a_correction_tells_what_the_message_says_now(outbox):
    outbox.put([ANNOUNCEMENT], at=NOON)
    outbox.done(ANNOUNCEMENT, said="old", at=NOON)
    correction = correcting(ANNOUNCEMENT, "new" * 9, 1)
    outbox.put([correction], at=LATER)

    outbox.done(correction, said="new" * 9, at=LATER)

    assert correction.of == ANNOUNCEMENT.key
    assert outbox.said_before(ANNOUNCEMENT.key).said == "new" * 9


def test_how_a_service_takes_conditions_is_remembered(feeds):
    assert feeds.conditions("https://s3.example.jp") is None
    feeds.note_conditions("https://s3.example.jp", Conditions.IGNORED)
    feeds.note_conditions("https://s3.example.jp", Conditions.QUOTED)
    assert feeds.conditions("https://s3.example.jp") is Conditions.QUOTED


def test_a_feed_is_meant_then_live_and_its_first_key_stays(feeds):
    first, again = kept_feed("ab" * 32, NOON), kept_feed("ab" * 32, LATER)
    assert feeds.intend("s3://saku/fm", first).key == first.key
    assert feeds.unsettled("s3://saku/fm") == {"ab" * 32}
    assert feeds.unsettled("elsewhere") == frozenset()

    feeds.confirm("s3://saku/fm", LiveFeed("ab" * 32, "etag"), at=NOON)

    assert feeds.unsettled("s3://saku/fm") == frozenset()
    assert feeds.live("s3://saku/fm") == LiveFeed("ab" * 32, "etag")
    assert feeds.live("elsewhere") is None

    feeds.note_heard("s3://saku/fm", "cd" * 32, ["https://saku.example.jp/other.mp3"])
    assert not feeds.live("s3://saku/fm").heard
    feeds.note_heard("s3://saku/fm", "ab" * 32, ["https://saku.example.jp/1.mp3"])
    heard = frozenset({"https://saku.example.jp/1.mp3"})
    assert feeds.live("s3://saku/fm") == LiveFeed("ab" * 32, "etag", heard=True, heard_media=heard)
    feeds.confirm("s3://saku/fm", LiveFeed("ef" * 32, "later"), at=LATER)
    assert feeds.live("s3://saku/fm") == LiveFeed("ef" * 32, "later", heard=False, heard_media=heard)
    assert (feeds.outline("s3://saku/fm"), feeds.outline("elsewhere")) == ("", "")
    feeds.confirm("s3://saku/fm", LiveFeed("ef" * 32, "later"), at=LATER, outline="<rss>佐久🏔</rss>")
    assert feeds.outline("s3://saku/fm") == "<rss>佐久🏔</rss>"

    assert feeds.intend("s3://saku/fm", again) == first
    assert feeds.unsettled("s3://saku/fm") == {"ab" * 32}


def test_files_are_in_doubt_from_the_beginning_of_a_publication_to_its_end(feeds):
    first = feeds.begin_sending("s3://saku/fm", ["index.html", "7/佐久.vtt"])
    second = feeds.begin_sending("s3://saku/fm", ["index.html"])
    feeds.begin_sending("elsewhere", ["feed-2.xml"])

    begun = feeds.begun("s3://saku/fm")
    assert begun == {first: {"index.html", "7/佐久.vtt"}, second: {"index.html"}}
    feeds.end_sending("s3://saku/fm", [first])
    assert feeds.begun("s3://saku/fm") == {second: {"index.html"}}
    feeds.end_sending("elsewhere", [second])
    feeds.end_sending("s3://saku/fm", [])
    assert feeds.begun("s3://saku/fm") == {second: {"index.html"}}


def test_a_rollback_is_known_from_its_beginning_to_its_end(feeds):
    assert feeds.rollback("s3://saku/fm") is None
    feeds.begin_rollback("s3://saku/fm", Rollback(away="ab" * 32, back="cd" * 32))
    feeds.begin_rollback("s3://saku/fm", Rollback(away="cd" * 32, back="ef" * 32))
    feeds.begin_rollback("elsewhere", Rollback(away="12" * 32, back="34" * 32))

    assert feeds.rollback("s3://saku/fm") == Rollback(away="cd" * 32, back="ef" * 32)
    feeds.end_rollback("s3://saku/fm")
    assert feeds.rollback("s3://saku/fm") is None
    assert feeds.rollback("elsewhere") == Rollback(away="12" * 32, back="34" * 32)


def test_kept_feeds_are_listed_by_age_until_they_are_forgotten(feeds):
    later, first = kept_feed("b" * 64, LATER), kept_feed("a" * 64, NOON)
    for feed in (later, first):
        feeds.intend("here", feed)
    assert feeds.kept("here") == [first, later]

    feeds.forget("here", first)

    assert feeds.kept("here") == [later]


def test_a_withdrawal_counts_once_the_question_was_answered(inbox):
    question = a_question()
    inbox.store([], [question])
    inbox.set_consent(question.id, a_consent(Naming.RADIO_NAME, given_at=NOON))
    assert inbox.last_withdrawal() is None

    inbox.set_status(question.id, Status.ANSWERED, at=NOON + timedelta(days=1))
    assert inbox.last_withdrawal() is None
    inbox.set_consent(question.id, a_consent(Naming.ANONYMOUS, given_at=NOON + timedelta(days=2)))
    assert inbox.last_withdrawal() == NOON + timedelta(days=2)
    inbox.set_status(question.id, Status.WITHDRAWN, at=NOON + timedelta(days=3))
    assert inbox.last_withdrawal() == NOON + timedelta(days=3)
