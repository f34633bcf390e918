"""Which channels and messages a token may see, and what it hears otherwise."""

from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Channel
from cityhall_fm.sandbox.refusals import RefusalError, missing_scope
from cityhall_fm.sandbox.workspace import NotHereError

SCOPE_PREFIX = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def visible_channel(request: Request, *, right: str = "") -> Channel:
    """Return the channel asked for; `right` is the part of the scope after its colon.

    A private place exists only for its members; a member without the scope learns which one is missing.
    """
    channel = _by_id(request, request.text("channel"))
    if channel.kind != "public_channel" and request.app.user_id not in channel.members:
        raise RefusalError("channel_not_found")
    scope = f"{SCOPE_PREFIX[channel.kind]}:{right}"
    if right and scope not in request.app.scopes:
        raise missing_scope(request.app, scope)
    return channel


def joined_channel(request: Request, *, right: str = "") -> Channel:
    """Return the channel asked for if the bot is a member of it."""
    channel = visible_channel(request, right=right)
    if request.app.user_id not in channel.members:
        error = "not_in_channel" if request.method.allows("not_in_channel") else "channel_not_found"
        raise RefusalError(error)
    return channel


def message_at(request: Request, channel: Channel, argument: str, *, malformed: str) -> Message:
    """Return the message that an argument names."""
    if request.moment(argument, error=malformed) is None:
        raise RefusalError(malformed)
    try:
        message = request.world.message(channel.id, request.text(argument))
    except NotHereError as error:
        raise RefusalError("message_not_found") from error
    if message.subtype == "tombstone":
        raise RefusalError("message_not_found")
    return message


def _by_id(request: Request, channel_id: str) -> Channel:
    try:
        channel = request.world.channel(channel_id)
    except NotHereError as error:
        raise RefusalError("channel_not_found") from error
    if channel.id != channel_id:  # the world knows names too, these methods do not
        raise RefusalError("channel_not_found")
    return channel
