"""A workspace to speak in, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from cityhall_fm.production.ports.slack import Pausing
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.slack_thread import Channel, ChannelId, Ts, UserId


class FakeWorkspace:
    """Keeps what is posted, in order, and who reacted to what.

    `meanwhile` happens while the next post is asked to wait; `refuses` is raised by the next post, which is
    not kept; `fails_after_storing` loses the answer to the next post; what is `gone` was deleted; what is
    `archived` takes nothing; what is `not_edited` is too old for that; who has `left` is not written to;
    `started_at` is the time of the first.
    """

    def __init__(self, channels: Sequence[Channel], *, started_at: int = 1_800_000_000) -> None:
        self._channels: Mapping[str, Channel] = {
            key: channel for channel in channels for key in (channel.name, channel.id)
        }
        self._started_at = started_at
        self.posts: list[tuple[Post, Posted]] = []
        self.reactions: set[tuple[ChannelId, Ts, str]] = set()
        self.edits: list[tuple[Posted, Post]] = []
        self.gone: set[Ts] = set()
        self.down = False
        self.refuses: CompanionError | None = None
        self.meanwhile: Callable[[], None] | None = None
        self.pins: set[tuple[ChannelId, Ts]] = set()
        self.locales: dict[UserId, str] = {}
        self.fails_after_storing = False
        self.archived: set[ChannelId] = set()
        self.not_edited: set[Ts] = set()
        self.left: set[UserId] = set()

    def channel_named(self, name: str) -> Channel:
        wanted = name.strip().removeprefix("#")
        if wanted not in self._channels:
            raise UnknownError("slack.unknown_channel", channel=wanted, known=", ".join(self._channels))
        return self._channels[wanted]

    def post(self, post: Post, *, pausing: Pausing = nullcontext) -> Posted:
        if self.down:
            raise SlackError("slack.trouble", method="chat.postMessage", error=503, retryable=True)
        if self.meanwhile:
            with pausing():
                meanwhile, self.meanwhile = self.meanwhile, None
                meanwhile()
        if self.refuses:
            refusal, self.refuses = self.refuses, None
            raise refusal
        self._refuse_archived(post.channel, "chat.postMessage")
        self._refuse_gone(post.thread_ts)
        posted = Posted(post.key, post.channel, Ts(f"{self._started_at + len(self.posts)}.000100"))
        self.posts.append((post, posted))
        if self.fails_after_storing:
            self.fails_after_storing = False
            raise SlackError("slack.trouble", method="chat.postMessage", error=500, retryable=True)
        return posted

    def direct(self, user: UserId) -> ChannelId:
        if self.down:
            raise SlackError("slack.trouble", method="conversations.open", error=503, retryable=True)
        if user in self.left:
            raise SlackError("slack.refused", method="conversations.open", error="user_disabled")
        return ChannelId(f"D{user}")

    def looks_into(self, channel: ChannelId) -> bool:
        return not channel.startswith("D")

    def find_post(self, post: Post, *, since: datetime) -> Posted | None:  # noqa: ARG002 - it holds few
        if not self.looks_into(post.channel):
            return None
        for earlier, posted in self.posts:
            is_here = (earlier.channel, earlier.thread_ts) == (post.channel, post.thread_ts)
            if earlier.key == post.key and is_here:
                return posted
        return None

    def edit(self, posted: Posted, post: Post) -> None:
        self._refuse_archived(posted.channel, "chat.update")
        self._refuse_gone(posted.ts)
        if posted.ts in self.not_edited:
            raise SlackError("slack.refused", method="chat.update", error="edit_window_closed")
        self.edits.append((posted, post))

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        self._refuse_archived(channel, "reactions.add")
        self._refuse_gone(ts)
        self.reactions.add((channel, ts, emoji))

    def pin(self, channel: ChannelId, ts: Ts) -> None:
        self._refuse_gone(ts)
        self.pins.add((channel, ts))

    def locale(self, user: UserId) -> str:
        return self.locales.get(user, "ja-JP")

    def _refuse_archived(self, channel: ChannelId, method: str) -> None:
        if channel in self.archived:
            raise SlackError("slack.archived", method=method, error="is_archived", channel=channel)

    def _refuse_gone(self, ts: Ts | None) -> None:
        if ts in self.gone:
            raise SlackError("slack.message_gone", method="chat.postMessage", error="thread_not_found")
