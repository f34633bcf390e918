"""reactions.*: emoji under messages."""

from cityhall_fm.sandbox.emoji import canonical_name
from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.methods.access import joined_channel, message_at, visible_channel
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import message_json
from cityhall_fm.sandbox.people import Channel, Json
from cityhall_fm.sandbox.refusals import RefusalError

_MOST_EMOJI = 50
_MOST_BY_ONE = 23


def add(request: Request) -> Json:
    """Answer reactions.add."""
    name = _name(request)
    channel, message = _target(request)
    if channel.is_archived:
        raise RefusalError("is_archived")
    mine = _by_me(request, message)
    if name in mine:
        raise RefusalError("already_reacted")
    if len(mine) >= _MOST_BY_ONE:
        raise RefusalError("too_many_reactions")
    names = {reaction.name for reaction in message.reactions}
    if name not in names and len(names) >= _MOST_EMOJI:
        raise RefusalError("too_many_emoji")
    request.world.react(channel.id, message.ts, name, request.app.user_id)
    return {}


def remove(request: Request) -> Json:
    """Answer reactions.remove."""
    name = _name(request)
    channel, message = _target(request)
    if name not in _by_me(request, message):
        raise RefusalError("no_reaction")
    request.world.unreact(channel.id, message.ts, name, request.app.user_id)
    return {}


def get(request: Request) -> Json:
    """Answer reactions.get; only full=true promises every user."""
    _refuse_files(request)
    channel = visible_channel(request)
    message = message_at(request, channel, "timestamp", malformed="bad_timestamp")
    shape = message_json(request, channel, message, all_users=request.flag("full"))
    shape["permalink"] = request.world.permalink(channel.id, message.ts)
    return {"type": "message", "channel": channel.id, "message": shape}


def _target(request: Request) -> tuple[Channel, Message]:
    _refuse_files(request)
    channel = joined_channel(request)
    return channel, message_at(request, channel, "timestamp", malformed="bad_timestamp")


def _refuse_files(request: Request) -> None:
    if request.has("file") or request.has("file_comment"):
        raise RefusalError("file_not_found")
    if not (request.text("channel") and request.text("timestamp")):
        raise RefusalError("no_item_specified")


def _name(request: Request) -> str:
    name = canonical_name(request.text("name"), custom=request.world.custom_emoji)
    if name is None:
        raise RefusalError("invalid_name")
    return name


def _by_me(request: Request, message: Message) -> set[str]:
    return {reaction.name for reaction in message.reactions if request.app.user_id in reaction.users}
