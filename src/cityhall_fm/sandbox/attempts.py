"""One attempt to hand something to an app, and how it is worded on a socket."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cityhall_fm.sandbox.people import Json

WireKind = Literal["events_api", "slash_commands", "interactive"]
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


@dataclass(eq=False, slots=True)
class Delivery:
    """One attempt to hand something to an app; `problem` is empty once it was acknowledged in time."""

    app_id: str
    kind: WireKind
    payload: Json
    attempt: int = 0
    reason: str = ""
    """Why this attempt was made: the problem of the one before."""
    problem: str | None = None
    """None as long as it is under way."""

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))


def socket_message(envelope_id: str, kind: WireKind, payload: Json) -> Json:
    """Wrap a payload for Socket Mode; only an event cannot be answered."""
    return {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
