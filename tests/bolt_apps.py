"""Bolt apps on the sandbox, over Socket Mode and over signed HTTP."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.routing import Route

SECRET = "signing-secret"
MANIFEST = {
    "display_information": {"name": "市役所FM", "description": "質問を番組へ"},
    "features": {
        "bot_user": {"display_name": "市役所FM", "always_online": False},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/fm", "description": "質問する", "usage_hint": "[質問]"}],
        "shortcuts": [
            {"name": "質問する", "callback_id": "ask", "type": "global", "description": "番組に質問する"},
            {"name": "取り上げて", "callback_id": "hand-on", "type": "message", "description": "番組に渡す"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("channels:history", "channels:join", "channels:read", "chat:write", "commands"),
                *("files:read", "files:write", "im:history", "im:write", "reactions:read"),
                *("reactions:write", "users:read"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("app_home_opened", "channel_archive", "channel_rename", "file_shared"),
                *("member_joined_channel", "message.channels", "message.im", "reaction_added"),
                *("reaction_removed", "team_join", "user_change"),
            ]
        },
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    },
}


def quiet() -> logging.Logger:
    """Bolt tells of every disconnect; a test that cuts connections need not hear it."""
    logger = logging.getLogger("quiet-bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


def install(world, **more):
    """Install the app of these tests and let it into #質問."""
    bot = world.install_app(
        name="fm", manifest=MANIFEST, app_token="xapp-sandbox", signing_secret=SECRET, **more
    )
    world.join("質問", bot.id)
    return bot


def bolt_app(sandbox) -> App:
    client = WebClient("xoxb-sandbox", base_url=sandbox.api_url, logger=quiet())
    return App(client=client, signing_secret=SECRET, logger=quiet())


@contextmanager
def over_socket(app, sandbox) -> Iterator[SocketModeHandler]:
    """Run an app in Socket Mode, with slack_sdk's own client.

    It leaves a socket that was silent for four intervals, and a press on its way there is lost, as with
    Slack: on a busy machine nothing may be shorter.
    """
    handler = SocketModeHandler(app, "xapp-sandbox", logger=quiet(), ping_interval=1.0)
    handler.connect()
    assert sandbox.wait_for_sockets()
    try:
        yield handler
    finally:
        _close(handler, sandbox)


def _close(handler, sandbox):
    """End a client without its waits: a second for its queue, three for its socket."""
    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    handler.client.closed = True
    handler.client.message_queue.put(None)
    sandbox.drop_sockets()
    until = time.monotonic() + 5
    while handler.client.is_connected() and time.monotonic() < until:
        time.sleep(0.002)
    handler.close()


@contextmanager
def over_http(app, world) -> Iterator[str]:
    """Run an app behind a request URL, with Bolt's Starlette adapter, and tell the sandbox the address."""
    receive = SlackRequestHandler(app).handle
    web = Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            web, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
        install(world, request_url=url)
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()


def text_input(label="質問", block_id="q", **element):
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


def modal(*blocks, title="質問する", callback_id="ask", **more):
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "送る"},
        "close": {"type": "plain_text", "text": "やめる"},
        "blocks": list(blocks) or [text_input()],
        **more,
    }


def button(action_id, text="押す", **more):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, **more}


def actions(*elements, block_id="actions"):
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
