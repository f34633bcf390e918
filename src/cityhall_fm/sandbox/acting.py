"""What a member does to apps, and what comes of it: commands, shortcuts, buttons, forms, App Home."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cityhall_fm.sandbox import payloads
from cityhall_fm.sandbox.attempts import WireKind
from cityhall_fm.sandbox.delivery import PostOffice
from cityhall_fm.sandbox.fields import Field, elements_of, entry_of, fields_of, initial_entries, problem_of
from cityhall_fm.sandbox.happenings import HomeOpened
from cityhall_fm.sandbox.message import MICROSECONDS, Message, ts_from_microseconds
from cityhall_fm.sandbox.people import App, Channel, Json
from cityhall_fm.sandbox.refusals import RefusalError
from cityhall_fm.sandbox.responses import respond
from cityhall_fm.sandbox.surfaces import MOST_VIEWS, ResponseUrl, View, Whisper
from cityhall_fm.sandbox.view_rules import is_too_large, view_body, view_problems
from cityhall_fm.sandbox.workspace import NotHereError, Workspace


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Slack itself shows after an action; what the app shows afterwards is in the world.

    `problem` is empty if the app acknowledged in time and sensibly. Otherwise it is what Slack's client
    complains about: operation_timeout, dispatch_failed, unknown_command, not_interactive, bad_response.
    """

    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Under the fields of a submitted modal, by block_id."""


class Actor:
    """One member at one keyboard."""

    def __init__(self, world: Workspace, post: PostOffice, user_id: str) -> None:
        self.world = world
        self.user_id = world.user(user_id).id
        self._post = post

    # -- opening ---------------------------------------------------------------------------------------

    def command(self, name: str, text: str, channel_id: str) -> Outcome:
        """Run a slash command in a channel."""
        with self.world.lock:
            channel = self.world.channel(channel_id)
            app = next((one for one in self.world.apps if name in one.manifest.commands), None)
            if app is None:
                return Outcome("unknown_command")
            user = self.world.user(self.user_id)
            payload = payloads.command(self.world, app, user, channel, name, text)
            target = self._target(app, channel)
            payload |= self._keys(app, target)
        return self._ask(app, "slash_commands", payload, app.manifest.commands[name].url, target)

    def shortcut(self, callback_id: str) -> Outcome:
        """Choose an entry of the lightning menu."""
        with self.world.lock:
            app = self._app_with(callback_id, "global")
            user = self.world.user(self.user_id)
            payload = payloads.shortcut(self.world, app, user, callback_id, self._now())
            payload |= self._keys(app, None)
        return self._ask(app, "interactive", payload, app.manifest.interactivity_url)

    def message_shortcut(self, callback_id: str, channel_id: str, ts: str) -> Outcome:
        """Choose an entry of a message's own menu."""
        with self.world.lock:
            app = self._app_with(callback_id, "message")
            channel = self.world.channel(channel_id)
            message = self.world.message(channel.id, ts)
            user = self.world.user(self.user_id)
            payload = payloads.message_action(self.world, app, user, callback_id, channel, message)
            # The original is somebody's message: an answer stands beside it.
            payload |= self._keys(app, self._target(app, channel)) | {"action_ts": self._now()}
        return self._ask(app, "interactive", payload, app.manifest.interactivity_url)

    def open_home(self, app: App) -> Channel:
        """Open an app's Home: the app hears of it and may publish its view."""
        with self.world.lock:
            channel = self.world.open_direct(app.user_id, self.user_id)
            self.world.tell(HomeOpened(app.app_id, self.user_id, channel))
            return channel

    # -- pressing and choosing -------------------------------------------------------------------------

    def press_on(
        self,
        shown: Message | Whisper,
        channel_id: str,
        action_id: str,
        *,
        typed: Iterable[str] = (),
        block_id: str = "",
    ) -> Outcome:
        """Press a button of a message, or choose in one of its menus."""
        with self.world.lock:
            channel = self.world.channel(channel_id)
            app = self.world.app_by_id(shown.app_id)
            user = self.world.user(self.user_id)
            body = {"blocks": shown.blocks}
            action, entries = self._action(body, initial_entries(body), action_id, block_id, typed)
            payload = payloads.on_message(self.world, app, user, shown, channel, action, entries)
            target = self._target(app, channel, shown)
            payload |= self._keys(app, target)
        return self._ask(app, "interactive", payload, app.manifest.interactivity_url)

    def press_in(
        self, view: View, action_id: str, *, typed: Iterable[str] = (), block_id: str = ""
    ) -> Outcome:
        """Press a button in a modal or App Home, or choose in one of its menus."""
        with self.world.lock:
            app = self.world.app_by_id(view.app_id)
            user = self.world.user(self.user_id)
            action, entries = self._action(view.body, view.entries, action_id, block_id, typed)
            view = self.world.surfaces.keep(replace(view, entries=entries))
            payload = payloads.in_view(self.world, app, user, view, action)
            payload |= self._keys(app, None, view_id=view.id)
        return self._ask(app, "interactive", payload, app.manifest.interactivity_url)

    def type_in(self, view: View, one: Field, typed: str | Iterable[str]) -> View:
        """Put something into a field of an open view; nothing is sent."""
        entries = {**view.entries, one.place: entry_of(one, typed)}
        with self.world.lock:
            return self.world.surfaces.keep(replace(view, entries=entries))

    # -- submitting and closing ------------------------------------------------------------------------

    def submit(self, view: View) -> Outcome:
        """Submit a modal; Slack's client checks what it can before the app hears of it."""
        errors = {
            one.block_id: problem
            for one in fields_of(view.body)
            if one.is_input and (problem := problem_of(one, view.entries[one.place]))
        }
        surfaces = self.world.surfaces
        with self.world.lock:
            surfaces.keep(replace(view, errors=errors))
            if errors:
                return Outcome(errors=errors)
            app = self.world.app_by_id(view.app_id)
            user = self.world.user(self.user_id)
            payload = payloads.submission(self.world, app, user, view)
            payload |= self._keys(app, None, view_id=view.id)
        response = self._post.ask(app, "interactive", payload, url=app.manifest.interactivity_url)
        if response.problem:
            return Outcome(_as_shown(response.problem))
        with self.world.lock:
            return self._answered(view, response.payload)

    def close(self, view: View, *, whole_stack: bool = False) -> Outcome:
        """Close a modal, or with the cross all that are open; the app hears of it if it asked to."""
        with self.world.lock:
            whole_stack = whole_stack or bool(view.body.get("clear_on_close"))
            gone = self.world.surfaces.close(view, whole_stack=whole_stack)
            app = self.world.app_by_id(view.app_id)
            user = self.world.user(self.user_id)
            told = [
                payloads.closed(self.world, app, user, one, is_cleared=whole_stack)
                for one in gone
                if one.body.get("notify_on_close")
            ]
        for payload in told:
            self._post.ask(app, "interactive", payload, url=app.manifest.interactivity_url)
        return Outcome()

    def _answered(self, view: View, payload: Json) -> Outcome:
        surfaces, kind = self.world.surfaces, payload.get("response_action")
        if kind == "errors":
            return self._refused(view, payload.get("errors"))
        if kind in ("update", "push"):
            return self._replaced(view, kind, payload.get("view"))
        if kind not in (None, "clear"):
            return Outcome("bad_response")
        surfaces.close(view, whole_stack=kind == "clear")
        return Outcome()

    def _refused(self, view: View, errors: object) -> Outcome:
        inputs = {one.block_id for one in fields_of(view.body) if one.is_input}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            return Outcome("bad_response")  # Slack shows none of them then
        texts = {str(name): str(text) for name, text in errors.items()}
        self.world.surfaces.keep(replace(view, errors=texts))
        return Outcome(errors=texts)

    def _replaced(self, view: View, kind: str, body: Any) -> Outcome:  # noqa: ANN401 - any JSON
        surfaces = self.world.surfaces
        is_full = kind == "push" and len(surfaces.stack(self.user_id)) >= MOST_VIEWS
        if is_full or view_problems(body, kind="modal") or is_too_large(body):
            return Outcome("bad_response")
        if kind == "push":
            surfaces.push(view.app_id, self.user_id, view_body(body))
        else:
            surfaces.update(view, view_body(body))
        return Outcome()

    # -- helpers ---------------------------------------------------------------------------------------

    def _ask(
        self, app: App, kind: WireKind, payload: Json, url: str, target: ResponseUrl | None = None
    ) -> Outcome:
        if kind == "interactive" and not app.manifest.is_interactive:
            return Outcome("not_interactive")
        response = self._post.ask(app, kind, payload, url=url)
        if response.problem:
            return Outcome(_as_shown(response.problem))
        if response.payload and target is not None:
            try:
                with self.world.lock:
                    respond(self.world, target, response.payload)
            except RefusalError:
                return Outcome("bad_response")
        return Outcome()

    def _action(
        self,
        body: Mapping[str, Iterable[Json]],
        entries: Mapping[tuple[str, str], Json],
        action_id: str,
        block_id: str,
        typed: Iterable[str],
    ) -> tuple[Json, dict[tuple[str, str], Json]]:
        for block, element in elements_of(body["blocks"]):
            if element.get("action_id") != action_id or block_id not in ("", block["block_id"]):
                continue
            known = dict(entries)
            entry = None
            if element["type"] == "overflow":
                one = Field(block["block_id"], "", {**element, "type": "static_select"})
                entry = {**entry_of(one, typed), "type": "overflow"}
            elif element["type"] != "button":
                one = Field(block["block_id"], "", element)
                entry = known[one.place] = entry_of(one, typed)
            return payloads.action_of(block["block_id"], element, entry, self._now()), known
        raise NotHereError(action_id)

    def _target(self, app: App, channel: Channel, shown: Message | Whisper | None = None) -> ResponseUrl:
        return ResponseUrl(
            app.app_id,
            self.user_id,
            channel.id,
            self.world.surfaces.until_response(),
            message_ts=shown.ts if isinstance(shown, Message) else "",
            whisper_ts=shown.ts if isinstance(shown, Whisper) else "",
            thread_ts=shown.thread_ts if shown else "",
        )

    def _keys(self, app: App, target: ResponseUrl | None, *, view_id: str = "") -> Json:
        surfaces = self.world.surfaces
        keys = {"trigger_id": surfaces.new_trigger(app.app_id, self.user_id, view_id=view_id)}
        return keys | ({"response_url": surfaces.new_response_url(target)} if target else {})

    def _app_with(self, callback_id: str, kind: str) -> App:
        for app in self.world.apps:
            found = app.manifest.shortcuts.get(callback_id)
            if found is not None and found.kind == kind:
                return app
        raise NotHereError(f"no {kind} shortcut {callback_id}")

    def _now(self) -> str:
        return ts_from_microseconds(int(self.world.clock().timestamp() * MICROSECONDS))


def _as_shown(problem: str) -> str:
    return "operation_timeout" if problem in ("timeout", "http_timeout") else "dispatch_failed"
