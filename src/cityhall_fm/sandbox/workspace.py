"""The state of one Slack workspace: people, channels, messages, reactions."""

import threading
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TypeVar, Unpack

from cityhall_fm.sandbox.message import (
    MICROSECONDS,
    Edited,
    Message,
    microseconds_from_ts,
    tombstone_of,
    ts_from_microseconds,
    ts_order,
    with_reaction,
    without_reaction,
)
from cityhall_fm.sandbox.options import ChannelFields, Clock, MessageFields, Rules, UserFields, utc_now
from cityhall_fm.sandbox.people import MINIMAL_SCOPES, App, Channel, Kind, User, check_name, next_id
from cityhall_fm.sandbox.text import as_stored, well_formed

_Named = TypeVar("_Named", User, Channel)
_STEP_MICROSECONDS = 100


class NotHereError(LookupError):
    """No such user, channel or message in this world."""


class Workspace:
    """A workspace that remembers; every change goes through `_put` or `_drop`."""

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        rules: Rules | None = None,
        team_id: str = "T0SANDBOX1",
        team_name: str = "Sandbox",
        zone: tzinfo = timezone(timedelta(hours=9), "JST"),
        language: str = "ja",
    ) -> None:
        self.clock = clock
        self.rules = rules or Rules()
        self.team_id = team_id
        self.team_name = team_name
        self.zone = zone
        self.language = language
        self.page_url = "http://127.0.0.1/"
        self.custom_emoji: set[str] = set()
        self.lock = threading.RLock()
        self._users: dict[str, User] = {}
        self._channels: dict[str, Channel] = {}
        self._apps: dict[str, App] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self._timeline: dict[str, list[str]] = {}
        self._threads: dict[tuple[str, str], list[str]] = {}
        self._last_ts: dict[str, int] = {}

    # -- people and places ---------------------------------------------------------------------------

    @property
    def users(self) -> list[User]:
        with self.lock:
            return list(self._users.values())

    @property
    def channels(self) -> list[Channel]:
        with self.lock:
            return list(self._channels.values())

    def user(self, id_or_name: str) -> User:
        with self.lock:
            return _find(self._users, id_or_name)

    def channel(self, id_or_name: str) -> Channel:
        with self.lock:
            return _find(self._channels, id_or_name.removeprefix("#"))

    def app(self, token: str) -> App | None:
        with self.lock:
            return self._apps.get(token)

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        display_name: str = "",
        user_id: str = "",
        **more: Unpack[UserFields],
    ) -> User:
        """Add a member; `more` are the other fields of User."""
        with self.lock:
            user = User(
                user_id or next_id("U", self._users),
                name,
                real_name=real_name or name,
                display_name=display_name,
                **more,
            )
            self._users[user.id] = user
            return user

    def add_channel(
        self,
        name: str,
        *,
        kind: Kind = "public_channel",
        members: Iterable[str] = (),
        channel_id: str = "",
        **more: Unpack[ChannelFields],
    ) -> Channel:
        """Open a channel; `more` are the other fields of Channel."""
        with self.lock:
            check_name(name)
            more.setdefault("created", int(self.clock().timestamp()))
            prefix = "D" if kind == "im" else "G" if kind == "mpim" else "C"
            channel = Channel(
                channel_id or next_id(prefix, self._channels),
                name,
                kind=kind,
                members=tuple(self.user(member).id for member in members),
                **more,
            )
            self._channels[channel.id] = channel
            self._messages.setdefault(channel.id, {})
            self._timeline.setdefault(channel.id, [])
            return channel

    def open_direct(self, *members: str) -> Channel:
        """Return the direct messages of these people, opened if they have none yet."""
        with self.lock:
            ids = tuple(dict.fromkeys(self.user(member).id for member in members))
            for channel in self._channels.values():
                if channel.is_direct and set(channel.members) == set(ids):
                    return channel
            kind: Kind = "im" if len(ids) <= 2 else "mpim"  # noqa: PLR2004 - two people: a DM
            names = "--".join(self._users[one].name for one in ids)
            return self.add_channel(f"mpdm-{names}-1" if kind == "mpim" else "", kind=kind, members=ids)

    def install_app(
        self,
        token: str = "xoxb-sandbox",  # noqa: S107 - made up: it opens nothing but this sandbox
        scopes: Iterable[str] = MINIMAL_SCOPES,
        *,
        name: str = "cityhall-fm",
        display_name: str = "",
    ) -> User:
        """Give an app a bot user; a bot of that name that an export brought along is taken over."""
        with self.lock:
            bot = next((user for user in self._users.values() if user.is_bot and user.name == name), None)
            if bot is None:
                bot = self.add_user(name, display_name=display_name, is_bot=True)
            tail = bot.id.removeprefix("U")
            bot = replace(bot, bot_id=bot.bot_id or f"B{tail}", app_id=bot.app_id or f"A{tail}")
            self._users[bot.id] = bot
            self._apps[token] = App(token, bot.id, bot.bot_id, bot.app_id, frozenset(scopes))
            return bot

    def join(self, channel: str, user: str) -> Channel:
        with self.lock:
            place, member = self.channel(channel), self.user(user).id
            if member not in place.members:
                place = replace(place, members=(*place.members, member))
                self._channels[place.id] = place
            return place

    def leave(self, channel: str, user: str) -> Channel:
        with self.lock:
            place, member = self.channel(channel), self.user(user).id
            place = replace(place, members=tuple(one for one in place.members if one != member))
            self._channels[place.id] = place
            return place

    def archive(self, channel: str) -> Channel:
        with self.lock:
            place = replace(self.channel(channel), is_archived=True)
            self._channels[place.id] = place
            return place

    # -- what is said ----------------------------------------------------------------------------------

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread_ts: str = "",
        at: datetime | None = None,
        **more: Unpack[MessageFields],
    ) -> Message:
        """Let someone post; `at` places it in the past, `more` are the other fields of Message."""
        with self.lock:
            place = self.channel(channel)
            if thread_ts and self.message(place.id, thread_ts).is_reply:
                raise ValueError(f"{thread_ts} is a reply: a thread is named by its parent")
            ts = self._next_ts(place.id, at)
            stored = as_stored(str(well_formed(text)))
            return self._put(place.id, Message(ts, self.user(user).id, stored, thread_ts=thread_ts, **more))

    def load(self, channel: str, message: Message) -> Message:
        """Take a message as it stands, from an export."""
        with self.lock:
            return self._put(self.channel(channel).id, message)

    def edit(
        self, channel: str, ts: str, text: str, *, by: str = "", **more: Unpack[MessageFields]
    ) -> Message:
        """Change a message's text; `more` are other fields of Message that change with it."""
        with self.lock:
            place, before = self.channel(channel).id, self.message(channel, ts)
            edited = Edited(
                by or before.user, ts_from_microseconds(int(self.clock().timestamp()) * MICROSECONDS)
            )
            stored = as_stored(str(well_formed(text)))
            return self._put(place, replace(before, text=stored, edited=edited, **more))

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message; a parent with replies leaves a tombstone over them."""
        with self.lock:
            place, message = self.channel(channel).id, self.message(channel, ts)
            if self.replies(place, ts):
                self._put(place, tombstone_of(message))
                return
            self._drop(place, message)
            parent = self._messages[place].get(message.thread_ts)
            if parent is not None and parent.subtype == "tombstone" and not self.replies(place, parent.ts):
                self._drop(place, parent)

    def react(self, channel: str, ts: str, name: str, user: str) -> Message:
        with self.lock:
            message, member = self.message(channel, ts), self.user(user).id
            return self._put(self.channel(channel).id, with_reaction(message, name, member))

    def unreact(self, channel: str, ts: str, name: str, user: str) -> Message:
        with self.lock:
            message, member = self.message(channel, ts), self.user(user).id
            return self._put(self.channel(channel).id, without_reaction(message, name, member))

    # -- reading back ------------------------------------------------------------------------------------

    def message(self, channel: str, ts: str) -> Message:
        with self.lock:
            try:
                return self._messages[self.channel(channel).id][ts]
            except KeyError as error:
                raise NotHereError(f"{channel} {ts}") from error

    def messages(self, channel: str) -> list[Message]:
        """List all messages of a channel, replies included, oldest first."""
        with self.lock:
            place = self.channel(channel).id
            return [self._messages[place][ts] for ts in self._timeline[place]]

    def replies(self, channel: str, parent_ts: str) -> list[Message]:
        """List the replies of one thread, oldest first, without the parent."""
        with self.lock:
            place = self.channel(channel).id
            return [self._messages[place][ts] for ts in self._threads.get((place, parent_ts), ())]

    def permalink(self, channel: str, ts: str) -> str:
        """Tell the address at which the sandbox's page opens at this message."""
        with self.lock:
            place, message = self.channel(channel).id, self.message(channel, ts)
            link = f"{self.page_url}archives/{place}/p{message.ts.replace('.', '')}"
            parent = message.thread_ts or (message.ts if self.replies(place, ts) else "")
            return f"{link}?thread_ts={parent}&cid={place}" if parent else link

    # -- the one place where state changes --------------------------------------------------------------

    def _put(self, place: str, message: Message) -> Message:
        if message.ts not in self._messages[place]:
            insort(self._timeline[place], message.ts, key=ts_order)
            if message.is_reply:
                insort(self._threads.setdefault((place, message.thread_ts), []), message.ts, key=ts_order)
        self._messages[place][message.ts] = message
        self._last_ts[place] = max(self._last_ts.get(place, 0), microseconds_from_ts(message.ts))
        return message

    def _drop(self, place: str, message: Message) -> None:
        del self._messages[place][message.ts]
        _remove(self._timeline[place], message.ts)
        if message.is_reply:
            _remove(self._threads[place, message.thread_ts], message.ts)

    def _next_ts(self, place: str, at: datetime | None) -> str:
        first = int((at or self.clock()).timestamp()) * MICROSECONDS + _STEP_MICROSECONDS
        if at is None:
            return ts_from_microseconds(max(first, self._last_ts.get(place, 0) + _STEP_MICROSECONDS))
        while ts_from_microseconds(first) in self._messages[place]:
            first += _STEP_MICROSECONDS
        return ts_from_microseconds(first)


def _find(known: Mapping[str, _Named], id_or_name: str) -> _Named:
    if id_or_name in known:
        return known[id_or_name]
    found = next((one for one in known.values() if one.name == id_or_name != ""), None)
    if found is None:
        raise NotHereError(id_or_name)
    return found


def _remove(ordered: list[str], ts: str) -> None:
    del ordered[bisect_left(ordered, ts_order(ts), key=ts_order)]
