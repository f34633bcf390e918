"""A workspace's threads in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId, ts_order


class FakeThreadSource:
    """Shows the threads it is given, newest first; `threads` may be changed between two readings.

    Reply counts are counted. `fails_at_page` makes the page of that number (from 1) fail. `shown_users` cuts
    the list of people under each emoji. `asked` tells what was read: ("openings", page), ("replies", ts).
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        threads: Sequence[Thread] = (),
        members: Sequence[Member] = (),
        *,
        live: bool = True,
        page: int = 2,
        workspace_url: str | None = "https://saku.slack.com",
    ) -> None:
        self._channels = list(channels)
        self.threads = {(thread.channel, thread.ts): thread for thread in threads}
        self._members = {member.id: member for member in members}
        self._page = page
        self._workspace_url = workspace_url
        self._live = live
        self.fails_at_page: int | None = None
        self.shown_users: int | None = None
        self.asked: list[tuple[str, object]] = []

    @property
    def live(self) -> bool:
        return self._live

    def put(self, thread: Thread) -> None:
        self.threads[thread.channel, thread.ts] = thread

    def drop(self, channel: ChannelId, ts: Ts) -> None:
        del self.threads[channel, ts]

    def channels(self) -> Sequence[Channel]:
        return tuple(self._channels)

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        self.asked.append(("members", ids))
        return {id_: self._members[id_] for id_ in ids if id_ in self._members}

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        if channel not in {one.id for one in self._channels}:
            raise UnknownError("slack.unknown_channel", channel=channel, known="-")
        found = [thread for (place, _), thread in self.threads.items() if place == channel]
        openings = [
            self._opening(one) for one in sorted(found, key=lambda one: ts_order(one.ts), reverse=True)
        ]
        for number, start in enumerate(range(0, len(openings), self._page), 1):
            if number == self.fails_at_page:
                raise SlackError("slack.rate_limited", method="conversations.history", retryable=True)
            self.asked.append(("openings", number))
            yield openings[start : start + self._page]

    def opening(self, channel: ChannelId, ts: Ts) -> Message | None:
        self.asked.append(("opening", ts))
        for thread in self.threads.values():
            if thread.channel == channel and ts in (thread.ts, *(reply.ts for reply in thread.replies)):
                return self._opening(thread)
        return None

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        self.asked.append(("replies", ts))
        thread = self.threads.get((channel, ts))
        return sorted(thread.replies, key=lambda one: ts_order(one.ts)) if thread else ()

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        return self._workspace_url and f"{self._workspace_url}/archives/{channel}/p{ts.replace('.', '')}"

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        self.asked.append(("reacted", ts))
        thread = self.threads.get((channel, ts))
        reactions = thread.opening.reactions if thread else ()
        return frozenset(user for one in reactions if one.emoji == emoji for user in one.users)

    def _opening(self, thread: Thread) -> Message:
        latest = max((one.ts for one in thread.replies), key=ts_order, default=None)
        shown = tuple(replace(one, users=one.users[: self.shown_users]) for one in thread.opening.reactions)
        return replace(thread.opening, reply_count=len(thread.replies), latest_reply=latest, reactions=shown)
