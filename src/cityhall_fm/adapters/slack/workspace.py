"""The live workspace: ThreadSource and Workspace over Slack's Web API; public channels only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Final

from cityhall_fm.adapters.slack.calls import Argument, Calls, Sleep
from cityhall_fm.adapters.slack.harmless import harmless
from cityhall_fm.production.ports.slack import Pausing
from cityhall_fm.show import slack_json
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.clean import cut
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.slack_json import Json
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Ts, UserId, ts_order

EVENT_TYPE: Final = "cityhall_fm_post"

_MOST_MESSAGES: Final = 999
_MOST_REPLIES: Final = 1000
_MOST_CHANNELS: Final = 999
_MOST_MEMBERS: Final = 999
_LONGEST_UPDATE: Final = 4000
"""Characters of chat.update's text: beyond them Slack refuses the whole."""
_FEW: Final = 5
"""Up to so many people are asked for one by one; a list of all is cheaper beyond (2,400 are 3 calls)."""
_MOST_NAMED: Final = 20
_GONE: Final = frozenset({"message_not_found", "thread_not_found"})
_UNKNOWN_USER: Final = frozenset({"user_not_found", "user_not_visible"})


class SlackWorkspace:
    """One bot token's view of a workspace; what it looks up once, it keeps."""

    def __init__(
        self,
        token: str | None,
        base_url: str | None = None,
        *,
        sleep: Sleep = time.sleep,
        timeout_seconds: int = 30,
        longest_wait_seconds: float = 120,
    ) -> None:
        self._calls = Calls(
            token,
            base_url,
            sleep=sleep,
            timeout_seconds=timeout_seconds,
            longest_wait_seconds=longest_wait_seconds,
        )
        self._channels: dict[ChannelId, Channel] | None = None
        self._members: dict[UserId, Member] = {}
        self._listed_members = False
        self._identity: Json | None = None

    # -- reading -----------------------------------------------------------------------------------------

    @property
    def live(self) -> bool:
        return True

    def channels(self) -> Sequence[Channel]:
        """List the public channels that are in use."""
        return tuple(self._public_channels().values())

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        missing = ids - self._members.keys()
        if len(missing) > _FEW and not self._listed_members:
            self._list_members()
            missing = ids - self._members.keys()
        self._members.update({id_: self._look_up(id_) for id_ in sorted(missing)})
        return {id_: self._members[id_] for id_ in ids if self._members[id_].name}

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        seen: set[Ts] = set()
        for page in self._messages("conversations.history", channel, limit=_MOST_MESSAGES):
            openings = [self._message(raw) for raw in page if slack_json.parent(raw) is None]
            new = [message for message in openings if message and message.ts not in seen]
            seen.update(message.ts for message in new)
            yield list({message.ts: message for message in new}.values())

    def opening(self, channel: ChannelId, ts: Ts) -> Message | None:
        raw = self._first_of_thread(channel, ts)
        above = slack_json.parent(raw) if raw else None
        if above is not None:
            raw = self._first_of_thread(channel, above)
        return self._message(raw) if raw else None

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        found: dict[Ts, Message] = {}
        for page in self._messages("conversations.replies", channel, ts=ts, limit=_MOST_REPLIES):
            replies = [self._message(raw) for raw in page if slack_json.parent(raw) == ts]
            found.update({message.ts: message for message in replies if message})
        return sorted(found.values(), key=lambda message: ts_order(message.ts))

    def permalink(self, channel: ChannelId, ts: Ts) -> str:
        """Build the address of an opening message; asks Slack once for all of them."""
        return f"{str(self._me()['url']).rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        answer = self._calls.read(
            "reactions.get",
            place=self._name(channel),
            fine=_GONE,
            channel=channel,
            timestamp=ts,
            full=True,
        )
        raw = answer.get("message")
        message = slack_json.message(raw) if isinstance(raw, dict) else None
        reactions = message.reactions if message else ()
        return frozenset(user for one in reactions if one.emoji == emoji for user in one.users)

    # -- speaking ----------------------------------------------------------------------------------------

    def channel_named(self, name: str) -> Channel:
        wanted = name.strip().removeprefix("#")
        channels = self._public_channels()
        for channel in channels.values():
            if wanted in (channel.id, channel.name):
                return channel
        raise _no_such_channel(wanted, channels)

    def post(self, post: Post, *, pausing: Pausing = nullcontext) -> Posted:
        """Post a message (mrkdwn) with its key in the metadata; nothing in it pings anybody.

        Raises SlackError; where it is retryable the message may be there already: look with `find_post`.
        """
        answer = self._calls.write(
            "chat.postMessage",
            {
                "channel": post.channel,
                "text": harmless(post.text),
                "blocks": harmless(post.blocks),
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
                "unfurl_links": False,
                "unfurl_media": False,
                **({"thread_ts": post.thread_ts} if post.thread_ts else {}),
            },
            place=self._known_name(post.channel),
            pausing=pausing,
        )
        ts = slack_json.timestamp(answer, "ts")
        if ts is None:
            raise SlackError("slack.unreadable", where=self._calls.where, retryable=True)
        return Posted(post.key, post.channel, ts)

    def direct(self, user: UserId) -> ChannelId:
        channel = self._calls.write("conversations.open", {"users": user}).get("channel")
        id_ = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(id_, str):
            raise SlackError("slack.unreadable", where=self._calls.where, retryable=True)
        return ChannelId(id_)

    def looks_into(self, channel: ChannelId) -> bool:
        return not channel.startswith("D")

    def find_post(self, post: Post, *, since: datetime) -> Posted | None:
        if not self.looks_into(post.channel):
            return None
        if post.channel not in self._public_channels():
            self._channels = None  # one that was archived may be in use again
        if post.thread_ts:
            pages = self._messages(
                "conversations.replies",
                post.channel,
                ts=post.thread_ts,
                limit=_MOST_REPLIES,
                include_all_metadata=True,
            )
        else:
            pages = self._messages(
                "conversations.history", post.channel, limit=_MOST_MESSAGES, include_all_metadata=True
            )
        mine = self._me().get("user_id")
        seen = 0
        for page in pages:
            for raw in page:
                ts = slack_json.timestamp(raw, "ts")
                if ts and raw.get("user") == mine and _key(raw) == post.key:
                    return Posted(post.key, post.channel, ts)
            seen += len(page)
            if not post.thread_ts and seen >= _MOST_MESSAGES and _all_before(page, since):
                return None
        return None

    def edit(self, posted: Posted, post: Post) -> None:
        """Bring a message of ours to say this instead; SlackError, slack.message_gone where it is deleted."""
        self._calls.write(
            "chat.update",
            {
                "channel": posted.channel,
                "ts": posted.ts,
                "text": harmless(cut(post.text, _LONGEST_UPDATE)),
                "blocks": harmless(post.blocks),
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": posted.key}},
            },
            place=self._known_name(posted.channel),
        )

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        self._calls.write(
            "reactions.add",
            {"channel": channel, "timestamp": ts, "name": emoji},
            place=self._known_name(channel),
            fine=frozenset({"already_reacted"}),
        )

    def pin(self, channel: ChannelId, ts: Ts) -> None:
        self._calls.write(
            "pins.add",
            {"channel": channel, "timestamp": ts},
            place=self._known_name(channel),
            fine=frozenset({"already_pinned"}),
        )

    def locale(self, user: UserId) -> str:
        answer = self._calls.read("users.info", fine=_UNKNOWN_USER, user=user, include_locale=True)
        raw = answer.get("user")
        locale = raw.get("locale") if isinstance(raw, dict) else None
        return locale if isinstance(locale, str) else ""

    # -- looking up --------------------------------------------------------------------------------------

    def _messages(self, method: str, channel: ChannelId, **arguments: Argument) -> Iterator[Sequence[Json]]:
        return self._calls.pages(
            method, "messages", place=self._name(channel), fine=_GONE, channel=channel, **arguments
        )

    def _first_of_thread(self, channel: ChannelId, ts: Ts) -> Json | None:
        # conversations.replies answers the opening message first, also where nobody replied, and a reply
        # alone where `ts` names one; a page may be empty, and is not the end then.
        for page in self._messages("conversations.replies", channel, ts=ts, limit=1):
            if page:
                return page[0] if slack_json.timestamp(page[0], "ts") == ts else None
        return None

    def _message(self, raw: Json) -> Message | None:
        """Read a message without the emoji of status that we put under it ourselves."""
        found = slack_json.message(raw)
        if found is None or not found.reactions:
            return found
        return found.without_reactions_of(frozenset({UserId(str(self._me().get("user_id", "")))}))

    def _name(self, channel: ChannelId) -> str:
        """Name a public channel; whatever is not one is not read, whoever asks."""
        channels = self._public_channels()
        if channel not in channels:
            raise _no_such_channel(channel, channels)
        return channels[channel].name

    def _known_name(self, channel: ChannelId) -> str:
        known = (self._channels or {}).get(channel)
        return known.name if known else channel

    def _public_channels(self) -> Mapping[ChannelId, Channel]:
        if self._channels is None:
            pages = self._calls.pages(
                "conversations.list",
                "channels",
                types="public_channel",
                exclude_archived=True,
                limit=_MOST_CHANNELS,
            )
            found = [slack_json.public_channel(raw) for page in pages for raw in page]
            self._channels = {channel.id: channel for channel in found if channel}
        return self._channels

    def _list_members(self) -> None:
        for page in self._calls.pages("users.list", "members", limit=_MOST_MEMBERS):
            found = (slack_json.member(raw) for raw in page)
            self._members.update({member.id: member for member in found if member})
        self._listed_members = True

    def _look_up(self, id_: UserId) -> Member:
        """Look one person up; an unknown one is remembered without a name."""
        raw = self._calls.read("users.info", fine=_UNKNOWN_USER, user=id_).get("user")
        found = slack_json.member(raw) if isinstance(raw, dict) else None
        return found or Member(id_, Private(""))

    def _me(self) -> Json:
        if self._identity is None:
            self._identity = self._calls.read("auth.test")
        return self._identity


def _all_before(page: Sequence[Json], since: datetime) -> bool:
    """Tell whether a page of a channel, which is listed newest first, has nothing of a time or later."""
    times = [ts_order(ts) for raw in page if (ts := slack_json.timestamp(raw, "ts"))]
    return bool(times) and max(times)[0] < since.timestamp()


def _key(raw: Json) -> str | None:
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    key = payload.get("key") if isinstance(payload, dict) else None
    return key if isinstance(key, str) else None


def _no_such_channel(wanted: str, channels: Mapping[ChannelId, Channel]) -> UnknownError:
    names = sorted(f"#{channel.name}" for channel in channels.values())
    known = ", ".join([*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])
    return UnknownError("slack.unknown_channel", channel=wanted, known=known or "-")
