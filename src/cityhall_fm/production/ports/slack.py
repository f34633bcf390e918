"""What production asks of Slack: threads to read, messages to post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol

from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Ts, UserId

Pausing = Callable[[], AbstractContextManager[None]]
"""Each pause for which Slack asks is made within one; what it raises after the pause ends the call."""


class ThreadSource(Protocol):
    """Where threads are read from: the live workspace, or its export. Public channels only."""

    @property
    def live(self) -> bool:
        """Whether it shows the present; an export shows the day it was made."""

    def channels(self) -> Sequence[Channel]: ...

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        """Look people up; whoever is unknown is left out."""

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        """Yield the top-level messages page by page, each with its reply count and latest reply."""

    def opening(self, channel: ChannelId, ts: Ts) -> Message | None:
        """Read the opening message of the thread in which a message stands; None where either is gone.

        UnknownError for a channel that is not public.
        """

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        """Read all replies of one thread, oldest first, without the opening message."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None: ...

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        """Name everybody who put this emoji under the message, also where it lists only some."""


class Workspace(Protocol):
    """The live Slack workspace, as far as we speak in it."""

    def channel_named(self, name: str) -> Channel:
        """Find a public channel by name or id; UnknownError where there is none."""

    def post(self, post: Post, *, pausing: Pausing = nullcontext) -> Posted:
        """Post a message, once; while Slack asks to wait nothing of it is stored."""

    def direct(self, user: UserId) -> ChannelId:
        """Open the direct messages with somebody; what is posted there cannot be looked for afterwards."""

    def looks_into(self, channel: ChannelId) -> bool:
        """Tell whether our own messages in a channel can be looked for: direct messages are never read."""

    def find_post(self, post: Post, *, since: datetime) -> Posted | None:
        """Find our own message by the key in its metadata, where an answer of Slack got lost.

        Nothing of `since` or later is left out, nor are the newest thousand messages of a channel or a whole
        thread: a clock of ours that is wrong hides nothing that was posted a moment ago.
        """

    def edit(self, posted: Posted, post: Post) -> None:
        """Bring a message of ours to say this instead."""

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Put our reaction under a message; fine if it is there already."""

    def pin(self, channel: ChannelId, ts: Ts) -> None:
        """Pin a message to its channel; fine if it is pinned already."""

    def locale(self, user: UserId) -> str:
        """Tell which language a member reads Slack in, as `ja-JP`; empty where unknown."""
