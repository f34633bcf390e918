"""Slack's export format: a folder or ZIP with channels.json, users.json and one file per channel and day."""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cityhall_fm.sandbox.message import Edited, Message, Reaction, moment_of
from cityhall_fm.sandbox.methods.shapes import stored_json, user_json
from cityhall_fm.sandbox.people import Channel, Json
from cityhall_fm.sandbox.text import well_formed
from cityhall_fm.sandbox.workspace import Workspace

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date a ZIP can hold
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3
_DAY_FILE = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_READ_BY_US = frozenset(
    {
        *("type", "ts", "user", "text", "thread_ts", "subtype", "bot_id", "app_id", "blocks", "attachments"),
        *("metadata", "edited", "reactions", "reply_count", "reply_users_count", "latest_reply"),
        *(
            "reply_users",
            "replies",
            "is_locked",
            "subscribed",
            "parent_user_id",
            "bot_profile",
            "team",
            "root",
        ),
    }
)
_USER_FIELDS = frozenset(
    {"id", "name", "real_name", "deleted", "is_bot", "is_restricted", "is_stranger", "team_id"}
)
_CHANNEL_FIELDS = frozenset(
    {"id", "name", "created", "creator", "is_archived", "is_general", "members", "topic", "purpose"}
)


def write_export(world: Workspace, path: Path, *, direct: bool = False) -> Path:
    """Write the public channels, and direct messages if wanted; the same world gives the same bytes."""
    with world.lock:
        files = _files(world) | (_direct_files(world) if direct else {})
    if path.suffix.lower() == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_zip(path, files)
    else:
        _write_folder(path, files)
    return path


def read_export(world: Workspace, path: Path) -> None:
    """Fill a world with what an export holds: public channels, and direct messages where it has them."""
    files = _folder_files(path) if path.is_dir() else _zip_files(path)
    for user in _objects(files["users.json"]):
        _add_user(world, user)
    for channel in _objects(files["channels.json"]):
        _add_channel(world, channel)
    folders = {channel.name: channel.id for channel in world.channels}
    for direct in _objects(files.get("dms.json", b"[]")):
        _add_direct(world, direct)
        folders[str(direct["id"])] = str(direct["id"])
    for name in sorted(files):
        folder, _, day = name.rpartition("/")
        if folder in folders and _DAY_FILE.fullmatch(day):
            for message in _objects(files[name]):
                if "ts" in message:
                    world.load(folders[folder], _message(message))


# -- writing ---------------------------------------------------------------------------------------------


def _files(world: Workspace) -> dict[str, bytes]:
    public = [channel for channel in world.channels if channel.kind == "public_channel"]
    files = {
        "channels.json": _json_bytes([_channel_json(channel) for channel in public]),
        "users.json": _json_bytes([user_json(world, user) for user in world.users]),
    }
    for channel in public:
        files |= _day_files(world, channel, channel.name)
    return files


def _direct_files(world: Workspace) -> dict[str, bytes]:
    direct = [channel for channel in world.channels if channel.kind == "im"]
    listed = [{"id": one.id, "created": one.created, "members": list(one.members)} for one in direct]
    files = {"dms.json": _json_bytes(listed)}
    for channel in direct:
        files |= _day_files(world, channel, channel.id)
    return files


def _day_files(world: Workspace, channel: Channel, folder: str) -> dict[str, bytes]:
    days: dict[str, list[Json]] = defaultdict(list)
    for message in world.messages(channel.id):
        day = moment_of(message.ts).astimezone(world.zone).date()
        days[day.isoformat()].append(_message_json(world, channel, message))
    return {f"{folder}/{day}.json": _json_bytes(messages) for day, messages in days.items()}


def _channel_json(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "members": list(channel.members),
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": 0},
    } | dict(channel.extra)


def _message_json(world: Workspace, channel: Channel, message: Message) -> Json:
    shape = stored_json(world, channel, message)
    replies = world.replies(channel.id, message.ts)
    if replies:
        shape["replies"] = [{"user": reply.user, "ts": reply.ts} for reply in replies]
    return shape


