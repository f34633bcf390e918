"""pins.add: what stands at the top of a channel for everybody."""

from cityhall_fm.sandbox.methods.access import joined_channel, message_at
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.refusals import RefusalError

_MOST_PINS = 100


def add(request: Request) -> Json:
    """Answer pins.add."""
    if not request.text("timestamp"):
        raise RefusalError("no_item_specified")
    channel = joined_channel(request)
    message = message_at(request, channel, "timestamp", malformed="bad_timestamp")
    pins = request.world.pins(channel.id)
    if message.ts in pins:
        raise RefusalError("already_pinned")
    if len(pins) >= _MOST_PINS:
        raise RefusalError("too_many_pins")
    request.world.pin(channel.id, message.ts)
    return {}
