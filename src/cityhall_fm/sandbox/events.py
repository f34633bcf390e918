"""The Events API: which app hears of what, and how Slack words it."""

from collections.abc import Callable, Mapping
from typing import Any

from cityhall_fm.sandbox.happenings import (
    Came,
    Changed,
    ChannelChanged,
    Deleted,
    FileShared,
    Happening,
    HomeOpened,
    MemberChanged,
    Posted,
    Reacted,
)
from cityhall_fm.sandbox.manifest import EVENT_SCOPES
from cityhall_fm.sandbox.message import MICROSECONDS, Message, ts_from_microseconds
from cityhall_fm.sandbox.methods.shapes import stored_json, user_json, view_json
from cityhall_fm.sandbox.people import App, Channel, Json
from cityhall_fm.sandbox.workspace import Workspace

_MESSAGE_EVENTS = {
    "public_channel": ("message.channels", "channel"),
    "private_channel": ("message.groups", "group"),
    "im": ("message.im", "im"),
    "mpim": ("message.mpim", "mpim"),
}


def event_for(world: Workspace, app: App, happening: Happening) -> Json | None:
    """Return the event that this app hears of, or None if it did not ask, may not, or was not there."""
    return _TELLERS[type(happening)](world, app, happening)


def callback(world: Workspace, app: App, event: Json, event_id: str) -> Json:
    """Wrap an event as it travels."""
    return {
        "token": f"verification-{app.app_id}",
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(world.clock().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": app.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def _posted(world: Workspace, app: App, happened: Posted) -> Json | None:
    channel, message = happened.channel, happened.message
    if not _hears_messages(app, channel):
        return None
    event = _message(world, channel, message)
    if message.subtype == "thread_broadcast":
        event["root"] = _message(world, channel, world.message(channel.id, message.thread_ts))
    return event | _where(channel) | {"event_ts": message.ts}


def _changed(world: Workspace, app: App, happened: Changed) -> Json | None:
    channel = happened.channel
    if not _hears_messages(app, channel):
        return None
    now = _now(world)
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": _message(world, channel, happened.after),
        "previous_message": _message(world, channel, happened.before),
        "ts": now,
        "event_ts": now,
    } | _where(channel)


def _deleted(world: Workspace, app: App, happened: Deleted) -> Json | None:
    channel = happened.channel
    if not _hears_messages(app, channel):
        return None
    now = _now(world)
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": happened.before.ts,
        "previous_message": _message(world, channel, happened.before),
        "ts": now,
        "event_ts": now,
    } | _where(channel)


def _reacted(world: Workspace, app: App, happened: Reacted) -> Json | None:
    kind = "reaction_added" if happened.added else "reaction_removed"
    if not _hears(app, kind) or app.user_id not in happened.channel.members:
        return None
    return {
        "type": kind,
        "user": happened.user,
        "reaction": happened.name,
        "item": {"type": "message", "channel": happened.channel.id, "ts": happened.message.ts},
        "item_user": happened.message.user,
        "event_ts": _now(world),
    }


def _came(world: Workspace, app: App, happened: Came) -> Json | None:
    channel = happened.channel
    kind = "member_joined_channel" if happened.joined else "member_left_channel"
    if not _hears(app, kind) or app.user_id not in {*channel.members, happened.user}:
        return None
    return {
        "type": kind,
        "user": happened.user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public_channel" else "G",
        "team": world.team_id,
        "event_ts": _now(world),
    }


def _channel_changed(world: Workspace, app: App, happened: ChannelChanged) -> Json | None:
    channel = happened.channel
    if channel.kind != "public_channel" or not _hears(app, happened.what):
        return None
    event: Json = {"type": happened.what, "event_ts": _now(world)}
    if happened.what == "channel_archive":
        return event | {"channel": channel.id, "user": happened.user, "is_moved": 0}
    return event | {
        "channel": {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": True,
            "is_mpim": False,
            "created": channel.created,
        }
        | ({"creator": channel.creator} if happened.what == "channel_created" else {})
    }


def _member_changed(world: Workspace, app: App, happened: MemberChanged) -> Json | None:
    if not _hears(app, happened.what):
        return None
    user, now = user_json(world, happened.user, locale=True), _now(world)
    event: Json = {"type": happened.what, "user": user, "event_ts": now}
    return event | ({"cache_ts": int(now.partition(".")[0])} if happened.what == "user_change" else {})


def _home_opened(world: Workspace, app: App, happened: HomeOpened) -> Json | None:
    if app.app_id != happened.app_id or not _hears(app, "app_home_opened"):
        return None
    event: Json = {
        "type": "app_home_opened",
        "user": happened.user,
        "channel": happened.channel.id,
        "tab": "home",
        "event_ts": _now(world),
    }
    shown = world.surfaces.home(app.app_id, happened.user)
    return event | ({"view": view_json(world, shown)} if shown else {})


def _file_shared(world: Workspace, app: App, happened: FileShared) -> Json | None:
    if not _hears(app, "file_shared") or app.user_id not in happened.channel.members:
        return None
    return {
        "type": "file_shared",
        "channel_id": happened.channel.id,
        "file_id": happened.file_id,
        "user_id": happened.user,
        "file": {"id": happened.file_id},
        "event_ts": _now(world),
    }


_TELLERS: Mapping[type[Any], Callable[[Workspace, App, Any], Json | None]] = {
    Posted: _posted,
    Changed: _changed,
    Deleted: _deleted,
    Reacted: _reacted,
    Came: _came,
    ChannelChanged: _channel_changed,
    MemberChanged: _member_changed,
    HomeOpened: _home_opened,
    FileShared: _file_shared,
}


def _hears_messages(app: App, channel: Channel) -> bool:
    return _hears(app, _MESSAGE_EVENTS[channel.kind][0]) and app.user_id in channel.members


def _hears(app: App, event: str) -> bool:
    scopes = EVENT_SCOPES[event]
    return event in app.manifest.events and (not scopes or bool(app.scopes.intersection(scopes)))


def _where(channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": _MESSAGE_EVENTS[channel.kind][1]}


def _message(world: Workspace, channel: Channel, message: Message) -> Json:
    shape = stored_json(world, channel, message)
    for name in ("metadata", "reactions"):
        shape.pop(name, None)
    return shape


def _now(world: Workspace) -> str:
    return ts_from_microseconds(int(world.clock().timestamp() * MICROSECONDS))
