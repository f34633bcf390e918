"""Who is in a workspace and where they meet: people, apps, channels."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta, timezone, tzinfo
from typing import Any, TypeVar, Unpack

from cityhall_fm.sandbox.happenings import Came, ChannelChanged, Happening, MemberChanged
from cityhall_fm.sandbox.manifest import Manifest, read_manifest
from cityhall_fm.sandbox.options import ChannelFields, Clock, ProfileFields, Rules, UserFields, utc_now
from cityhall_fm.sandbox.people import MINIMAL_SCOPES, App, Channel, Group, Kind, User, check_name, next_id

_Named = TypeVar("_Named", User, Channel)


class NotHereError(LookupError):
    """No such user, channel or message in this world."""


class Directory:
    """People and places; whoever listens hears of every change."""

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        rules: Rules | None = None,
        team_id: str = "T0SANDBOX1",
        team_name: str = "Sandbox",
        zone: tzinfo = timezone(timedelta(hours=9), "JST"),
        language: str = "ja",
        ids_from: int = 1,
    ) -> None:
        """Begin empty; `ids_from` is the number of the first event and view.

        A world that comes back from an export needs one that an app has not met in it before.
        """
        self.clock = clock
        self.rules = rules or Rules()
        self.team_id = team_id
        self.team_name = team_name
        self.zone = zone
        self.language = language
        self.ids_from = ids_from
        self.page_url = "http://127.0.0.1/"
        self.custom_emoji: set[str] = set()
        self.lock = threading.RLock()
        self._users: dict[str, User] = {}
        self._channels: dict[str, Channel] = {}
        self._apps: dict[str, App] = {}
        self._tickets: dict[str, str] = {}
        self._groups: dict[str, Group] = {}
        self._listeners: list[Callable[[Happening], None]] = []

    def listen(self, listener: Callable[[Happening], None]) -> None:
        """Tell a listener of everything that happens from now on, in order."""
        with self.lock:
            self._listeners.append(listener)

    def tell(self, happening: Happening) -> None:
        """Tell every listener what happened."""
        for listener in self._listeners:
            listener(happening)

    # -- people ----------------------------------------------------------------------------------------

    @property
    def users(self) -> list[User]:
        with self.lock:
            return list(self._users.values())

    def user(self, id_or_name: str) -> User:
        with self.lock:
            return _find(self._users, id_or_name)

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
            self.tell(MemberChanged(user, "team_join"))
            return user

    def change_user(self, user: str, **profile: Unpack[ProfileFields]) -> User:
        """Let a member change names or language, or leave the workspace (`deleted`)."""
        with self.lock:
            changed = replace(self.user(user), **profile)
            self._users[changed.id] = changed
            self.tell(MemberChanged(changed))
            return changed

    @property
    def groups(self) -> list[Group]:
        with self.lock:
            return list(self._groups.values())

    def add_group(self, handle: str, members: Iterable[str]) -> Group:
        """Give several members one handle."""
        with self.lock:
            ids = tuple(self.user(member).id for member in members)
            group = Group(next_id("S", self._groups), handle, ids)
            self._groups[group.id] = group
            return group

    # -- apps ------------------------------------------------------------------------------------------

    @property
    def apps(self) -> list[App]:
        with self.lock:
            return list(self._apps.values())

    def app(self, token: str) -> App | None:
        """Tell whose bot token this is."""
        with self.lock:
            return self._apps.get(token)

    def app_of(self, app_token: str) -> App | None:
        """Tell whose app-level token this is."""
        with self.lock:
            return next((app for app in self._apps.values() if app.app_token == app_token != ""), None)

    def app_by_id(self, app_id: str) -> App:
        """Return the app of this id, or raise NotHereError."""
        with self.lock:
            found = next((app for app in self._apps.values() if app.app_id == app_id), None)
            if found is None:
                raise NotHereError(app_id)
            return found

    def new_ticket(self, app_id: str) -> str:
        """Admit one Socket Mode connection of this app."""
        with self.lock:
            ticket = f"ticket-{len(self._tickets) + 1}"
            self._tickets[ticket] = app_id
            return ticket

    def use_ticket(self, ticket: str) -> str:
        """Tell whose connection a ticket admits, once; empty if nobody's."""
        with self.lock:
            app_id = self._tickets.get(ticket, "")
            if app_id:
                self._tickets[ticket] = ""
            return app_id

    def install_app(
        self,
        token: str = "xoxb-sandbox",  # noqa: S107 - made up: it opens nothing but this sandbox
        scopes: Iterable[str] | None = None,
        *,
        name: str = "cityhall-fm",
        display_name: str = "",
        manifest: Mapping[str, Any] | None = None,
        app_token: str = "",
        app_token_scopes: Iterable[str] = ("connections:write",),
        signing_secret: str = "",
        request_url: str = "",
        client_secret: str = "",
    ) -> User:
        """Give an app a bot user; a bot of that name that an export brought along is taken over.

        `manifest` is what the app asks for (scopes, events, commands, shortcuts, Home): without it nothing
        is delivered. `app_token` (xapp-…) opens Socket Mode; `request_url` takes the place of every address
        in the manifest and turns Socket Mode off, deliveries are then signed with `signing_secret`.
        With a `client_secret` people can sign in to the app, whose client id is made from its own.
        Installing again with the same token replaces. Raises ValueError for a manifest Slack would refuse.
        """
        asked = read_manifest(_addressed(manifest, request_url)) if manifest else Manifest()
        with self.lock:
            bot = next((user for user in self._users.values() if user.is_bot and user.name == name), None)
            if bot is None:
                bot = self.add_user(name, display_name=display_name or asked.bot_name, is_bot=True)
            tail = bot.id.removeprefix("U")
            bot = replace(bot, bot_id=bot.bot_id or f"B{tail}", app_id=bot.app_id or f"A{tail}")
            self._users[bot.id] = bot
            self._apps[token] = App(
                token,
                bot.id,
                bot.bot_id,
                bot.app_id,
                frozenset(scopes if scopes is not None else asked.scopes or MINIMAL_SCOPES),
                app_token=app_token,
                app_token_scopes=frozenset(app_token_scopes),
                signing_secret=signing_secret,
                client_id=f"{self.team_id}.{bot.app_id or f'A{tail}'}",
                client_secret=client_secret,
                manifest=asked,
            )
            return bot

    # -- places ----------------------------------------------------------------------------------------

    @property
    def channels(self) -> list[Channel]:
        with self.lock:
            return list(self._channels.values())

    def channel(self, id_or_name: str) -> Channel:
        with self.lock:
            return _find(self._channels, id_or_name.removeprefix("#"))

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
            self.tell(ChannelChanged(channel, "channel_created"))
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

    def join(self, channel: str, user: str) -> Channel:
        with self.lock:
            place, member = self.channel(channel), self.user(user).id
            if member in place.members:
                return place
            place = self._keep(replace(place, members=(*place.members, member)))
            self.tell(Came(place, member))
            return place

    def leave(self, channel: str, user: str) -> Channel:
        with self.lock:
            place, member = self.channel(channel), self.user(user).id
            if member not in place.members:
                return place
            place = self._keep(replace(place, members=tuple(one for one in place.members if one != member)))
            self.tell(Came(place, member, joined=False))
            return place

    def archive(self, channel: str, *, by: str = "") -> Channel:
        with self.lock:
            place = self._keep(replace(self.channel(channel), is_archived=True))
            self.tell(ChannelChanged(place, "channel_archive", by and self.user(by).id))
            return place

    def rename(self, channel: str, name: str) -> Channel:
        """Give a channel another name; raises ValueError where that is none."""
        with self.lock:
            check_name(name)
            place = self._keep(replace(self.channel(channel), name=name))
            self.tell(ChannelChanged(place, "channel_rename"))
            return place

    def _keep(self, channel: Channel) -> Channel:
        self._channels[channel.id] = channel
        return channel


def _find(known: Mapping[str, _Named], id_or_name: str) -> _Named:
    if id_or_name in known:
        return known[id_or_name]
    found = next((one for one in known.values() if one.name == id_or_name != ""), None)
    if found is None:
        raise NotHereError(id_or_name)
    return found


def _addressed(manifest: Mapping[str, Any], request_url: str) -> Mapping[str, Any]:
    if not request_url:
        return manifest
    settings = dict(manifest.get("settings") or {})
    settings["socket_mode_enabled"] = False
    for name in ("event_subscriptions", "interactivity"):
        if settings.get(name):
            settings[name] = {**settings[name], "request_url": request_url}
    features = dict(manifest.get("features") or {})
    commands = features.get("slash_commands") or ()
    features["slash_commands"] = [{**command, "url": request_url} for command in commands]
    return {**manifest, "settings": settings, "features": features}
