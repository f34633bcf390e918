"""A member's hands, for tests: say, react, run a command, press, fill in, submit; and their eyes."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, Unpack

from cityhall_fm.sandbox.acting import Actor, Outcome
from cityhall_fm.sandbox.directory import NotHereError
from cityhall_fm.sandbox.fields import NoSuchFieldError, elements_of
from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.options import ClipFields
from cityhall_fm.sandbox.people import App, Channel, Json, User
from cityhall_fm.sandbox.seen import PATIENCE_SECONDS, Modal, NotSeenError, Seen
from cityhall_fm.sandbox.surfaces import View, Whisper
from cityhall_fm.sandbox.workspace import Workspace

_Found = TypeVar("_Found")
_LOOK_SECONDS = 0.005


class Member:
    """Somebody with a hand on the keyboard and the workspace before them."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @property
    def world(self) -> Workspace:
        return self._actor.world

    @property
    def id(self) -> str:
        return self._actor.user_id

    @property
    def user(self) -> User:
        return self.world.user(self.id)

    # -- talking ---------------------------------------------------------------------------------------

    def say(self, channel: str, text: str, *, thread_ts: str = "", files: Iterable[str] = ()) -> Message:
        """Post in a channel, joining it first if it is public."""
        place = self._enter(channel)
        carried = tuple(files)
        subtype = "file_share" if carried else ""
        return self.world.say(place.id, self.id, text, thread_ts=thread_ts, files=carried, subtype=subtype)

    def reply(self, channel: str, ts: str, text: str, *, broadcast: bool = False) -> Message:
        """Reply in a thread, and to the channel too if `broadcast`."""
        subtype = "thread_broadcast" if broadcast else ""
        return self.world.say(self._enter(channel).id, self.id, text, thread_ts=ts, subtype=subtype)

    def record(
        self, channel: str, content: bytes, *, text: str = "", thread_ts: str = "", **more: Unpack[ClipFields]
    ) -> Message:
        """Post an audio clip as Slack's microphone button does; `more` are other fields of File."""
        more.setdefault("subtype", "slack_audio")
        more.setdefault("duration_ms", 5_000)
        clip = self.world.upload(self.id, "audio_message.m4a", content, **more)
        return self.say(channel, text, thread_ts=thread_ts, files=[clip.id])

    def edit(self, channel: str, ts: str, text: str) -> Message:
        return self.world.edit(channel, ts, text, by=self.id)

    def delete(self, channel: str, ts: str) -> None:
        self.world.delete(channel, ts)

    def react(self, channel: str, ts: str, name: str) -> Message:
        return self.world.react(channel, ts, name, self.id)

    def unreact(self, channel: str, ts: str, name: str) -> Message:
        return self.world.unreact(channel, ts, name, self.id)

    # -- using apps ------------------------------------------------------------------------------------

    def command(self, name: str, text: str = "", *, channel: str = "") -> Seen:
        """Run a slash command; without a channel in the first one this member is in."""
        place = self._enter(channel) if channel else self._somewhere()
        return self._see(lambda: self._actor.command(name, text, place.id))

    def shortcut(self, callback_id: str) -> Seen:
        """Choose a global shortcut."""
        return self._see(lambda: self._actor.shortcut(callback_id))

    def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Seen:
        """Choose a shortcut in the menu of a message."""
        return self._see(lambda: self._actor.message_shortcut(callback_id, channel, ts))

    def press(
        self,
        action_id: str,
        choice: str | Iterable[str] = (),
        *,
        on: Message | Whisper | Modal | None = None,
        block_id: str = "",
    ) -> Seen:
        """Press a button or choose in a menu: on what is named, or where it is found.

        It is looked for in the open modal, ephemeral messages, App Home, then messages, newest first.
        Raises NoSuchFieldError where it is nowhere to be seen.
        """
        typed = (choice,) if isinstance(choice, str) else tuple(choice)
        shown = on.view if isinstance(on, Modal) else on
        for channel_id, candidate in [self._placed(shown)] if shown else self._surfaces():
            blocks = candidate.body["blocks"] if isinstance(candidate, View) else candidate.blocks
            if any(
                element.get("action_id") == action_id and block_id in ("", block["block_id"])
                for block, element in elements_of(blocks)
            ):
                return self._press(candidate, channel_id, action_id, typed, block_id)
        raise NoSuchFieldError(action_id)

    def open_home(self, app: str = "") -> Seen:
        """Open an app's Home, by the name of its bot; `home()` then shows it."""
        self._actor.open_home(self._app(app))
        return self._see(Outcome)

    # -- looking ---------------------------------------------------------------------------------------

    @property
    def modal(self) -> Modal | None:
        """The modal on top, if one is open now."""
        stack = self.world.surfaces.stack(self.id)
        return Modal(self, stack[-1].id) if stack else None

    def home(self, app: str = "") -> View | None:
        """Return the App Home as it is shown now, if the app published one."""
        return self.world.surfaces.home(self._app(app).app_id, self.id)

    def whispers(self, channel: str = "") -> list[Whisper]:
        """List the ephemeral messages that only this member sees, oldest first."""
        place = self.world.channel(channel).id if channel else ""
        return self.world.surfaces.whispers_to(self.id, place)

    def direct(self, bot: str = "") -> list[Message]:
        """List the direct messages with an app's bot, oldest first."""
        with self.world.lock:
            return self.world.messages(self.world.open_direct(self._app(bot).user_id, self.id).id)

    def wait_for(
        self, look: Callable[[], _Found | None], what: str = "", *, seconds: float = PATIENCE_SECONDS
    ) -> _Found:
        """Look again and again until there is something to see; raises NotSeenError after `seconds`."""
        until = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > until:
                raise NotSeenError(f"{what or 'nothing'}; before {self.user.shown_name}: {self._before_me()}")
            time.sleep(_LOOK_SECONDS)

    # -- helpers ---------------------------------------------------------------------------------------

    def submit(self, modal: Modal, labels: Mapping[str, str]) -> Seen:
        return self._see(lambda: self._actor.submit(modal.view), labels)

    def close(self, modal: Modal, *, whole_stack: bool) -> Seen:
        return self._see(lambda: self._actor.close(modal.view, whole_stack=whole_stack))

    def fill(self, modal: Modal, label: str, typed: str | Iterable[str]) -> None:
        """Type into a field; where its block asks for it, the app hears of it at once."""
        one = modal.field(label)
        values = (typed,) if isinstance(typed, str) else tuple(typed)
        if one.dispatches:
            self._actor.press_in(modal.view, one.action_id, typed=values, block_id=one.block_id)
        else:
            self._actor.type_in(modal.view, one, values)

    def _press(
        self,
        shown: View | Message | Whisper,
        channel_id: str,
        action_id: str,
        typed: tuple[str, ...],
        block_id: str,
    ) -> Seen:
        if isinstance(shown, View):
            return self._see(lambda: self._actor.press_in(shown, action_id, typed=typed, block_id=block_id))
        return self._see(
            lambda: self._actor.press_on(shown, channel_id, action_id, typed=typed, block_id=block_id)
        )

    def _see(self, act: Callable[[], Outcome], labels: Mapping[str, str] | None = None) -> Seen:
        whispers = frozenset(one.ts for one in self.whispers())
        before = self.modal
        hash_before = before.view.hash if before else ""
        return Seen(act(), self, whispers, hash_before, labels or {})

    def _surfaces(self) -> list[tuple[str, View | Message | Whisper]]:
        surfaces = self.world.surfaces
        with self.world.lock:
            stack = surfaces.stack(self.id)
            if stack:
                return [("", stack[-1])]  # a modal covers all else
            whispers = [(one.channel_id, one) for one in reversed(self.whispers())]
            homes = [("", home) for app in self.world.apps if (home := surfaces.home(app.app_id, self.id))]
            messages = [
                (channel.id, message)
                for channel in self.world.channels
                if channel.kind == "public_channel" or self.id in channel.members
                for message in reversed(self.world.messages(channel.id))
            ]
            return [*whispers, *homes, *messages]

    def _placed(self, shown: View | Message | Whisper) -> tuple[str, View | Message | Whisper]:
        if isinstance(shown, View):
            return "", shown
        if isinstance(shown, Whisper):
            return shown.channel_id, shown
        for channel in self.world.channels:
            if shown.ts in {one.ts for one in self.world.messages(channel.id) if one.user == shown.user}:
                return channel.id, self.world.message(channel.id, shown.ts)
        raise NotHereError(shown.ts)

    def _enter(self, channel: str) -> Channel:
        place = self.world.channel(channel)
        if self.id in place.members:
            return place
        if place.kind != "public_channel":
            raise NotHereError(channel)
        return self.world.join(place.id, self.id)

    def _somewhere(self) -> Channel:
        for channel in self.world.channels:
            if self.id in channel.members:
                return channel
        raise NotHereError("a channel to type in")

    def _app(self, bot: str) -> App:
        apps = self.world.apps
        if not bot:
            return apps[0]
        user_id = self.world.user(bot).id
        return next(app for app in apps if app.user_id == user_id)

    def _before_me(self) -> Json:
        modal = self.modal
        return {
            "modal": modal.text if modal else None,
            "whispers": [one.text for one in self.whispers()],
        }
