"""How Slack words an interaction: slash command, shortcut, block action, submitted or closed view."""

from collections.abc import Mapping

from cityhall_fm.sandbox.fields import Entry, Place, state_values
from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.methods.shapes import stored_json, view_json
from cityhall_fm.sandbox.people import App, Channel, Json, User
from cityhall_fm.sandbox.surfaces import View, Whisper
from cityhall_fm.sandbox.workspace import Workspace

_NAMES = {"im": "directmessage", "private_channel": "privategroup", "mpim": "privategroup"}


def command(world: Workspace, app: App, user: User, channel: Channel, name: str, text: str) -> Json:
    """Shape a slash command, without the addresses to answer at."""
    return {
        "token": _token(app),
        "team_id": world.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": _NAMES.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
    }


def shortcut(world: Workspace, app: App, user: User, callback_id: str, action_ts: str) -> Json:
    """Shape a global shortcut."""
    who = _who(world, app, user) | {"user": {"id": user.id, "username": user.name, "team_id": world.team_id}}
    return who | {"type": "shortcut", "callback_id": callback_id, "action_ts": action_ts}


def message_action(
    world: Workspace, app: App, user: User, callback_id: str, channel: Channel, message: Message
) -> Json:
    """Shape a message shortcut."""
    return _who(world, app, user) | {
        "type": "message_action",
        "callback_id": callback_id,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": _NAMES.get(channel.kind, channel.name)},
        "message": stored_json(world, channel, message),
    }


def on_message(
    world: Workspace,
    app: App,
    user: User,
    shown: Message | Whisper,
    channel: Channel,
    action: Json,
    entries: Mapping[Place, Entry],
) -> Json:
    """Shape a block action on a message; an ephemeral one is not sent along."""
    container: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": isinstance(shown, Whisper),
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    payload = _who(world, app, user) | {
        "type": "block_actions",
        "api_app_id": app.app_id,
        "container": container,
        "channel": {"id": channel.id, "name": _NAMES.get(channel.kind, channel.name)},
        "state": {"values": state_values(entries)},
        "actions": [action],
    }
    if isinstance(shown, Message):
        payload["message"] = stored_json(world, channel, shown)
    return payload


def in_view(world: Workspace, app: App, user: User, view: View, action: Json) -> Json:
    """Shape a block action in a modal or App Home."""
    return _who(world, app, user) | {
        "type": "block_actions",
        "api_app_id": app.app_id,
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(world, view),
        "actions": [action],
    }


def submission(world: Workspace, app: App, user: User, view: View) -> Json:
    """Shape a submitted modal."""
    return _who(world, app, user) | {
        "type": "view_submission",
        "api_app_id": app.app_id,
        "view": view_json(world, view),
        "response_urls": [],
    }


def closed(world: Workspace, app: App, user: User, view: View, *, is_cleared: bool) -> Json:
    """Shape a closed modal."""
    return _who(world, app, user) | {
        "type": "view_closed",
        "api_app_id": app.app_id,
        "view": view_json(world, view),
        "is_cleared": is_cleared,
    }


def action_of(block_id: str, element: Json, entry: Entry | None, action_ts: str) -> Json:
    """Shape what somebody pressed or chose."""
    action: Json = {"action_id": element["action_id"], "block_id": block_id, "action_ts": action_ts}
    if entry is not None:
        placeholder = {"placeholder": element["placeholder"]} if element.get("placeholder") else {}
        return action | placeholder | entry
    kept = {name: element[name] for name in ("type", "text", "value", "style", "url") if name in element}
    return action | kept


def _who(world: Workspace, app: App, user: User) -> Json:
    return {
        "token": _token(app),
        "team": {"id": world.team_id, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": world.team_id},
    }


def _token(app: App) -> str:
    return f"verification-{app.app_id}"
