"""Rate limits and faults, as slack_sdk meets them."""

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from cityhall_fm.sandbox import (
    EmptyPage,
    ExpiredCursor,
    FailsAfter,
    FailsBefore,
    RateLimited,
    Rules,
    ShortPage,
    TimesOut,
    serving,
)


def test_the_second_tier_ends_after_twenty_calls_a_minute(world, clock, client):
    world.rules = Rules(rate_limits=True)
    for _ in range(20):
        client.conversations_list()
    clock.pass_seconds(20)
    with pytest.raises(SlackApiError) as caught:
        client.conversations_list()
    answer = caught.value.response
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "40")
    clock.pass_seconds(40)
    assert client.conversations_list()["ok"]


def test_posts_are_limited_per_channel(world, clock, client, refused, ids):
    world.rules = Rules(rate_limits=True)
    for _ in range(3):
        client.chat_postMessage(channel=ids.questions, text="x")
    assert refused("chat_postMessage", channel=ids.questions, text="x") == "ratelimited"
    assert client.chat_postMessage(channel=ids.takahashi, text="x")["ok"]
    clock.pass_seconds(3)
    assert client.chat_postMessage(channel=ids.questions, text="x")["ok"]


def test_without_the_rule_nobody_waits(client):
    for _ in range(25):
        client.conversations_list()


def test_slack_sdk_waits_and_asks_again_after_a_429(sandbox, ids):
    client = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    sandbox.faults.add("chat.postMessage", RateLimited(retry_after_seconds=0))
    assert client.chat_postMessage(channel=ids.questions, text="x")["ok"]
    assert sandbox.count("chat.postMessage") == 2
    assert len(sandbox.world.messages(ids.questions)) == 1


@pytest.mark.parametrize(("fault", "stored"), [(FailsBefore(), 0), (FailsAfter(), 1)])
def test_a_server_error_may_come_before_or_after_the_message_was_stored(sandbox, client, ids, fault, stored):
    sandbox.faults.add("chat.postMessage", fault)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ids.questions, text="x")
    assert caught.value.response.status_code == 500
    assert len(sandbox.world.messages(ids.questions)) == stored


@pytest.mark.parametrize("stored", [True, False])
def test_an_answer_may_come_too_late(sandbox, ids, stored):
    sandbox.faults.add("chat.postMessage", TimesOut(seconds=0.6, stored=stored))
    client = WebClient("xoxb-sandbox", base_url=sandbox.api_url, timeout=0.2, retry_handlers=[])
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel=ids.questions, text="x")
    assert len(sandbox.world.messages(ids.questions)) == stored


def test_a_late_answer_does_not_hold_up_the_end(world, ids):
    begun = time.monotonic()
    with serving(world) as sandbox:
        sandbox.faults.add("chat.postMessage", TimesOut(seconds=5))
        client = WebClient("xoxb-sandbox", base_url=sandbox.api_url, timeout=0.1, retry_handlers=[])
        with pytest.raises(TimeoutError):
            client.chat_postMessage(channel=ids.questions, text="x")
    assert time.monotonic() - begun < 3


def test_a_fault_happens_as_often_as_it_was_asked_for(sandbox, client):
    sandbox.faults.add("auth.test", FailsBefore(), times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.auth_test()
    assert client.auth_test()["ok"]
    assert len(sandbox.faults) == 0


@pytest.mark.parametrize("fault", [ShortPage(), EmptyPage()])
def test_short_and_empty_pages_lose_nothing(world, sandbox, client, ids, fault):
    expected = [world.say(ids.questions, "saku", str(number)).ts for number in range(5)][::-1]
    sandbox.faults.add("conversations.history", fault)
    pages = [page.data for page in client.conversations_history(channel=ids.questions, limit=3)]
    assert len(pages[0]["messages"]) == (1 if isinstance(fault, ShortPage) else 0)
    assert [message["ts"] for page in pages for message in page["messages"]] == expected


def test_a_cursor_may_expire_between_two_pages(world, sandbox, client, refused, ids):
    for number in range(3):
        world.say(ids.questions, "saku", str(number))
    sandbox.faults.add("conversations.history", ExpiredCursor())
    cursor = client.conversations_history(channel=ids.questions, limit=1)["response_metadata"]["next_cursor"]
    assert refused("conversations_history", channel=ids.questions, cursor=cursor) == "invalid_cursor"
    assert client.conversations_history(channel=ids.questions, cursor=cursor)["ok"]


def test_faults_that_can_never_happen_are_refused(sandbox):
    with pytest.raises(ValueError, match="not a method"):
        sandbox.faults.add("chat.shout", FailsBefore())
    with pytest.raises(ValueError, match="cannot happen"):
        sandbox.faults.add("auth.test", ExpiredCursor())


def test_every_request_is_remembered(sandbox, client, ids):
    client.conversations_history(channel=ids.questions, limit=5, include_all_metadata=True)
    (call,) = sandbox.calls
    assert (call.method, call.arguments["limit"]) == ("conversations.history", "5")
    sandbox.calls.clear()
    assert sandbox.count("conversations.history") == 0
