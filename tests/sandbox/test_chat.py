"""What the bot says, changes and takes back."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cityhall_fm.sandbox import MINIMAL_SCOPES
from thorough import examples

METADATA = {"event_type": "receipt", "event_payload": {"key": "0042-abc", "attempt": 1}}
QUICK = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
SNIPPETS = [
    *(
        "<",
        ">",
        "&",
        "&amp;",
        "&lt;",
        "&amp;lt;",
        "<!here>",
        "<@U1>",
        "*",
        "_",
        "`",
        "```",
        "|",
        "\n",
        "\x00",
    ),
    *("\u200b", "\u202e", "\ufeff", "髙橋", "佐久", "𠮷", "👩‍🌾", ":radio:", "é", "ｶﾞ", "<script>", "%F0"),
]
HOSTILE = st.text(max_size=60) | st.lists(st.sampled_from(SNIPPETS)).map("".join)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_post_is_stored_under_the_bots_name(client, ids):
    posted = client.chat_postMessage(channel=ids.questions, text="第42回を公開しました")
    (message,) = client.conversations_history(channel=ids.questions)["messages"]
    assert (message["ts"], message["user"], message["text"]) == (
        posted["ts"],
        ids.bot,
        "第42回を公開しました",
    )
    assert message["bot_id"].startswith("B")
    assert message["app_id"].startswith("A")


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        ("<https://example.jp/?a=1&b=2|市>", "<https://example.jp/?a=1&amp;b=2|市>"),
        ("<#C0000000001> <b>", "<#C0000000001> &lt;b&gt;"),
    ],
)
def test_text_is_stored_escaped_exactly_once(client, ids, sent, stored):
    assert client.chat_postMessage(channel=ids.questions, text=sent)["message"]["text"] == stored


@QUICK
@given(text=HOSTILE.filter(str.strip))
def test_any_escaped_text_comes_back_as_it_was(client, ids, text):
    ts = client.chat_postMessage(channel=ids.questions, text=escaped(text))["ts"]
    read = client.conversations_history(channel=ids.questions, latest=ts, inclusive=True, limit=1)[
        "messages"
    ][0]
    assert unescaped(read["text"]) == text


@QUICK
@given(text=st.text(st.characters(), min_size=1, max_size=20))
def test_half_characters_never_reach_the_world(world, client, ids, text):
    ts = client.chat_postMessage(channel=ids.questions, text=f"質問{escaped(text)}")["ts"]
    stored = world.message(ids.questions, ts).text
    whole = json.loads(json.dumps(text))  # two halves side by side are one character
    assert unescaped(stored) == "質問" + re.sub("[\ud800-\udfff]", "\ufffd", whole)


def test_one_lone_half_character_becomes_a_replacement_sign(world, client, ids):
    ts = client.chat_postMessage(channel=ids.questions, text="佐\ud83d久")["ts"]
    assert world.message(ids.questions, ts).text == "佐\ufffd久"


def test_metadata_is_returned_only_to_those_who_ask(client, ids):
    ts = client.chat_postMessage(channel=ids.questions, text="x", metadata=METADATA)["ts"]
    for call, more in ((client.conversations_history, {}), (client.conversations_replies, {"ts": ts})):
        assert "metadata" not in call(channel=ids.questions, **more)["messages"][0]
        asked = call(channel=ids.questions, include_all_metadata=True, **more)["messages"][0]
        assert asked["metadata"] == METADATA


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("{", "invalid_metadata_format"),
        ([], "invalid_metadata_format"),
        ({}, "invalid_metadata_format"),
        ({"event_type": "receipt"}, "invalid_metadata_format"),
        ({"event_type": "receipt", "event_payload": "text"}, "invalid_metadata_format"),
        ({"event_type": "a receipt!", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "receipt", "event_payload": {}, "more": 1}, "invalid_metadata_schema"),
        ({"event_type": "receipt", "event_payload": {"x": "y" * 9000}}, "metadata_too_large"),
    ],
)
def test_malformed_metadata_is_refused(refused, ids, metadata, error):
    assert refused("chat_postMessage", channel=ids.questions, text="x", metadata=metadata) == error


def test_metadata_and_blocks_may_come_as_json_inside_a_form(client, ids):
    form = {
        "channel": ids.questions,
        "text": "x",
        "blocks": json.dumps([section("*太字*")]),
        "metadata": json.dumps(METADATA),
    }
    message = client.api_call("chat.postMessage", data=form)["message"]
    assert message["metadata"] == METADATA
    assert message["blocks"][0]["text"]["text"] == "*太字*"


def test_a_reply_joins_its_thread_and_may_be_broadcast(world, client, ids):
    parent = world.say(ids.questions, "takahashi", "質問")
    client.chat_postMessage(channel=ids.questions, thread_ts=parent.ts, text="お答え", reply_broadcast=True)
    newest, first = client.conversations_history(channel=ids.questions)["messages"]
    assert (newest["subtype"], first["reply_count"]) == ("thread_broadcast", 1)


def test_only_a_parent_can_be_replied_to(world, refused, ids):
    parent = world.say(ids.questions, "takahashi", "質問")
    reply = world.say(ids.questions, "saku", "返事", thread_ts=parent.ts)
    for wrong in (reply.ts, "1.000100"):
        assert (
            refused("chat_postMessage", channel=ids.questions, text="x", thread_ts=wrong)
            == "cannot_reply_to_message"
        )


def test_places_where_the_bot_cannot_post(world, refused, ids):
    assert refused("chat_postMessage", channel=ids.chat, text="x") == "not_in_channel"
    assert refused("chat_postMessage", channel=ids.secret, text="x") == "channel_not_found"
    assert refused("chat_postMessage", channel="C404", text="x") == "channel_not_found"
    world.archive(ids.questions)
    assert refused("chat_postMessage", channel=ids.questions, text="x") == "is_archived"


def test_a_channel_may_be_named_and_a_user_id_opens_direct_messages(world, client, ids):
    assert client.chat_postMessage(channel="#質問", text="x")["channel"] == ids.questions
    direct = client.chat_postMessage(channel=ids.takahashi, text="x")["channel"]
    assert world.channel(direct).members == (ids.bot, ids.takahashi)


@pytest.mark.parametrize("text", ["", "  \n "])
@pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")
def test_a_message_needs_text(refused, ids, text):
    assert refused("chat_postMessage", channel=ids.questions, text=text) == "no_text"


def test_a_very_long_message_is_cut_with_a_warning(client, ids):
    posted = client.chat_postMessage(channel=ids.questions, text="あ" * 40_001)
    assert (len(posted["message"]["text"]), posted["warning"]) == (40_000, "message_truncated")


def test_posing_as_somebody_needs_a_scope(refused, ids):
    assert refused("chat_postMessage", channel=ids.questions, text="x", username="市長") == "missing_scope"
    assert (
        refused("chat_postMessage", channel=ids.questions, text="x", as_user=True) == "as_user_not_supported"
    )


def header(text):
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def button(text):
    return {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": text}}]}


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ("[", "invalid_blocks_format"),
        ({"type": "section"}, "invalid_blocks_format"),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("あ" * 3001)], "invalid_blocks"),
        ([section("")], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}], "invalid_blocks"),
        ([header("あ" * 151)], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([button("あ" * 76)], "invalid_blocks"),
        ([{"type": "image", "image_url": "https://example.jp/a.png"}], "invalid_blocks"),
        ([{"type": "image", "image_url": "file:///a.png", "alt_text": "x"}], "invalid_blocks"),
        ([{"type": "context", "elements": []}], "invalid_blocks"),
        ([{"type": "context", "elements": ["x"]}], "invalid_blocks"),
        ([{"type": "carousel"}], "invalid_blocks"),
        (["x"], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}] * 2, "invalid_blocks"),
        ([section("あ" * 2900)] * 5, "msg_blocks_too_long"),
    ],
)
def test_blocks_beyond_slacks_limits_are_refused(refused, ids, blocks, error):
    assert refused("chat_postMessage", channel=ids.questions, text="x", blocks=blocks) == error


def test_blocks_at_slacks_limits_pass(client, ids):
    image = {"type": "image", "image_url": "https://example.jp/a.png", "alt_text": "絵"}
    fields = {"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 10}
    context = {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}, image]}
    blocks = [section("あ" * 3000), header("あ" * 150), button("あ" * 75), image, fields, context]
    blocks += [{"type": "divider"}] * (50 - len(blocks))
    posted = client.chat_postMessage(channel=ids.questions, text="x", blocks=blocks)
    assert len(posted["message"]["blocks"]) == 50


def test_an_update_changes_the_text_and_keeps_the_metadata(client, ids):
    ts = client.chat_postMessage(channel=ids.questions, text="前", metadata=METADATA)["ts"]
    assert client.chat_update(channel=ids.questions, ts=ts, text="後 & 先")["text"] == "後 &amp; 先"
    (message,) = client.conversations_history(channel=ids.questions, include_all_metadata=True)["messages"]
    assert (message["edited"]["user"], message["metadata"]) == (ids.bot, METADATA)


def test_an_empty_object_removes_the_metadata(client, ids):
    ts = client.chat_postMessage(channel=ids.questions, text="前", metadata=METADATA)["ts"]
    client.chat_update(channel=ids.questions, ts=ts, text="後", metadata={})
    (message,) = client.conversations_history(channel=ids.questions, include_all_metadata=True)["messages"]
    assert "metadata" not in message


def test_updates_have_limits_of_their_own(world, client, refused, ids):
    ts = client.chat_postMessage(channel=ids.questions, text="前")["ts"]
    theirs = world.say(ids.questions, "saku", "私の").ts
    assert refused("chat_update", channel=ids.questions, ts=ts, text="あ" * 4001) == "msg_too_long"
    assert refused("chat_update", channel=ids.questions, ts=ts, text="<!here>") == "invalid_arguments"
    assert refused("chat_update", channel=ids.questions, ts=theirs, text="x") == "cant_update_message"
    assert refused("chat_update", channel=ids.questions, ts="1.000100", text="x") == "message_not_found"


def test_a_bot_deletes_its_own_messages_only(world, client, refused, ids):
    theirs = world.say(ids.questions, "saku", "私の").ts
    mine = client.chat_postMessage(channel=ids.questions, text="x")["ts"]
    assert refused("chat_delete", channel=ids.questions, ts=theirs) == "cant_delete_message"
    client.chat_delete(channel=ids.questions, ts=mine)
    assert [message.ts for message in world.messages(ids.questions)] == [theirs]
    assert refused("chat_delete", channel=ids.questions, ts=mine) == "message_not_found"


def test_permalinks_have_slacks_shape(world, sandbox, client, refused, ids):
    parent = world.say(ids.questions, "takahashi", "質問")
    plain = client.chat_getPermalink(channel=ids.questions, message_ts=parent.ts)["permalink"]
    assert plain == f"{sandbox.page_url}archives/{ids.questions}/p1795431600000100"
    reply = world.say(ids.questions, "saku", "返事", thread_ts=parent.ts)
    threaded = client.chat_getPermalink(channel=ids.questions, message_ts=reply.ts)["permalink"]
    assert threaded.endswith(f"/p1795431600000200?thread_ts={parent.ts}&cid={ids.questions}")
    assert refused("chat_getPermalink", channel=ids.questions, message_ts="1.000100") == "message_not_found"


def test_posting_in_public_without_joining_needs_its_scope(world, sandbox, ids):
    world.install_app("xoxb-public", MINIMAL_SCOPES | {"chat:write.public"}, name="fm")
    assert WebClient("xoxb-public", base_url=sandbox.api_url).chat_postMessage(channel=ids.chat, text="x")[
        "ok"
    ]


def test_a_reaction_is_added_once_and_taken_back_once(world, client, refused, ids):
    target = {"channel": ids.questions, "timestamp": world.say(ids.questions, "saku", "質問").ts}
    client.reactions_add(name="radio", **target)
    assert refused("reactions_add", name="radio", **target) == "already_reacted"
    shown = client.reactions_get(**target)["message"]["reactions"]
    assert shown == [{"name": "radio", "users": [ids.bot], "count": 1}]
    client.reactions_remove(name="radio", **target)
    assert refused("reactions_remove", name="radio", **target) == "no_reaction"
    assert "reactions" not in client.reactions_get(**target)["message"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *(
            (name, True)
            for name in ("eyes", "studio_microphone", "white_check_mark", "seedling", "+1", "thumbsup")
        ),
        *((name, True) for name in ("wave::skin-tone-2", "sushi", ":tada:")),
        *((name, False) for name in ("no_such_thing", "latin_small_letter_a", "EYES", "wave::blue", "👀")),
    ],
)
def test_only_known_emoji_are_reactions(world, client, ids, name, known):
    target = {"channel": ids.questions, "timestamp": world.say(ids.questions, "saku", "質問").ts}
    try:
        answer = client.reactions_add(name=name, **target)
    except SlackApiError as error:
        answer = error.response
    assert answer.get("error") == (None if known else "invalid_name")


def test_custom_emoji_are_reactions_too(world, client, ids):
    world.custom_emoji.add("sakucho")
    ts = world.say(ids.questions, "saku", "質問").ts
    assert client.reactions_add(channel=ids.questions, name="sakucho", timestamp=ts)["ok"]


def test_reactions_need_a_message(world, refused, ids):
    place = {"channel": ids.questions, "name": "eyes"}
    assert refused("reactions_add", timestamp="1.000100", **place) == "message_not_found"
    assert refused("reactions_add", timestamp="now", **place) == "bad_timestamp"
    assert refused("reactions_remove", **place) == "no_item_specified"
    assert refused("reactions_add", channel=ids.chat, name="eyes", timestamp="1.0") == "channel_not_found"
    ts = world.say(ids.questions, "saku", "質問").ts
    world.archive(ids.questions)
    assert refused("reactions_add", timestamp=ts, **place) == "is_archived"


def test_too_many_emoji_are_refused(world, refused, client, ids):
    ts = world.say(ids.questions, "saku", "質問").ts
    world.custom_emoji |= {f"e{number}" for number in range(30)}
    for number in range(23):
        client.reactions_add(channel=ids.questions, name=f"e{number}", timestamp=ts)
    assert refused("reactions_add", channel=ids.questions, name="e29", timestamp=ts) == "too_many_reactions"
