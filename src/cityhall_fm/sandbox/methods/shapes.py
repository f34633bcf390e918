"""How users, channels and messages look in Slack's answers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cityhall_fm.sandbox.fields import state_values
from cityhall_fm.sandbox.files import File
from cityhall_fm.sandbox.message import Message, Reaction
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import App, Channel, Json, User
from cityhall_fm.sandbox.surfaces import View
from cityhall_fm.sandbox.workspace import Workspace

_LOCALES = {"ja": "ja-JP", "en": "en-US", "fr": "fr-FR"}


def user_json(world: Workspace, user: User, *, locale: bool = False) -> Json:
    """Shape a user; no e-mail address, that takes users:read.email; the locale only for who asks."""
    profile: Mapping[str, Any] = user.extra.get("profile") or {}
    names = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "team": world.team_id,
    }
    bot = {"bot_id": user.bot_id, "api_app_id": user.app_id} if user.is_bot else {}
    known: Json = {
        "id": user.id,
        "team_id": world.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "profile": {name: value for name, value in profile.items() if name != "email"} | names | bot,
        "is_restricted": user.is_restricted,
        "is_bot": user.is_bot,
    }
    known |= {"is_stranger": True} if user.is_stranger else {}
    usual = {
        "is_admin": False,
        "is_owner": False,
        "is_ultra_restricted": False,
        "is_app_user": False,
        "updated": 0,
    }
    if locale:
        known["locale"] = user.locale or _LOCALES.get(world.language, "en-US")
    return known | usual | dict(user.extra) | known


def channel_json(app: App, channel: Channel) -> Json:
    """Shape a channel as this app sees it."""
    shape: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
    }
    if channel.kind == "im":
        other = [member for member in channel.members if member != app.user_id] or [app.user_id]
        return shape | {"user": other[0], "is_user_deleted": False, "priority": 0}
    return shape | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public_channel",
        "is_group": channel.kind == "private_channel",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public_channel",
        "is_general": channel.is_general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": app.user_id in channel.members,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def message_json(
    request: Request, channel: Channel, message: Message, *, metadata: bool = False, all_users: bool = False
) -> Json:
    """Shape a message; metadata and complete reactions only for those who ask for them."""
    world = request.world
    shape = stored_json(world, channel, message)
    if not metadata:
        shape.pop("metadata", None)
    if message.reactions:
        most = None if all_users else world.rules.reaction_users_shown
        shape["reactions"] = [_reaction_json(reaction, most) for reaction in message.reactions]
    if message.subtype == "thread_broadcast":
        parent = _parent(world, channel, message)
        if parent is not None:
            shape["root"] = message_json(request, channel, parent)
    return shape


def stored_json(world: Workspace, channel: Channel, message: Message) -> Json:
    """Shape everything that is stored of a message, as an export writes it too."""
    shape: Json = dict(message.extra) | {"type": "message", "ts": message.ts, "text": message.text}
    optional: Json = {
        "user": message.user,
        "subtype": message.subtype,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "blocks": list(message.blocks),
        "attachments": list(message.attachments),
        "metadata": dict(message.metadata) if message.metadata else None,
        "edited": {"user": message.edited.user, "ts": message.edited.ts} if message.edited else None,
        "reactions": [_reaction_json(reaction, None) for reaction in message.reactions],
        "files": [file_json(world, world.file(file_id)) for file_id in message.files],
    }
    shape |= {name: value for name, value in optional.items() if value}
    if message.bot_id and message.user:
        shape |= {"team": world.team_id, "bot_profile": _bot_profile(world, message)}
    return shape | _thread_json(world, channel, message)


def file_json(world: Workspace, file: File) -> Json:
    """Shape a file; its content lies behind url_private, for tokens only."""
    url = f"{world.page_url}files-pri/{world.team_id}-{file.id}/{quote(file.name)}"
    shares: Json = {}
    for channel_id, ts in file.shares:
        channel = world.channel(channel_id)
        visibility = "public" if channel.kind == "public_channel" else "private"
        shares.setdefault(visibility, {}).setdefault(channel_id, []).append({"ts": ts})
    shape: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "user_team": world.team_id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": "public" in shares,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url,
        "url_private_download": f"{url}?download=1",
        "permalink": f"{world.page_url}files/{file.user}/{file.id}/{quote(file.name)}",
        "shares": shares,
        "has_rich_preview": False,
        "file_access": "visible",
    }
    if file.subtype == "slack_audio":
        preview = {"content": file.transcript, "has_more": False}
        words: Json = {"locale": "ja-JP", "preview": preview} if file.transcript else {}
        status = "complete" if file.transcript else "none"
        shape |= {
            "subtype": file.subtype,
            "duration_ms": file.duration_ms,
            "media_display_type": "audio",
            "transcription": {"status": status, **words},
        }
    return shape | dict(file.extra)


def view_json(world: Workspace, view: View) -> Json:
    """Shape a view with what was typed into it."""
    app = world.app_by_id(view.app_id)
    body = view.body
    shape: Json = {
        "id": view.id,
        "team_id": world.team_id,
        "type": view.kind,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": state_values(view.entries)},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_id or None,
        "root_view_id": view.root_id,
        "app_id": view.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": world.team_id,
        "bot_id": app.bot_id,
    }
    return shape


def _thread_json(world: Workspace, channel: Channel, message: Message) -> Json:
    if message.is_reply:
        parent = _parent(world, channel, message)
        return {"thread_ts": message.thread_ts} | ({"parent_user_id": parent.user} if parent else {})
    replies = world.replies(channel.id, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies if reply.user))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def _parent(world: Workspace, channel: Channel, message: Message) -> Message | None:
    try:
        return world.message(channel.id, message.thread_ts)
    except LookupError:  # exports may lack it
        return None


def _bot_profile(world: Workspace, message: Message) -> Json:
    return {
        "id": message.bot_id,
        "app_id": message.app_id,
        "name": _name(world, message.user),
        "deleted": False,
        "team_id": world.team_id,
    }


def _reaction_json(reaction: Reaction, most_users: int | None) -> Json:
    return {"name": reaction.name, "users": list(reaction.users[:most_users]), "count": reaction.count}


def _name(world: Workspace, user_id: str) -> str:
    try:
        return world.user(user_id).shown_name
    except LookupError:  # exports may lack it
        return user_id