def _json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=4) + "\n").encode()


def _write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE
            archive.writestr(entry, files[name])


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    for name, content in sorted(files.items()):
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for folder in {(path / name).parent for name in files} - {path}:
        for old in folder.iterdir():
            if _DAY_FILE.fullmatch(old.name) and f"{folder.name}/{old.name}" not in files:
                old.unlink()  # a day whose messages are gone


# -- reading ---------------------------------------------------------------------------------------------


def _folder_files(path: Path) -> dict[str, bytes]:
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*.json")}


def _zip_files(path: Path) -> dict[str, bytes]:
    """Read an archive; one folder around everything is tolerated, re-packed exports have it."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        top = min((name for name in names if PurePosixPath(name).name == "channels.json"), key=len)
        around = top.removesuffix("channels.json")
        return {name.removeprefix(around): archive.read(name) for name in names if name.startswith(around)}


def _objects(content: bytes) -> list[Json]:
    parsed = well_formed(json.loads(content))
    return [one for one in parsed if isinstance(one, dict)] if isinstance(parsed, list) else []


def _add_user(world: Workspace, raw: Json) -> None:
    profile: Mapping[str, Any] = raw.get("profile") or {}
    world.add_user(
        str(raw["name"]),
        user_id=str(raw["id"]),
        real_name=str(raw.get("real_name") or profile.get("real_name") or ""),
        display_name=str(profile.get("display_name") or ""),
        deleted=bool(raw.get("deleted")),
        is_bot=bool(raw.get("is_bot")),
        is_restricted=bool(raw.get("is_restricted")),
        is_stranger=bool(raw.get("is_stranger")),
        bot_id=str(profile.get("bot_id") or ""),
        app_id=str(profile.get("api_app_id") or ""),
        extra={name: value for name, value in raw.items() if name not in _USER_FIELDS},
    )


def _add_channel(world: Workspace, raw: Json) -> None:
    known = {user.id for user in world.users}
    world.add_channel(
        str(raw["name"]),
        channel_id=str(raw["id"]),
        members=[member for member in raw.get("members", []) if member in known],
        created=int(raw.get("created") or 0),
        creator=str(raw.get("creator") or ""),
        topic=_value(raw.get("topic")),
        purpose=_value(raw.get("purpose")),
        is_archived=bool(raw.get("is_archived")),
        is_general=bool(raw.get("is_general")),
        extra={name: value for name, value in raw.items() if name not in _CHANNEL_FIELDS},
    )


def _add_direct(world: Workspace, raw: Json) -> None:
    known = {user.id for user in world.users}
    members = [member for member in raw.get("members", []) if member in known]
    created = int(raw.get("created") or 0)
    world.add_channel("", kind="im", channel_id=str(raw["id"]), members=members, created=created)


def _value(topic: object) -> str:
    return str(topic.get("value") or "") if isinstance(topic, dict) else ""


def _message(raw: Json) -> Message:
    thread_ts = str(raw.get("thread_ts") or "")
    edited = raw.get("edited")
    return Message(
        ts=str(raw["ts"]),
        user=str(raw.get("user") or ""),
        text=str(raw.get("text") or ""),
        thread_ts="" if thread_ts == raw["ts"] else thread_ts,  # a parent names itself
        subtype=str(raw.get("subtype") or ""),
        bot_id=str(raw.get("bot_id") or ""),
        app_id=str(raw.get("app_id") or ""),
        blocks=tuple(raw.get("blocks") or ()),
        attachments=tuple(raw.get("attachments") or ()),
        metadata=raw.get("metadata") or None,
        edited=Edited(str(edited.get("user", "")), str(edited["ts"])) if edited else None,
        reactions=tuple(_reaction(one) for one in raw.get("reactions") or ()),
        extra={name: value for name, value in raw.items() if name not in _READ_BY_US},
    )


def _reaction(raw: Json) -> Reaction:
    users = tuple(map(str, raw.get("users") or ()))
    return Reaction(str(raw["name"]), users, unlisted=max(0, int(raw.get("count") or 0) - len(users)))
