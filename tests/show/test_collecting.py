"""What makes a thread a question, a topic or neither, and when it must be read again."""

from __future__ import annotations

import pytest

from cityhall_fm.show.collecting import Marker, gone, has_new_replies, is_older, kind_of
from cityhall_fm.show.consent import Private
from cityhall_fm.show.question import Kind
from cityhall_fm.show.slack_thread import Reaction, Ts, UserId

from builders import ASKER, a_message

RADIO = Marker("radio", "📻")
SOMEBODY = UserId("U0OTHER01")


def test_in_a_question_channel_whatever_a_person_asks_is_a_question():
    assert kind_of(a_message(), in_question_channel=True, marked=False) is Kind.QUESTION


def test_elsewhere_the_marker_makes_a_question_and_an_answer_a_topic():
    answered = a_message(reply_count=1)
    assert kind_of(answered, in_question_channel=False, marked=True) is Kind.QUESTION
    assert kind_of(answered, in_question_channel=False, marked=False) is Kind.TOPIC
    assert kind_of(a_message(), in_question_channel=False, marked=False) is None


@pytest.mark.parametrize(
    "nothing",
    [
        a_message(from_person=False, reply_count=3),
        a_message(deleted=True, reply_count=3),
        a_message(words=" \n　", reply_count=3),
    ],
    ids=["bot", "deleted", "empty"],
)
def test_bots_deleted_and_empty_messages_are_nothing(nothing):
    assert kind_of(nothing, in_question_channel=True, marked=True) is None


@pytest.mark.parametrize("text", [":radio: 灯油代は?", "灯油代は?📻", "髙橋です📻です"])
def test_the_marker_counts_as_shortcode_and_as_character(text):
    assert RADIO.stands_in(text)


def test_the_marker_counts_with_and_without_its_variation_selector():
    assert Marker("studio_microphone", "🎙️").stands_in("質問です🎙")
    assert Marker("studio_microphone", "🎙️").stands_in("質問です🎙️")


@pytest.mark.parametrize("text", ["radio", ":radio_button:", "ラジオ", ""])
def test_other_words_are_no_marker(text):
    assert not RADIO.stands_in(text)
    assert not Marker("佐久鯉").stands_in(text)


def test_only_the_authors_own_reaction_submits_a_message():
    mine = a_message(reactions=(Reaction("radio", 2, (SOMEBODY, ASKER)),))
    theirs = a_message(reactions=(Reaction("radio", 1, (SOMEBODY,)), Reaction("eyes", 1, (ASKER,))))
    assert RADIO.put_by_author(mine) is True
    assert RADIO.put_by_author(theirs) is False
    assert RADIO.put_by_author(a_message()) is False


def test_where_slack_lists_only_some_people_it_must_be_asked():
    assert RADIO.put_by_author(a_message(reactions=(Reaction("radio", 9, (SOMEBODY,)),))) is None


def test_replies_are_read_when_their_number_or_the_latest_changed():
    stored = a_message(reply_count=2, latest_reply=Ts("1763600900.000100"))
    assert not has_new_replies(stored, stored)
    assert not has_new_replies(None, a_message())
    assert has_new_replies(None, stored)
    assert has_new_replies(stored, a_message(reply_count=3, latest_reply=stored.latest_reply))
    assert has_new_replies(stored, a_message(reply_count=2, latest_reply=Ts("1763600999.000100")))


def test_an_old_export_does_not_undo_what_came_later():
    stored = a_message(edited=Ts("1763600900.000100"), latest_reply=Ts("1763600900.000100"))
    assert is_older(a_message(latest_reply=stored.latest_reply), stored)
    assert is_older(a_message(edited=stored.edited), stored)
    assert is_older(a_message(), a_message(deleted=True, mrkdwn=Private("")))
    assert not is_older(stored, stored)
    assert not is_older(stored, a_message())


def _openings(*seconds: int):
    return {Ts(f"{one}.000100"): a_message(f"{one}.000100") for one in seconds}


def test_what_is_absent_from_a_complete_reading_was_deleted():
    assert gone(_openings(10, 20, 30), _openings(10, 30), live=True) == ("20.000100",)
    assert gone(_openings(10, 40), _openings(10, 30), live=True) == ("40.000100",)


def test_what_is_older_than_slack_shows_was_not_deleted():
    assert gone(_openings(10, 20, 30), _openings(20, 30), live=True) == ()
    assert gone(_openings(10), {}, live=True) == ()


def test_an_export_tells_nothing_of_what_came_after_it():
    assert gone(_openings(10, 20, 30, 40), _openings(10, 30), live=False) == ("20.000100",)
