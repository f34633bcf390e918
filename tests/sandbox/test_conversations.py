"""Channels, their history and their threads, read through slack_sdk."""

import base64
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from cityhall_fm.sandbox import MINIMAL_SCOPES, Rules


def said(world, channel, count):
    return [world.say(channel, "takahashi", f"質問 {number}").ts for number in range(count)]


def all_pages(call, key, **arguments):
    items, cursor = [], ""
    while True:
        page = call(cursor=cursor or None, **arguments)
        items += page[key]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            return items


def test_ts_are_text_distinct_and_increasing_even_when_the_clock_stands_still(world, ids):
    first, second = said(world, ids.questions, 2)
    assert (first, second) == ("1795431600.000100", "1795431600.000200")


def test_a_clock_that_goes_back_does_not_reorder_a_channel(world, clock, ids):
    before = said(world, ids.questions, 1)
    clock.pass_seconds(-60)
    assert said(world, ids.questions, 1) > before


def test_the_list_shows_public_channels_and_whether_the_bot_is_in(client):
    channels = client.conversations_list()["channels"]
    assert [(channel["name"], channel["is_member"]) for channel in channels] == [
        ("質問", True),
        ("雑談", False),
    ]


def test_other_types_need_their_scope(refused):
    assert refused("conversations_list", types="public_channel,private_channel") == "missing_scope"
    assert refused("conversations_list", types="public_chanel") == "invalid_types"
    assert refused("conversations_list", limit=1000) == "invalid_limit"


def test_private_channels_are_listed_to_their_members_only(world, sandbox):
    world.install_app("xoxb-wide", MINIMAL_SCOPES | {"groups:read"}, name="fm")
    client = WebClient("xoxb-wide", base_url=sandbox.api_url)
    assert [one["name"] for one in client.conversations_list(types="private_channel")["channels"]] == ["運営"]


def test_archived_channels_can_be_left_out(world, client, ids):
    world.archive(ids.chat)
    assert [one["id"] for one in client.conversations_list(exclude_archived=True)["channels"]] == [
        ids.questions
    ]


def test_the_list_pages_through_every_channel_once(world, client):
    for number in range(5):
        world.add_channel(f"部屋{number}")
    names = [channel["name"] for channel in all_pages(client.conversations_list, "channels", limit=2)]
    assert len(names) == len(set(names)) == 7


def test_history_comes_newest_first(world, client, ids):
    ts = said(world, ids.questions, 3)
    assert [
        message["ts"] for message in client.conversations_history(channel=ids.questions)["messages"]
    ] == ts[::-1]


def test_history_pages_end_with_an_empty_cursor(world, client, ids):
    ts = said(world, ids.questions, 7)
    first = client.conversations_history(channel=ids.questions, limit=3)
    assert (first["has_more"], len(first["messages"])) == (True, 3)
    messages = all_pages(client.conversations_history, "messages", channel=ids.questions, limit=3)
    assert [message["ts"] for message in messages] == ts[::-1]


def test_slack_sdk_can_iterate_over_the_pages(world, client, ids):
    said(world, ids.questions, 5)
    sizes = [len(page["messages"]) for page in client.conversations_history(channel=ids.questions, limit=2)]
    assert sizes == [2, 2, 1]


def test_no_page_of_history_exceeds_999(world, client, ids):
    said(world, ids.questions, 1005)
    assert len(client.conversations_history(channel=ids.questions, limit=2000)["messages"]) == 999


def test_no_page_of_replies_exceeds_1000(world, client, ids):
    parent = world.say(ids.questions, "saku", "長い話")
    for number in range(1001):
        world.say(ids.questions, "saku", str(number), thread_ts=parent.ts)
    pages = client.conversations_replies(channel=ids.questions, ts=parent.ts, limit=2000)
    assert [len(page["messages"]) for page in pages] == [1000, 2]


def test_a_page_survives_the_deletion_of_the_message_its_cursor_names(world, client, ids):
    ts = said(world, ids.questions, 4)
    cursor = client.conversations_history(channel=ids.questions, limit=2)["response_metadata"]["next_cursor"]
    world.delete(ids.questions, ts[1])
    rest = client.conversations_history(channel=ids.questions, limit=2, cursor=cursor)
    assert [message["ts"] for message in rest["messages"]] == [ts[0]]


