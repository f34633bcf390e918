"""A source of threads, without the people who asked to be erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cityhall_fm.production.ports.slack import ThreadSource
from cityhall_fm.show.erasure import Erased
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Ts, UserId


class WithoutErased:
    """Fulfils ThreadSource over another one."""

    def __init__(self, source: ThreadSource, erased: Erased) -> None:
        self._source = source
        self._erased = erased

    @property
    def live(self) -> bool:
        return self._source.live

    def channels(self) -> Sequence[Channel]:
        return self._source.channels()

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        return self._source.members(ids)

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        for page in self._source.openings(channel):
            yield [kept for message in page if (kept := self._erased.without(message))]

    def opening(self, channel: ChannelId, ts: Ts) -> Message | None:
        found = self._source.opening(channel, ts)
        return self._erased.without(found) if found else None

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        return [kept for one in self._source.replies(channel, ts) if (kept := self._erased.without(one))]

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        return self._source.permalink(channel, ts)

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        found = self._source.reacted(channel, ts, emoji)
        return frozenset(user for user in found if not self._erased.covers(user, ts))
