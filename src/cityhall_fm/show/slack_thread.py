"""What was said in Slack: channels, members, messages, threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NewType

from cityhall_fm.show.consent import Private

ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
Ts = NewType("Ts", str)
"""Slack's name for a message in its channel: text, never a number."""


def ts_order(ts: Ts) -> tuple[int, int]:
    """Order messages by time: as two whole numbers, since a float loses the last digits.

    >>> ts_order(Ts("1731326400.000100")) < ts_order(Ts("1731326400.000200"))
    True
    """
    seconds, _, fraction = ts.partition(".")
    return int(seconds), int(fraction or 0)


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel; `is_member` tells whether the app may read it."""

    id: ChannelId
    name: str
    is_member: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the workspace, under the name that Slack shows."""

    id: UserId
    name: Private
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji under a message. Slack may list only some of `users`; `count` is whole."""

    emoji: str
    count: int
    users: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of somebody's voice as Slack lists it under a message; `url` opens with the token only."""

    id: str
    media_type: str
    length_bytes: int
    seconds: float
    url: Private
    spoken: Private
    """What Slack's own transcription heard, as far as it shows it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as Slack stores it: `mrkdwn` is escaped and full of references."""

    ts: Ts
    author: UserId | None
    mrkdwn: Private
    edited: Ts | None = None
    deleted: bool = False
    from_person: bool = True
    reactions: tuple[Reaction, ...] = ()
    reply_count: int = 0
    latest_reply: Ts | None = None
    clips: tuple[Clip, ...] = ()

    def without_reactions_of(self, bots: frozenset[UserId]) -> Message:
        """Leave out what our app and its like put under it: that is nobody's interest."""
        if not any(bots.intersection(one.users) for one in self.reactions):
            return self
        left = (
            replace(
                one,
                count=one.count - len(bots.intersection(one.users)),
                users=tuple(user for user in one.users if user not in bots),
            )
            for one in self.reactions
        )
        return replace(self, reactions=tuple(one for one in left if one.count > 0))


@dataclass(frozen=True, slots=True)
class Thread:
    """An opening message and what was answered to it, oldest first."""

    channel: ChannelId
    opening: Message
    replies: tuple[Message, ...] = ()
    permalink: str | None = None

    @property
    def ts(self) -> Ts:
        return self.opening.ts
