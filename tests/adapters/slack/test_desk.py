"""The workspace as the app uses it, through the real slack_sdk."""

from __future__ import annotations

import pytest

from cityhall_fm.adapters.slack import SlackDesk
from cityhall_fm.production.ports.words import Words
from cityhall_fm.sandbox import EmptyPage
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId

TOKEN = "xoxb-sandbox"
QUESTIONS = ChannelId("C0SHITSUMON")
TAKAHASHI = UserId("U0TAKA")


@pytest.fixture
def desk(sandbox, clock):
    return SlackDesk(TOKEN, sandbox.api_url, sleep=clock.sleep, timeout_seconds=5)


def test_an_opening_message_is_read_by_itself(desk, world):
    opening = world.say("質問", "takahashi", "灯油は?")
    world.say("質問", "saku", "千円です", thread_ts=opening.ts)
    read = desk.opening(QUESTIONS, Ts(opening.ts))
    assert (read.mrkdwn.for_host(), read.author, read.reply_count) == ("灯油は?", TAKAHASHI, 1)


def test_an_empty_page_is_not_a_message_that_is_gone(desk, world, sandbox):
    opening = world.say("質問", "takahashi", "灯油は?")
    sandbox.faults.add("conversations.replies", EmptyPage())
    assert desk.opening(QUESTIONS, Ts(opening.ts))


def test_a_message_that_is_gone_is_none_and_private_channels_are_not_read(desk):
    assert desk.opening(QUESTIONS, Ts("1.000100")) is None
    with pytest.raises(UnknownError):
        desk.opening(ChannelId("C0UNEI"), Ts("1.000100"))


def test_direct_messages_are_spoken_in_and_never_read(desk, sandbox):
    direct = desk.direct(TAKAHASHI)
    post = Post(PostKey("told/1"), direct, "届きました", ())
    posted = desk.post(post)
    assert desk.find_post(post, since=sandbox.world.clock()) is None
    desk.react(direct, posted.ts, "eyes")
    desk.unreact(direct, posted.ts, "eyes")
    desk.unreact(direct, posted.ts, "eyes")
    assert not {"conversations.replies", "conversations.history"} & {call.method for call in sandbox.calls}


def test_a_members_language_is_asked_for(desk, world):
    world.change_user("takahashi", locale="fr-FR")
    assert desk.locale(TAKAHASHI) == "fr-FR"
    assert desk.locale(UserId("U0NOBODY")) == ""


def test_a_whisper_reaches_one_member_and_pings_nobody(desk, sandbox):
    desk.whisper(QUESTIONS, TAKAHASHI, Words("<!channel> ようこそ", ()))
    (whisper,) = sandbox.as_member("takahashi").whispers()
    assert "<!channel>" not in whisper.text
    assert sandbox.as_member("saku").whispers() == []


def test_whoever_is_unknown_cannot_be_written_to(desk):
    with pytest.raises(SlackError):
        desk.direct(UserId("U0NOBODY"))