@pytest.mark.parametrize("cursor", ["nonsense", "質問", base64.b64encode(b"next:x").decode(), "/w=="])
def test_a_made_up_cursor_is_invalid(world, refused, ids, cursor):
    said(world, ids.questions, 1)
    assert refused("conversations_history", channel=ids.questions, cursor=cursor) == "invalid_cursor"


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"oldest": 1}, [3, 2]),
        ({"latest": 2}, [1, 0]),
        ({"oldest": 1, "latest": 3}, [2]),
        ({"oldest": 1, "latest": 3, "inclusive": True}, [3, 2, 1]),
    ],
)
def test_oldest_and_latest_exclude_their_own_message_unless_inclusive(world, client, ids, window, expected):
    ts = said(world, ids.questions, 4)
    arguments = {name: value if value is True else ts[value] for name, value in window.items()}
    messages = client.conversations_history(channel=ids.questions, **arguments)["messages"]
    assert [ts.index(message["ts"]) for message in messages] == expected


def test_bounds_may_be_whole_seconds_but_not_words(world, client, refused, ids):
    said(world, ids.questions, 1)
    assert client.conversations_history(channel=ids.questions, oldest="1795431600")["messages"]
    assert refused("conversations_history", channel=ids.questions, oldest="yesterday") == "invalid_ts_oldest"
    assert refused("conversations_history", channel=ids.questions, latest="1.2.3") == "invalid_ts_latest"


def test_a_bot_reads_public_history_only_as_a_member(refused, ids):
    assert refused("conversations_history", channel=ids.chat) == "not_in_channel"
    assert refused("conversations_replies", channel=ids.chat, ts="1.0") == "channel_not_found"
    assert refused("conversations_history", channel="C404") == "channel_not_found"
    assert refused("conversations_history", channel="質問") == "channel_not_found"


def test_joining_opens_the_history_and_is_seen_there(world, sandbox, ids):
    world.install_app("xoxb-joiner", MINIMAL_SCOPES | {"channels:join"}, name="fm")
    client = WebClient("xoxb-joiner", base_url=sandbox.api_url)
    assert client.conversations_join(channel=ids.chat)["channel"]["is_member"]
    assert client.conversations_history(channel=ids.chat)["messages"][0]["subtype"] == "channel_join"
    assert client.conversations_join(channel=ids.chat)["warning"] == "already_in_channel"


def test_an_archived_channel_cannot_be_joined(world, sandbox, ids):
    world.install_app("xoxb-joiner", {"channels:join"}, name="fm")
    world.archive(ids.chat)
    answer = WebClient("xoxb-joiner", base_url=sandbox.api_url)
    with pytest.raises(Exception, match="is_archived"):
        answer.conversations_join(channel=ids.chat)


def test_a_parent_tells_of_its_replies_and_history_hides_them(world, clock, client, ids):
    parent = world.say(ids.questions, "takahashi", "雪はいつ降りますか")
    clock.pass_seconds(60)
    world.say(ids.questions, "saku", "来月です", thread_ts=parent.ts)
    last = world.say(ids.questions, "takahashi", "ありがとう", thread_ts=parent.ts)
    (shown,) = client.conversations_history(channel=ids.questions)["messages"]
    assert (shown["thread_ts"], shown["reply_count"]) == (parent.ts, 2)
    assert (shown["reply_users"], shown["latest_reply"]) == ([ids.saku, ids.takahashi], last.ts)


def test_replies_come_oldest_first_after_their_parent(world, client, ids):
    parent = world.say(ids.questions, "takahashi", "一")
    world.say(ids.questions, "saku", "二", thread_ts=parent.ts)
    world.say(ids.questions, "saku", "三", thread_ts=parent.ts)
    messages = client.conversations_replies(channel=ids.questions, ts=parent.ts)["messages"]
    assert [message["text"] for message in messages] == ["一", "二", "三"]
    assert messages[1]["parent_user_id"] == ids.takahashi
    paged = all_pages(client.conversations_replies, "messages", channel=ids.questions, ts=parent.ts, limit=1)
    assert paged == messages


def test_oldest_finds_only_the_new_replies_and_always_the_parent(world, clock, client, ids):
    parent = world.say(ids.questions, "takahashi", "一")
    old = world.say(ids.questions, "saku", "二", thread_ts=parent.ts)
    clock.pass_seconds(1)
    world.say(ids.questions, "saku", "三", thread_ts=parent.ts)
    found = client.conversations_replies(channel=ids.questions, ts=parent.ts, oldest=old.ts)["messages"]
    assert [message["text"] for message in found] == ["一", "三"]


def test_the_ts_of_a_reply_returns_that_reply_alone(world, client, ids):
    parent = world.say(ids.questions, "takahashi", "一")
    reply = world.say(ids.questions, "saku", "二", thread_ts=parent.ts)
    (only,) = client.conversations_replies(channel=ids.questions, ts=reply.ts)["messages"]
    assert only["text"] == "二"


def test_a_thread_that_is_not_there_is_not_found(refused, ids):
    assert refused("conversations_replies", channel=ids.questions, ts="1.000100") == "thread_not_found"
    assert refused("conversations_replies", channel=ids.questions, ts="x") == "thread_not_found"


