"""The Slack of random lives: what the app posts stands there, is read and changed, and looked through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from cityhall_fm.production.ports.slack import Pausing
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId

from fakes.desk import FakeDesk


class LivesDesk(FakeDesk):
    """Direct messages have ids that tell nobody; an own post in a channel is a thread like others'."""

    def __init__(self, channels: Sequence[Channel], members: Sequence[Member], people: Sequence[str]) -> None:
        super().__init__(channels, members=members)
        self._people = list(people)
        self._now: dict[tuple[ChannelId, Ts], Post] = {}

    def at(self, now: datetime) -> None:
        """Let the next post have this time."""
        self._started_at = int(now.timestamp()) - len(self.posts)

    def direct(self, user: UserId) -> ChannelId:
        super().direct(user)  # which fails while Slack is down
        return ChannelId(f"D0HITOTSU{self._people.index(user)}")

    def post(self, post: Post, *, pausing: Pausing = nullcontext) -> Posted:
        posted = super().post(post, pausing=pausing)
        self._now[posted.channel, posted.ts] = post
        if post.thread_ts is None and not post.channel.startswith("D"):
            own = Message(posted.ts, self.me(), Private(post.text), from_person=False)
            self.put(Thread(post.channel, own))
        return posted

    def edit(self, posted: Posted, post: Post) -> None:
        if self.down:
            raise SlackError("slack.trouble", method="chat.update", error=503, retryable=True)
        super().edit(posted, post)
        self._now[posted.channel, posted.ts] = post
        thread = self.threads.get((posted.channel, posted.ts))
        if thread:
            self.put(replace(thread, opening=replace(thread.opening, mrkdwn=Private(post.text))))

    def standing(self, *, public: bool) -> Iterator[str]:
        """Give everything that the app's posts say now: in channels, or in private."""
        for (channel, _), post in self._now.items():
            if channel.startswith("D") is not public:
                yield json.dumps([post.text, list(post.blocks)], ensure_ascii=False)
