"""One contract of speaking in Slack, held by the fake and the live workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.adapters.slack.harmless import harmless
from cityhall_fm.sandbox import FailsAfter
from cityhall_fm.sandbox.people import MINIMAL_SCOPES
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.slack_thread import Channel, ChannelId, Ts, UserId

from fakes.workspace import FakeWorkspace

QUESTIONS = ChannelId("C0SHITSUMON")
BLOCKS = ({"type": "section", "text": {"type": "mrkdwn", "text": "*第3回* <https://fm.example.jp/3/|聞く>"}},)
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def asked(world) -> Ts:
    return Ts(world.say("質問", "takahashi", "灯油代は?").ts)


@pytest.fixture(params=["fake", "live"])
def speaker(request, workspace):
    if request.param == "live":
        return workspace
    channels = [Channel(QUESTIONS, "質問"), Channel(ChannelId("C0ZATSUDAN"), "雑談")]
    return FakeWorkspace(channels, started_at=int(NOON.timestamp()))


def a_post(**changes) -> Post:
    return replace(
        Post(PostKey("announcement/917393e3"), QUESTIONS, "第3回を公開しました", BLOCKS), **changes
    )


def test_a_channel_is_found_by_name_and_by_id(speaker):
    assert speaker.channel_named("#質問").id == QUESTIONS
    assert speaker.channel_named(QUESTIONS).name == "質問"
    with pytest.raises(UnknownError) as caught:
        speaker.channel_named("運営")
    assert caught.value.text.values["channel"] == "運営"


def test_a_post_is_found_again_by_its_key(speaker):
    posted = speaker.post(a_post())
    assert speaker.find_post(a_post(), since=NOON - timedelta(hours=1)) == posted
    assert speaker.find_post(a_post(key=PostKey("announcement/other")), since=NOON) is None


def test_a_post_is_looked_for_in_a_channel_that_came_into_use_a_moment_ago(world, sandbox, workspace):
    assert len(workspace.channels()) == 3
    channel = world.add_channel("雪かき", members=["takahashi", "fm"], channel_id="C0YUKI")

    assert workspace.find_post(a_post(channel=ChannelId(channel.id)), since=NOON) is None
    world.archive("雪かき")
    workspace = SlackWorkspace("xoxb-sandbox", sandbox.api_url)
    with pytest.raises(UnknownError):
        workspace.find_post(a_post(channel=ChannelId(channel.id)), since=NOON)


def test_a_receipt_is_found_in_its_thread_only(speaker, asked):
    receipt = a_post(key=PostKey("receipt/917393e3/q-1"), thread_ts=asked)
    posted = speaker.post(receipt)
    assert speaker.find_post(receipt, since=NOON - timedelta(hours=1)) == posted
    assert speaker.find_post(replace(receipt, thread_ts=None), since=NOON - timedelta(hours=1)) is None


def test_a_post_is_found_though_our_clock_is_days_ahead(speaker, asked):
    for post in (a_post(), a_post(key=PostKey("receipt/917393e3/q-1"), thread_ts=asked)):
        posted = speaker.post(post)
        assert speaker.find_post(post, since=NOON + timedelta(days=9)) == posted


def test_in_a_channel_of_many_years_only_the_newest_pages_are_looked_through(
    world, workspace, sandbox, clock
):
    for number in range(2100):
        world.say("暮らし", "saku", f"髙橋さんの{number}日目")
    clock.now += timedelta(days=365)
    posted = workspace.post(a_post(channel=ChannelId("C0KURASHI")))
    before = sandbox.count("conversations.history")
    missing = a_post(key=PostKey("announcement/other"), channel=ChannelId("C0KURASHI"))

    assert workspace.find_post(missing, since=clock() - timedelta(hours=1)) is None
    assert sandbox.count("conversations.history") - before == 2
    assert workspace.find_post(replace(missing, key=posted.key), since=NOON) == posted
    assert workspace.find_post(missing, since=NOON - timedelta(days=99)) is None
    assert sandbox.count("conversations.history") - before == 2 + 1 + 3


def test_a_post_whose_answer_was_lost_is_found_and_was_not_tried_twice(speaker, one_server):
    if isinstance(speaker, FakeWorkspace):
        speaker.fails_after_storing = True
    else:
        one_server.faults.add("chat.postMessage", FailsAfter())
    with pytest.raises(SlackError) as caught:
        speaker.post(a_post())
    assert caught.value.retryable
    assert speaker.find_post(a_post(), since=NOON - timedelta(hours=1)) is not None


def test_a_lost_answer_does_not_make_the_adapter_post_again(workspace, sandbox):
    sandbox.faults.add("chat.postMessage", FailsAfter())
    with pytest.raises(SlackError):
        workspace.post(a_post())
    assert sandbox.count("chat.postMessage") == 1


def test_reacting_twice_is_fine(speaker, asked):
    speaker.react(QUESTIONS, asked, "white_check_mark")
    speaker.react(QUESTIONS, asked, "white_check_mark")


def test_what_is_posted_carries_its_key_unfurls_nothing_and_stands_in_the_thread(
    world, workspace, sandbox, asked
):
    posted = workspace.post(a_post(thread_ts=asked))
    message = world.message("質問", posted.ts)
    assert message.metadata == {
        "event_type": "cityhall_fm_post",
        "event_payload": {"key": "announcement/917393e3"},
    }
    assert (message.thread_ts, message.text) == (asked, "第3回を公開しました")
    (call,) = [call for call in sandbox.calls if call.method == "chat.postMessage"]
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_another_app_cannot_pass_its_message_off_as_ours(world, workspace):
    metadata = {"event_type": "cityhall_fm_post", "event_payload": {"key": a_post().key}}
    world.say("質問", "saku", "にせもの", metadata=metadata)
    assert workspace.find_post(a_post(), since=NOON - timedelta(hours=1)) is None


def test_nothing_that_is_posted_pings_anybody(world, workspace):
    hostile = "<!channel> <@U0TAKA> &lt;!here&gt; <!subteam^S1|@all>"
    mentions = [{"type": "user", "user_id": "U0TAKA"}, {"type": "broadcast", "range": "here"}]
    blocks = (
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": hostile},
            "fields": [{"type": "mrkdwn", "text": hostile}],
        },
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": mentions}]},
        {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}},
    )
    posted = workspace.post(a_post(text=hostile, blocks=blocks))
    assert world.message("質問", posted.ts).text.startswith("&lt;!channel")


def test_links_dates_and_channels_keep_their_power():
    kept = "<https://example.jp|第3回> <#C0SHITSUMON> <!date^1763600400^{date}|11月20日> &amp;"
    assert harmless({"type": "mrkdwn", "text": kept}) == {"type": "mrkdwn", "text": kept}


def test_a_reaction_to_a_deleted_message_says_so(world, workspace, asked):
    world.delete("質問", asked)
    with pytest.raises(SlackError) as caught:
        workspace.react(QUESTIONS, asked, "eyes")
    assert caught.value.text.name == "slack.message_gone"
    assert not caught.value.retryable


def test_a_private_message_reaches_one_member_and_pings_nobody(workspace, world):
    post = Post(
        PostKey("told/q-1"), workspace.direct(UserId("U0TAKA")), "ありがとうございました <!channel>", ()
    )
    posted = workspace.post(post)
    direct = next(channel for channel in world.channels if channel.id == posted.channel)
    assert direct.kind == "im"
    assert "U0TAKA" in direct.members
    (message,) = world.messages(posted.channel)
    assert message.text == "ありがとうございました &lt;!channel&gt;"


def test_without_the_scope_nobody_is_written_to(sandbox, world, clock):
    world.install_app("xoxb-narrow", scopes=MINIMAL_SCOPES - {"im:write"}, name="narrow")
    workspace = SlackWorkspace("xoxb-narrow", sandbox.api_url, sleep=clock.sleep)
    with pytest.raises(SlackError) as refused:
        workspace.direct(UserId("U0TAKA"))
    assert refused.value.text.values["scope"] == "im:write"
