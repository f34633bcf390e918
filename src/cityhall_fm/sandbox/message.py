"""One message of a channel, as Slack stores it, and the order of its ts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cityhall_fm.sandbox.people import Json

_TS = re.compile(r"(\d{1,16})\.(\d{1,6})")
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message and everyone who chose it, in that order."""

    name: str
    users: tuple[str, ...]
    unlisted: int = 0
    """How many more an export counted without saying who."""

    @property
    def count(self) -> int:
        return len(self.users) + self.unlisted


@dataclass(frozen=True, slots=True)
class Edited:
    """Who changed a message last, and when."""

    user: str
    ts: str


@dataclass(frozen=True, slots=True)
class Message:
    """What someone said; `thread_ts` names the parent and is empty for a top-level message."""

    ts: str
    user: str
    text: str
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    metadata: Mapping[str, Any] | None = None
    edited: Edited | None = None
    reactions: tuple[Reaction, ...] = ()
    files: tuple[str, ...] = ()
    """The ids of the files it carries."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts)

    @property
    def is_in_channel(self) -> bool:
        """Replies stay inside their thread unless they were also sent to the channel."""
        return not self.is_reply or self.subtype == "thread_broadcast"


def ts_order(ts: str) -> tuple[int, int]:
    """Order by whole numbers: a float would lose the last digits."""
    match = _TS.fullmatch(ts)
    if match is None:
        raise ValueError(ts)
    return int(match[1]), int(match[2].ljust(6, "0"))


def ts_from_microseconds(microseconds: int) -> str:
    """Write a ts as Slack does: seconds, a point, six digits."""
    seconds, rest = divmod(microseconds, MICROSECONDS)
    return f"{seconds}.{rest:06d}"


def microseconds_from_ts(ts: str) -> int:
    """Count microseconds, the unit of Slack's cursors."""
    seconds, rest = ts_order(ts)
    return seconds * MICROSECONDS + rest


def moment_of(ts: str) -> datetime:
    """Tell when a message was sent."""
    return datetime.fromtimestamp(ts_order(ts)[0], tz=UTC)


def with_reaction(message: Message, name: str, user: str) -> Message:
    """Add one person's reaction; a new emoji goes last."""
    known = any(reaction.name == name for reaction in message.reactions)
    reactions = tuple(
        replace(reaction, users=(*reaction.users, user)) if reaction.name == name else reaction
        for reaction in message.reactions
    )
    return replace(message, reactions=reactions if known else (*reactions, Reaction(name, (user,))))


def without_reaction(message: Message, name: str, user: str) -> Message:
    """Take one person's reaction away; an emoji that nobody holds disappears."""
    reactions = (
        replace(reaction, users=tuple(other for other in reaction.users if other != user))
        if reaction.name == name
        else reaction
        for reaction in message.reactions
    )
    return replace(message, reactions=tuple(reaction for reaction in reactions if reaction.count))


def tombstone_of(message: Message) -> Message:
    """Leave a stone where a deleted parent stood, over its replies."""
    return Message(
        message.ts,
        "USLACKBOT",
        "This message was deleted.",
        thread_ts=message.thread_ts,
        subtype="tombstone",
        extra={"hidden": True},
    )
