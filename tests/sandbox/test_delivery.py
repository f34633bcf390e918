"""Retries, duplicates, order, dropped connections, signatures: how events reach an app, or do not."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from cityhall_fm.sandbox import (
    AckLost,
    BadSignature,
    Duplicated,
    HeldBack,
    Lost,
    Rules,
    SocketDropped,
    StaleSignature,
)

from bolt_apps import MANIFEST, bolt_app, install, over_http, over_socket, quiet


@pytest.fixture
def takahashi(sandbox):
    return sandbox.as_member("takahashi")


@pytest.fixture
def heard():
    return []


@pytest.fixture
def app(world, sandbox, heard):
    install(world)
    app = bolt_app(sandbox)

    @app.event("message")
    def listener(event, body, request):
        attempt = request.headers.get("x-slack-retry-num", ["0"])[0]
        reason = request.headers.get("x-slack-retry-reason", [""])[0]
        heard.append((event["text"], body["event_id"], attempt, reason))

    return app


def texts(heard):
    return [text for text, *_ in heard]


def test_an_event_comes_twice_with_the_same_id(app, sandbox, takahashi, heard):
    with over_socket(app, sandbox):
        sandbox.faults.add("events_api", Duplicated())
        takahashi.say("質問", "雪は？")
        takahashi.wait_for(lambda: len(heard) == 2)
    assert heard[0] == heard[1]


def test_an_event_whose_ack_was_lost_comes_again_and_says_why(app, sandbox, takahashi, heard):
    with over_socket(app, sandbox):
        sandbox.faults.add("events_api", AckLost())
        takahashi.say("質問", "雪は？")
        takahashi.wait_for(lambda: len(heard) == 2)
    first, again = heard
    assert (again[:2], again[2:]) == (first[:2], ("1", "timeout"))


def test_two_events_come_in_the_wrong_order(app, sandbox, takahashi, heard):
    with over_http(app, sandbox.world):
        sandbox.faults.add("events_api", HeldBack())
        takahashi.say("質問", "一")
        assert not heard
        takahashi.say("質問", "二")
        takahashi.wait_for(lambda: len(heard) == 2)
    assert sorted(texts(heard)) == ["一", "二"]
    sent = [one.payload["event"]["text"] for one in sandbox.deliveries]
    assert sent == ["二", "一"]


def test_what_is_lost_while_the_app_was_away_never_comes(app, sandbox, takahashi, heard):
    with over_socket(app, sandbox):
        sandbox.faults.add("events_api", Lost())
        takahashi.say("質問", "消えた")
        takahashi.say("質問", "届いた")
        takahashi.wait_for(lambda: heard)
        assert sandbox.settle()
    assert texts(heard) == ["届いた"]


def test_a_dropped_connection_loses_nothing(app, sandbox, takahashi, heard):
    with over_socket(app, sandbox):
        sandbox.faults.add("events_api", SocketDropped())
        takahashi.say("質問", "雪は？")
        assert sandbox.settle()
        assert sandbox.wait_for_sockets()  # the client came back by itself
        sandbox.world.clock.pass_seconds(60)  # the first retry found nobody; the second comes a minute later
        takahashi.wait_for(lambda: heard)
    assert texts(heard) == ["雪は？"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_a_client_told_to_reconnect_does_so_and_hears_on(app, sandbox, takahashi, heard, reason):
    with over_socket(app, sandbox):
        sandbox.end_sockets(reason)
        assert sandbox.wait_for_sockets()
        takahashi.say("質問", "雪は？")
        takahashi.wait_for(lambda: heard)
        assert sandbox.count("apps.connections.open") >= 2
    assert texts(heard) == ["雪は？"]


def test_any_one_of_several_connections_gets_a_payload(app, sandbox, takahashi, heard):
    with over_socket(app, sandbox), over_socket(app, sandbox):
        assert sandbox.wait_for_sockets(2)
        for number in range(4):
            takahashi.say("質問", str(number))
        takahashi.wait_for(lambda: len(heard) == 4)
        assert sandbox.settle()
    assert sorted(texts(heard)) == ["0", "1", "2", "3"]
    assert [one.attempt for one in sandbox.deliveries if one.attempt == 0 and one.problem == ""] == [0] * 4


def test_an_app_that_never_answers_is_asked_four_times_on_slacks_schedule(world, sandbox, takahashi):
    world.rules = Rules(ack_seconds=0.05)
    install(world)
    sandbox.settle()
    sandbox.deliveries.clear()
    takahashi.say("質問", "誰かいますか")
    for minutes, attempts in ((0, 2), (1, 3), (5, 4), (60, 4)):
        world.clock.pass_seconds(minutes * 60)
        assert sandbox.settle()
        mine = [one for one in sandbox.deliveries if one.payload["event"]["type"] == "message"]
        assert [one.attempt for one in mine] == list(range(attempts))
    assert len({one.event_id for one in mine}) == 1


def test_the_plain_client_acknowledges_by_hand_within_the_limit(world, sandbox, takahashi):
    world.rules = Rules(ack_seconds=0.3)
    install(world)
    client = SocketModeClient("xapp-sandbox", web_client=WebClient(base_url=sandbox.api_url), logger=quiet())
    asked = []

    def answer(client, request):
        asked.append(request)
        if request.payload["text"] != "遅い":
            response = SocketModeResponse(request.envelope_id, {"text": "はい"})
            client.send_socket_mode_response(response)

    client.socket_mode_request_listeners.append(answer)
    client.connect()
    assert sandbox.wait_for_sockets()
    assert takahashi.command("/fm", "早い").told() == "はい"
    assert takahashi.command("/fm", "遅い").problem == "operation_timeout"
    assert [request.type for request in asked] == ["slash_commands"] * 2
    client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
    client.closed = True
    sandbox.drop_sockets()
    takahashi.wait_for(lambda: not client.is_connected())
    client.close()


def test_socket_mode_wants_an_app_level_token_with_its_scope(world, sandbox, client):
    install(world, app_token_scopes=["authorizations:read"])
    for token, error in (("xapp-sandbox", "missing_scope"), ("xapp-wrong", "invalid_auth")):
        with pytest.raises(SlackApiError, match=error):
            client.apps_connections_open(app_token=token)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client.apps_connections_open(app_token="xoxb-sandbox")
    install(world)
    opened = client.apps_connections_open(app_token="xapp-sandbox")["url"]
    assert opened.startswith(sandbox.page_url.replace("http:", "ws:") + "link/?ticket=")


@pytest.mark.parametrize("fault", [BadSignature(), StaleSignature(), StaleSignature(-302)])
def test_bolt_refuses_a_signature_that_is_wrong_old_or_from_the_future(app, sandbox, takahashi, heard, fault):
    with over_http(app, sandbox.world):
        sandbox.deliveries.clear()
        sandbox.faults.add("events_api", fault)
        takahashi.say("質問", "雪は？")
        takahashi.wait_for(lambda: heard)
    refused, accepted = sandbox.deliveries
    assert (refused.problem, accepted.problem, heard[0][2:]) == ("http_error", "", ("1", "http_error"))


def test_a_request_url_answers_slacks_challenge(app, sandbox):
    with over_http(app, sandbox.world) as url:
        assert sandbox.verify_request_urls() == {url: True}
    assert sandbox.verify_request_urls() == {url: False}


def test_only_what_the_manifest_asks_for_is_delivered(world, sandbox, takahashi):
    settings = MANIFEST["settings"] | {"event_subscriptions": {"bot_events": ["reaction_added"]}}
    world.install_app(name="fm", manifest=MANIFEST | {"settings": settings}, app_token="xapp-sandbox")
    sandbox.deliveries.clear()
    message = takahashi.say("質問", "雪は？")
    takahashi.react("質問", message.ts, "eyes")
    sandbox.settle()
    assert {one.payload["event"]["type"] for one in sandbox.deliveries} == {"reaction_added"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"oauth_config": {"scopes": {"bot": ["commands"]}}}, "message.channels needs the scope"),
        ({"oauth_config": {"scopes": {"bot": ["channels:history"]}}}, "need the scope commands"),
        ({"settings": MANIFEST["settings"] | {"interactivity": {}}}, "shortcuts need"),
        ({"settings": MANIFEST["settings"] | {"socket_mode_enabled": False}}, "/fm needs a url"),
        ({"display_information": {"name": "あ" * 36}}, "1 to 35 characters"),
        (
            {"features": MANIFEST["features"] | {"slash_commands": [{"command": "fm", "description": "x"}]}},
            "'fm' is no command",
        ),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_refused(world, change, problem):
    with pytest.raises(ValueError, match=problem):
        world.install_app(manifest=MANIFEST | change)
