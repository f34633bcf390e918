"""As few calls as possible, as patient as Slack asks for."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.sandbox import EmptyPage, RateLimited, Rules, ShortPage, TimesOut
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.errors import ConflictError, SlackError
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId

QUESTIONS = ChannelId("C0SHITSUMON")


def test_it_comes_back_after_the_seconds_that_slack_names(sandbox, workspace, clock):
    sandbox.faults.add("conversations.list", RateLimited(7), times=3)
    assert len(workspace.channels()) == 3
    assert clock.waits == [7, 7, 7]


def test_it_stays_within_slacks_tiers(world, sandbox, workspace, clock):
    world.rules = Rules(rate_limits=True)
    opening = world.say("質問", "saku", "長い話")
    world.say("質問", "takahashi", "はい", thread_ts=opening.ts)
    for _ in range(70):
        assert len(workspace.replies(QUESTIONS, Ts(opening.ts))) == 1
    assert clock.waits
    assert sandbox.count("conversations.replies") == 70 + len(clock.waits)


def test_it_does_not_wait_for_ever(sandbox, workspace, clock):
    sandbox.faults.add("conversations.list", RateLimited(3600))
    with pytest.raises(SlackError) as caught:
        workspace.channels()
    assert (caught.value.text.name, caught.value.retryable) == ("slack.rate_limited", True)
    assert clock.waits == []


def test_a_post_waits_too(sandbox, workspace, clock, world):
    asked = world.say("質問", "takahashi", "灯油代は?")
    sandbox.faults.add("reactions.add", RateLimited(2))
    workspace.react(QUESTIONS, Ts(asked.ts), "eyes")
    assert clock.waits == [2]


def test_a_post_that_is_told_to_wait_may_be_stopped_after_each_pause(sandbox, workspace, clock):
    sandbox.faults.add("chat.postMessage", RateLimited(2), times=3)
    seen = []

    @contextmanager
    def pausing():
        seen.append(list(clock.waits))
        yield
        if len(clock.waits) == 2:
            raise ConflictError("release.turn_lost", where="db")

    post = Post(PostKey("announcement/1"), QUESTIONS, "佐久 🎙", ())
    with pytest.raises(ConflictError):
        workspace.post(post, pausing=pausing)
    assert (clock.waits, seen) == ([2, 2], [[], [2]])
    assert sandbox.count("chat.postMessage") == 2
    workspace.post(post)
    assert clock.waits == [2, 2, 2]


def test_a_time_out_is_tried_again_when_reading(sandbox, clock):
    sandbox.faults.add("conversations.list", TimesOut(seconds=1.5))
    slack = SlackWorkspace("xoxb-sandbox", sandbox.api_url, sleep=clock.sleep, timeout_seconds=1)
    assert len(slack.channels()) == 3
    assert clock.waits == [0.5]


@pytest.mark.parametrize("fault", [ShortPage(2), EmptyPage()])
def test_short_and_empty_pages_are_not_the_end(world, sandbox, workspace, fault):
    said = [world.say("質問", "saku", f"{number}").ts for number in range(5)]
    sandbox.faults.add("conversations.history", fault)
    found = [message.ts for page in workspace.openings(QUESTIONS) for message in page]
    assert found == said[::-1]


def test_a_channel_is_read_in_pages_of_999(world, sandbox, workspace):
    for number in range(1000):
        world.say("質問", "saku", f"{number}")
    assert [len(page) for page in workspace.openings(QUESTIONS)] == [999, 1]
    assert sandbox.count("conversations.history") == 2


def test_replies_sent_to_the_channel_too_are_no_openings(world, workspace):
    opening = world.say("質問", "saku", "灯油代は?")
    reply = world.say("質問", "takahashi", "髙い", thread_ts=opening.ts, subtype="thread_broadcast")
    assert [message.ts for page in workspace.openings(QUESTIONS) for message in page] == [opening.ts]
    assert [message.ts for message in workspace.replies(QUESTIONS, Ts(opening.ts))] == [reply.ts]


def test_a_few_people_are_asked_for_one_by_one_and_many_at_once(world, sandbox, workspace):
    for number in range(20):
        world.add_user(f"user{number}", user_id=f"U0N{number}")
    workspace.members(frozenset({UserId("U0N1"), UserId("U0N2")}))
    assert (sandbox.count("users.info"), sandbox.count("users.list")) == (2, 0)
    everybody = frozenset(UserId(f"U0N{number}") for number in range(20))
    assert len(workspace.members(everybody)) == 20
    assert (sandbox.count("users.info"), sandbox.count("users.list")) == (2, 1)


def test_nobody_is_asked_for_twice(sandbox, workspace):
    for _ in range(3):
        assert workspace.members(frozenset({UserId("U0GONE"), UserId("U0SAKU")})).keys() == {"U0SAKU"}
    assert sandbox.count("users.info") == 2


def test_permalinks_cost_one_call_for_all(sandbox, workspace):
    links = {workspace.permalink(QUESTIONS, Ts(f"{number}.000100")) for number in range(9)}
    assert len(links) == 9
    assert [call.method for call in sandbox.calls] == ["auth.test"]


def test_its_permalinks_are_slacks(world, workspace):
    ts = world.say("質問", "saku", "灯油代は?").ts
    assert workspace.permalink(QUESTIONS, Ts(ts)) == world.permalink("質問", ts)


def test_archived_channels_are_left_out(world, workspace):
    world.archive("暮らし")
    assert [channel.name for channel in workspace.channels()] == ["質問", "雑談"]
