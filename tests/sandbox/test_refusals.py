"""What the sandbox refuses before a method runs."""

import json
import urllib.parse
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cityhall_fm.sandbox import MINIMAL_SCOPES, Rules

TOKEN = "xoxb-sandbox"
FORM = "application/x-www-form-urlencoded"


def ask(sandbox, method, body=b"", *, kind=FORM, token=TOKEN, get=False):
    url = f"{sandbox.api_url}{method}" + (f"?{body.decode()}" if get else "")
    request = urllib.request.Request(url, data=None if get else body)  # noqa: S310
    request.add_header("Content-Type", kind)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        return json.load(response)


def test_without_a_token_nobody_is_authed(sandbox):
    assert ask(sandbox, "auth.test", token="") == {"ok": False, "error": "not_authed"}


def test_a_wrong_token_is_invalid(sandbox):
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-wrong", base_url=sandbox.api_url).auth_test()


def test_a_token_may_travel_in_the_form_and_is_never_recorded(sandbox):
    assert ask(sandbox, "auth.test", b"token=xoxb-sandbox", token="")["ok"]
    assert [(call.method, dict(call.arguments)) for call in sandbox.calls] == [("auth.test", {})]


def test_every_answer_names_the_scopes_of_its_token(client):
    scopes = client.auth_test().headers["x-oauth-scopes"].split(",")
    assert set(scopes) == MINIMAL_SCOPES


def test_a_missing_scope_is_named_with_those_provided(world, sandbox):
    world.install_app("xoxb-reader", {"channels:history", "users:read"}, name="reader")
    with pytest.raises(SlackApiError) as caught:
        WebClient("xoxb-reader", base_url=sandbox.api_url).reactions_add(
            channel="C1", name="eyes", timestamp="1.0"
        )
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope", "reactions:write", "channels:history,users:read",
    )  # fmt: skip


def test_a_member_of_a_private_channel_learns_which_scope_is_missing(client, ids):
    with pytest.raises(SlackApiError) as caught:
        client.conversations_history(channel=ids.office)
    assert (caught.value.response["error"], caught.value.response["needed"]) == (
        "missing_scope",
        "groups:history",
    )


def test_a_private_channel_does_not_exist_for_strangers(refused, ids):
    assert refused("conversations_history", channel=ids.secret) == "channel_not_found"


def test_with_the_scope_a_member_reads_the_private_channel(world, sandbox, ids):
    bot = world.install_app("xoxb-private", {"groups:history"}, name="insider")
    world.join(ids.office, bot.id)
    world.say(ids.office, "saku", "内緒")
    client = WebClient("xoxb-private", base_url=sandbox.api_url)
    assert client.conversations_history(channel=ids.office)["messages"][0]["text"] == "内緒"


def test_two_apps_speak_with_their_own_voice(world, sandbox, ids):
    other = world.install_app("xoxb-other", {"chat:write"}, name="other")
    world.join(ids.questions, other.id)
    posted = WebClient("xoxb-other", base_url=sandbox.api_url).chat_postMessage(
        channel=ids.questions, text="hi"
    )
    assert posted["message"]["user"] == other.id


def test_an_unknown_method_is_named(sandbox):
    answer = ask(sandbox, "chat.shout")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


def test_an_unknown_argument_is_refused(client, ids):
    with pytest.raises(SlackApiError) as caught:
        client.api_call("conversations.info", params={"channel": ids.questions, "colour": "red"})
    assert caught.value.response["response_metadata"]["messages"] == ["[ERROR] unknown argument: colour"]


def test_every_missing_argument_is_named_at_once(client):
    with pytest.raises(SlackApiError) as caught:
        client.api_call("reactions.add", json={"name": "eyes"})
    assert len(caught.value.response["response_metadata"]["messages"]) == 2


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"channel": "C0000000001"}'),  # conversations.info reads forms only
        ("application/x-www-form-urlencoded", b"channel=%ff"),
        ("text/xml", b"<channel/>"),
    ],
)
def test_a_body_in_the_wrong_encoding_is_refused(sandbox, kind, body):
    assert ask(sandbox, "conversations.info", body, kind=kind)["error"] == "invalid_arguments"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_broken_json_body_is_refused(sandbox, body):
    assert ask(sandbox, "chat.postMessage", body, kind="application/json")["error"] == "invalid_arguments"


def test_form_json_and_query_mean_the_same(sandbox, ids):
    form = urllib.parse.urlencode({"channel": ids.questions, "limit": 3, "inclusive": 1}).encode()
    as_json = json.dumps({"channel": ids.questions, "limit": 3, "inclusive": True}).encode()
    answers = [
        ask(sandbox, "conversations.history", form),
        ask(sandbox, "conversations.history", form, get=True),
        ask(sandbox, "conversations.history", as_json, kind="application/json; charset=utf-8"),
    ]
    assert answers[0]["ok"]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("bad", [{"limit": "many"}, {"limit": "0"}, {"inclusive": "perhaps"}])
def test_arguments_of_the_wrong_kind_are_refused(client, ids, bad):
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.api_call("conversations.history", params={"channel": ids.questions, **bad})


def mrkdwn(text):
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def rich(element):
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}]


@pytest.mark.parametrize(
    "message",
    [
        {"text": "<!here> 始まります"},
        {"text": "<!channel>"},
        {"text": "<!everyone|everyone>"},
        {"text": "<@U0000000001> さん"},
        {"text": "<!subteam^S123|@hosts>"},
        {"text": "@here", "parse": "full"},
        {"text": "x", "blocks": mrkdwn("hello <@U0000000001|髙橋>")},
        {"text": "x", "blocks": rich({"type": "user", "user_id": "U0000000001"})},
        {"text": "x", "blocks": rich({"type": "broadcast", "range": "here"})},
        {"text": "x", "attachments": [{"text": "<!channel>"}]},
    ],
)
def test_the_bot_may_not_ping_anyone(sandbox, client, ids, message):
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ids.questions, **message)
    assert caught.value.response["error"] == "invalid_arguments"
    assert "would notify people" in caught.value.response["response_metadata"]["messages"][0]
    assert not sandbox.world.messages(ids.questions)


@pytest.mark.parametrize(
    "message",
    [
        {"text": "&lt;!here&gt; and @here and <#C0000000001|質問> and <https://example.jp|link>"},
        {"text": "x", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "<!here>"}}]},
        {"text": "x", "blocks": rich({"type": "text", "text": "<@U0000000001>"})},
    ],
)
def test_what_pings_nobody_may_pass(client, ids, message):
    assert client.chat_postMessage(channel=ids.questions, **message)["ok"]


def test_pings_pass_where_the_rule_is_off(world, client, ids):
    world.rules = Rules(refuse_pings=False)
    assert client.chat_postMessage(channel=ids.questions, text="<!here>")["message"]["text"] == "<!here>"
