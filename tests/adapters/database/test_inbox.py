"""What every inbox does: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.ports.inbox import Outline
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.question import Kind, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Reaction, Ts, UserId

from builders import ASKER, CHANNEL, NOON, a_consent, a_message, a_question, a_thread, a_topic

OTHER = ChannelId("C0SAKU002")


def a_full_question():
    opening = a_message(
        words="灯油代は?\r\n 🧑‍🧑‍🧒‍🧒 <@U1> &amp; " + "長" * 5000,
        edited=Ts("1763600401.000000"),
        from_person=False,
        reactions=(Reaction("radio", 12, (ASKER, UserId("U2"))), Reaction("佐久", 1)),
        reply_count=2,
        latest_reply=Ts("1763600999.000100"),
    )
    replies = (
        a_message("1763600500.000009", "髙橋です", author=None, deleted=True),
        a_message("1763600999.000100", ""),
    )
    return replace(
        a_question(),
        thread=a_thread(opening=opening, replies=replies),
        consent=a_consent(
            Naming.RADIO_NAME, radio_name=Private("佐久の髙橋"), reading=Private("さくのたかはし")
        ),
    )


def test_a_question_comes_back_as_it_was_stored(inbox):
    question = a_full_question()

    inbox.store([question.thread], [question])

    assert list(inbox.questions()) == [question]
    assert inbox.question(question.id) == question


def test_times_come_back_with_a_zone_and_at_the_same_moment(inbox):
    inbox.store([], [a_question()])

    received_at = inbox.questions()[0].received_at

    assert received_at.tzinfo is not None
    assert received_at == NOON


def test_a_thread_without_a_question_is_stored_too(inbox):
    inbox.store([a_thread("1763600400.000100"), a_thread("1763600400.000200")], [])

    assert list(inbox.stored_openings(CHANNEL)) == ["1763600400.000100", "1763600400.000200"]
    assert inbox.questions() == []


def test_openings_are_read_for_one_channel_in_order_of_their_whole_numbers(inbox):
    stamps = ["1763600400.000200", "999999999.000100", "1763600400.000100"]
    inbox.store([*map(a_thread, stamps), a_thread(channel=OTHER)], [])

    assert list(inbox.stored_openings(CHANNEL)) == [stamps[1], stamps[2], stamps[0]]
    assert inbox.stored_openings(ChannelId("C0NOBODY")) == {}


def test_an_opening_is_read_as_it_was_stored(inbox):
    thread = a_full_question().thread
    inbox.store([thread], [])

    assert inbox.stored_openings(CHANNEL) == {thread.ts: thread.opening}


def test_storing_a_thread_again_replaces_its_messages(inbox):
    question = a_full_question()
    inbox.store([question.thread], [question])
    opening = replace(question.thread.opening, mrkdwn=Private("直しました"), reply_count=1)
    later = replace(question.thread, opening=opening, replies=(a_message("1763600999.000100", "ひとつ"),))

    inbox.store([later], [])

    assert inbox.questions()[0].thread == later


def test_a_permalink_is_kept_where_the_next_reading_brings_none(inbox):
    inbox.store([], [a_question()])

    inbox.store([a_thread(permalink=None)], [])

    assert inbox.questions()[0].thread.permalink == a_thread().permalink


def test_a_question_that_is_there_keeps_its_status_and_its_consent(inbox):
    question = a_question(consent=a_consent(Naming.DISPLAY_NAME))
    inbox.store([], [question])
    inbox.set_status(question.id, Status.SHORTLISTED, at=NOON)

    inbox.store([], [replace(question, consent=a_consent(Naming.ANONYMOUS), words=Private("直した質問"))])

    found = inbox.question(question.id)
    assert (found.status, found.consent, found.words) == (
        Status.SHORTLISTED,
        question.consent,
        Private("直した質問"),
    )


def test_a_topic_becomes_a_question_with_the_consent_that_comes_with_it(inbox):
    topic = a_topic()
    inbox.store([], [topic])
    question = replace(topic, kind=Kind.QUESTION, consent=a_consent())

    inbox.store([], [question])

    assert list(inbox.questions()) == [question]


def test_what_was_withdrawn_stays_withdrawn_when_it_is_collected_again(inbox):
    question = a_question()
    inbox.store([], [question])
    inbox.set_consent(question.id, replace(question.consent, withdrawn_at=NOON))
    inbox.set_status(question.id, Status.WITHDRAWN, at=NOON)

    inbox.store([], [question])

    assert not inbox.question(question.id).usable


def test_the_latest_consent_counts(inbox):
    question = a_question()
    inbox.store([], [question])
    first = a_consent(Naming.DISPLAY_NAME)
    latest = a_consent(Naming.RADIO_NAME, radio_name=Private("雪だるま"), wording="新しい文面")

    inbox.set_consent(question.id, first)
    inbox.set_consent(question.id, latest)

    assert inbox.question(question.id).consent == latest


def test_questions_are_listed_oldest_first_and_by_channel_and_status(inbox):
    late, early = a_question("1763600900.000100"), a_topic("1763600100.000100")
    elsewhere = replace(
        a_question("1763600500.000100"),
        id=question_id(OTHER, Ts("1763600500.000100")),
        thread=a_thread("1763600500.000100", channel=OTHER),
    )
    inbox.store([], [late, early, elsewhere])
    inbox.set_status(late.id, Status.DECLINED, at=NOON)

    def ids(**chosen):
        return [question.id for question in inbox.questions(**chosen)]

    assert ids() == [early.id, elsewhere.id, late.id]
    assert ids(channel=OTHER) == [elsewhere.id]
    assert ids(statuses=frozenset({Status.RECEIVED})) == [early.id, elsewhere.id]
    assert ids(channel=CHANNEL, statuses=frozenset({Status.DECLINED})) == [late.id]
    assert ids(statuses=frozenset()) == []


def test_outlines_tell_how_questions_stand_without_a_word_of_anybody(inbox):
    gone = a_question("1763600900.000100")
    gone = replace(gone, thread=replace(gone.thread, opening=replace(gone.thread.opening, deleted=True)))
    replied = a_question("1763600400.000100", "灯油の話 😀", status=Status.SHORTLISTED)
    thread = replace(replied.thread, replies=(a_message("1763600401.000100"), a_message("1763600402.000100")))
    topic = a_topic("1763600100.000100")
    inbox.store([], [gone, replace(replied, thread=thread), topic])
    inbox.set_status(gone.id, Status.WITHDRAWN, at=NOON)
    assert inbox.outlines() == [
        (topic.id, Kind.TOPIC, Status.RECEIVED, CHANNEL, topic.thread.ts, False),
        (replied.id, Kind.QUESTION, Status.SHORTLISTED, CHANNEL, replied.thread.ts, False),
        (gone.id, Kind.QUESTION, Status.WITHDRAWN, CHANNEL, gone.thread.ts, True),
    ]
    assert inbox.outlines() == [Outline.of(question) for question in inbox.questions()]


def test_one_persons_questions_are_found_without_reading_the_others(inbox):
    mine = a_question("1763600400.000100", "灯油の話 😀", asker=UserId("U髙橋"))
    older = a_question("1763600300.000100", "雪の話", asker=UserId("U髙橋"), status=Status.DECLINED)
    others = a_question("1763600200.000100", asker=UserId("U佐久"))
    nobodys = a_question("1763600100.000100", asker=None)
    inbox.store([], [mine, older, others, nobodys])

    def ids(**chosen):
        return [question.id for question in inbox.questions(**chosen)]

    assert ids(asker=UserId("U髙橋")) == [older.id, mine.id]
    assert ids(asker=UserId("U髙橋"), statuses=frozenset({Status.RECEIVED})) == [mine.id]
    assert ids(asker=UserId("U髙橋"), channel="C_ELSEWHERE") == []
    assert ids(asker=UserId("U")) == []
    assert len(ids()) == 4


@pytest.mark.parametrize("beginning", ["q-5j8", "5j8", "Q-5J8QWNER", " 5j8qwner "])
def test_a_beginning_that_only_one_has_is_enough(inbox, beginning):
    inbox.store([], [a_question(), a_topic()])

    assert inbox.question(beginning).id == "q-5j8qwner"


@pytest.mark.parametrize("beginning", ["zzz", "", " ", "q-%", "_____", "\0", "佐久"])
def test_a_beginning_that_nothing_has_is_unknown(inbox, beginning):
    inbox.store([], [a_question(), a_topic()])

    with pytest.raises(UnknownError) as caught:
        inbox.question(beginning)

    assert caught.value.text.name == "inbox.unknown_question"


def test_a_beginning_that_several_have_names_them(inbox):
    inbox.store([], [a_question(), a_topic()])

    with pytest.raises(UnknownError) as caught:
        inbox.question("q-")

    assert caught.value.text.values["ids"] == "q-16q4z5qh, q-5j8qwner"


def test_a_question_that_is_not_there_cannot_be_moved_or_consented_to(inbox):
    with pytest.raises(UnknownError):
        inbox.set_status(QuestionId("q-00000000"), Status.DECLINED, at=NOON)
    with pytest.raises(UnknownError):
        inbox.set_consent(QuestionId("q-00000000"), a_consent())


def test_channels_are_remembered_under_their_newest_name(inbox):
    inbox.remember_channel(Channel(CHANNEL, "暮らし"))
    inbox.remember_channel(Channel(CHANNEL, "くらし🏡"))
    assert inbox.channels() == {CHANNEL: "くらし🏡"}


def test_names_are_remembered_and_replaced(inbox):
    first, renamed = Member(ASKER, Private("髙橋")), Member(ASKER, Private("髙橋 🏔"), is_bot=True)
    inbox.remember_names([first, Member(UserId("U2"), Private(""))])

    inbox.remember_names([renamed])
    inbox.remember_names([])

    assert inbox.names() == {ASKER: renamed, UserId("U2"): Member(UserId("U2"), Private(""))}


def test_a_new_name_reaches_the_questions_of_that_person_and_nobody_elses(inbox):
    hers, his = a_question(), replace(a_topic(), asker=UserId("U2"), asker_name=Private("佐藤"))
    inbox.store([], [hers, his])

    inbox.remember_names([Member(ASKER, Private("はな"))])

    assert [question.asker_name for question in inbox.questions()] == [Private("はな"), Private("佐藤")]


def test_a_consent_keeps_the_time_of_its_withdrawal(inbox):
    question = a_question()
    inbox.store([], [question])
    withdrawn_at = datetime(2026, 11, 30, 23, 59, 59, 999_999, UTC) + timedelta(days=1)

    inbox.set_consent(question.id, replace(question.consent, withdrawn_at=withdrawn_at))

    assert inbox.question(question.id).consent.withdrawn_at == withdrawn_at


def test_an_empty_page_changes_nothing(inbox):
    inbox.store([], [])

    assert inbox.questions() == []


def test_questions_are_read_by_their_whole_ids_as_they_are_now(inbox):
    one, two = a_full_question(), a_question("1763600777.000100", consent=a_consent())
    inbox.store([], [one, two])
    inbox.set_status(two.id, Status.WITHDRAWN, at=NOON)
    absent = [QuestionId(one.id[:4]), QuestionId("q-22222222")]
    known = inbox.known([one.id, two.id, one.id, *absent])
    assert known == {one.id: inbox.question(one.id), two.id: inbox.question(two.id)}
    assert not known[two.id].usable
    assert inbox.known([]) == {}


def test_more_questions_than_a_database_takes_at_once_are_read(inbox):
    many = [a_question(f"17636{number:05}.000100") for number in range(1100)]
    inbox.store([], many)
    assert inbox.known([one.id for one in many]).keys() == {one.id for one in many}
