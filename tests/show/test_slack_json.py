"""Slack's JSON becomes values, and what is private or broken becomes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show import slack_json
from cityhall_fm.show.consent import Private
from cityhall_fm.show.slack_thread import Reaction

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = (
    *("id", "name", "is_private", "is_im", "profile", "display_name", "real_name", "is_bot", "ts"),
    *("thread_ts", "subtype", "user", "text", "edited", "reactions", "reply_count", "latest_reply", "bot_id"),
)
RAW = st.dictionaries(st.sampled_from(NAMES), ANY_JSON | st.just("1.0"))


def test_a_message_keeps_its_words_and_who_said_them():
    message = slack_json.message(
        {
            "type": "message",
            "ts": "1763600400.000100",
            "user": "U0SAKU",
            "text": "灯油代は? &lt;月&gt;",
            "edited": {"user": "U0SAKU", "ts": "1763600500.000000"},
            "reactions": [{"name": "radio", "users": ["U0SAKU"], "count": 3}, {"users": []}],
            "reply_count": 2,
            "latest_reply": "1763600600.000000",
        }
    )
    assert message is not None
    assert message.mrkdwn == Private("灯油代は? &lt;月&gt;")
    assert message.reactions == (Reaction("radio", 3, ("U0SAKU",)),)
    assert (message.author, message.from_person, message.edited) == ("U0SAKU", True, "1763600500.000000")
    assert (message.reply_count, message.latest_reply) == (2, "1763600600.000000")


@pytest.mark.parametrize(
    "subtype", ["channel_join", "channel_topic", "channel_name", "pinned_item", "huddle_thread"]
)
def test_what_slack_notes_itself_keeps_its_place_and_loses_its_words(subtype):
    message = slack_json.message(
        {"ts": "1.0", "user": "U1", "text": "<@U1> が参加しました", "subtype": subtype}
    )
    assert message is not None
    assert not message.from_person
    assert not message.mrkdwn


@pytest.mark.parametrize(
    "raw",
    [
        {"user": "U1", "bot_id": "B1"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"user": "USLACKBOT"},
        {},
    ],
    ids=["our own", "old bot", "slackbot", "nobody"],
)
def test_bots_are_no_persons(raw):
    message = slack_json.message({"ts": "1.0", "text": "こんにちは", **raw})
    assert message is not None
    assert not message.from_person
    assert message.mrkdwn


def test_a_tombstone_is_a_deleted_message_of_nobody():
    raw = {"ts": "1.0", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
    message = slack_json.message(raw)
    assert message is not None
    assert (message.deleted, message.author, bool(message.mrkdwn)) == (True, None, False)


def test_a_reply_names_its_opening_and_an_opening_names_none():
    assert slack_json.parent({"ts": "2.0", "thread_ts": "1.0"}) == "1.0"
    assert slack_json.parent({"ts": "1.0", "thread_ts": "1.0"}) is None
    assert slack_json.parent({"ts": "1.0"}) is None


@pytest.mark.parametrize("mark", ["is_private", "is_im", "is_mpim", "is_group"])
def test_only_public_channels_are_channels(mark):
    assert slack_json.public_channel({"id": "C1", "name": "佐久"}) is not None
    assert slack_json.public_channel({"id": "C1", "name": "佐久", mark: True}) is None
    assert slack_json.public_channel({"id": "D1", "user": "U1"}) is None


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"profile": {"display_name": "はな", "real_name": "髙橋はな"}}, "はな"),
        ({"profile": {"display_name": " ", "real_name": "髙橋はな"}, "name": "hana"}, "髙橋はな"),
        ({"real_name": "髙橋はな", "name": "hana"}, "髙橋はな"),
        ({"name": "hana"}, "hana"),
        ({}, ""),
    ],
)
def test_a_member_has_the_name_that_slack_shows(raw, name):
    member = slack_json.member({"id": "U1", **raw})
    assert member is not None
    assert member.name == Private(name)


@given(RAW)
def test_no_json_makes_it_fail(raw):
    slack_json.message({"ts": "1.0", **raw})
    slack_json.member(raw)
    slack_json.public_channel(raw)
    slack_json.parent(raw)