def test_a_broadcast_reply_shows_in_the_channel_with_its_root(world, client, ids):
    parent = world.say(ids.questions, "takahashi", "一")
    world.say(ids.questions, "saku", "みんなへ", thread_ts=parent.ts, subtype="thread_broadcast")
    newest = client.conversations_history(channel=ids.questions)["messages"][0]
    assert (newest["subtype"], newest["root"]["text"]) == ("thread_broadcast", "一")


def test_a_late_reply_to_an_old_thread_shows_only_in_its_parent(world, clock, client, ids):
    parent = world.say(ids.questions, "takahashi", "昔の質問", at=clock.now - timedelta(days=90))
    newest = world.say(ids.questions, "saku", "今日の話")
    clock.pass_seconds(3600)
    late = world.say(ids.questions, "saku", "遅い返事", thread_ts=parent.ts)
    assert not client.conversations_history(channel=ids.questions, oldest=newest.ts)["messages"]
    old = client.conversations_history(channel=ids.questions)["messages"][-1]
    assert (old["reply_count"], old["latest_reply"]) == (1, late.ts)


def test_a_plain_deletion_vanishes(world, client, ids):
    ts = said(world, ids.questions, 1)[0]
    world.delete(ids.questions, ts)
    assert not client.conversations_history(channel=ids.questions)["messages"]


def test_a_deleted_parent_becomes_a_tombstone_until_its_last_reply_goes(world, client, ids):
    parent = world.say(ids.questions, "takahashi", "消す質問")
    reply = world.say(ids.questions, "saku", "返事", thread_ts=parent.ts)
    world.delete(ids.questions, parent.ts)
    (stone,) = client.conversations_history(channel=ids.questions)["messages"]
    assert (stone["subtype"], stone["reply_count"], "消す" in stone["text"]) == ("tombstone", 1, False)
    world.delete(ids.questions, reply.ts)
    assert not client.conversations_history(channel=ids.questions)["messages"]


def test_an_edit_tells_who_and_when(world, clock, client, ids):
    ts = said(world, ids.questions, 1)[0]
    clock.pass_seconds(5)
    world.edit(ids.questions, ts, "直した質問")
    (message,) = client.conversations_history(channel=ids.questions)["messages"]
    assert message["edited"] == {"user": ids.takahashi, "ts": "1795431605.000000"}


def test_reactions_in_history_may_list_only_some_users(world, client, ids):
    ts = said(world, ids.questions, 1)[0]
    world.react(ids.questions, ts, "eyes", "saku")
    world.react(ids.questions, ts, "eyes", "takahashi")
    world.rules = Rules(reaction_users_shown=1)
    (message,) = client.conversations_history(channel=ids.questions)["messages"]
    assert message["reactions"] == [{"name": "eyes", "users": [ids.saku], "count": 2}]
    partial = client.reactions_get(channel=ids.questions, timestamp=ts)["message"]["reactions"][0]
    full = client.reactions_get(channel=ids.questions, timestamp=ts, full=True)["message"]["reactions"][0]
    assert (len(partial["users"]), len(full["users"])) == (1, 2)


def test_info_describes_a_channel(client, ids):
    channel = client.conversations_info(channel=ids.questions, include_num_members=True)["channel"]
    assert (channel["name"], channel["is_private"], channel["num_members"]) == ("質問", False, 3)


def test_direct_messages_open_once(client, ids):
    first = client.conversations_open(users=ids.takahashi)["channel"]["id"]
    again = client.conversations_open(users=[ids.takahashi], return_im=True)
    assert first.startswith("D")
    assert again["already_open"]
    assert (again["channel"]["id"], again["channel"]["user"]) == (first, ids.takahashi)


def test_direct_messages_to_nobody_are_refused(world, refused, ids):
    gone = world.add_user("gone", deleted=True)
    assert refused("conversations_open", users="U404") == "user_not_found"
    assert refused("conversations_open", users=gone.id) == "user_disabled"
    assert refused("conversations_open", users="") == "users_list_not_supplied"
    assert refused("conversations_open", channel=ids.questions) == "method_not_supported_for_channel_type"
    assert refused("conversations_open", users=f"{ids.saku},{ids.takahashi}") == "missing_scope"


def test_users_are_listed_and_found(client, refused, ids):
    members = all_pages(client.users_list, "members", limit=2)
    assert [member["id"] for member in members] == [ids.takahashi, ids.saku, ids.bot]
    assert client.users_info(user=ids.takahashi)["user"]["profile"]["display_name"] == "髙橋"
    assert client.users_info(user=ids.saku)["user"]["profile"]["display_name"] == ""
    assert refused("users_info", user="U404") == "user_not_found"
    assert len(client.users_list()["members"]) == 3
