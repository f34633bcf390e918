"""What apps show to one person: modals, App Home, ephemeral messages; and the keys that open them."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cityhall_fm.sandbox.directory import Directory, NotHereError
from cityhall_fm.sandbox.fields import Entry, Place, fields_of, initial_entries
from cityhall_fm.sandbox.people import Json

RESPONSE_MINUTES = 30  # Slack: five answers within half an hour
MOST_RESPONSES = 5
MOST_VIEWS = 3  # a modal and two on top of it


class TriggerError(Exception):
    """A trigger_id that opens nothing: its argument is Slack's name of the error."""


@dataclass(frozen=True, slots=True)
class View:
    """A modal or an App Home as one person has it before them, with what they typed so far."""

    id: str
    app_id: str
    user_id: str
    body: Json
    hash: str
    root_id: str
    previous_id: str = ""
    entries: Mapping[Place, Entry] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """By block_id; from the app's response_action or from the client's own checks."""

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")


@dataclass(frozen=True, slots=True)
class Trigger:
    """The right to open one modal, once and soon."""

    app_id: str
    user_id: str
    until: datetime
    view_id: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class Whisper:
    """An ephemeral message: only one member sees it, and nothing remembers it but their screen."""

    ts: str
    channel_id: str
    user_id: str
    app_id: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """Where an app may answer an interaction, and what `replace_original` would replace."""

    app_id: str
    user_id: str
    channel_id: str
    until: datetime
    message_ts: str = ""
    whisper_ts: str = ""
    thread_ts: str = ""
    uses: int = 0


class Surfaces:
    """All that apps show to single people in one workspace."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._count = itertools.count(directory.ids_from)
        self._triggers: dict[str, Trigger] = {}
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[tuple[str, str], View] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.whispers: list[Whisper] = []

    # -- triggers --------------------------------------------------------------------------------------

    def new_trigger(self, app_id: str, user_id: str, *, view_id: str = "") -> str:
        """Give an app the right to open a modal for this person."""
        number = next(self._count)
        name = f"{1000 + number}.{7_890_123 + number}.{number * 2_654_435_761 % 2**32:08x}"
        until = self._directory.clock() + timedelta(seconds=self._directory.rules.trigger_seconds)
        self._triggers[name] = Trigger(app_id, user_id, until, view_id)
        return name

    @property
    def triggers_given(self) -> int:
        return len(self._triggers)

    def redeem(self, name: str, app_id: str) -> Trigger:
        """Use a trigger up; raises TriggerError where it is unknown, used or too old."""
        trigger = self._triggers.get(name)
        if trigger is None or trigger.app_id != app_id:
            raise TriggerError("invalid_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        if self._directory.clock() > trigger.until:
            raise TriggerError("expired_trigger_id")
        self._triggers[name] = replace(trigger, used=True)
        return trigger

    # -- views -----------------------------------------------------------------------------------------

    def stack(self, user_id: str) -> tuple[View, ...]:
        """List the modals this person has open, the visible one last."""
        return tuple(self._stacks.get(user_id, ()))

    def home(self, app_id: str, user_id: str) -> View | None:
        return self._homes.get((app_id, user_id))

    def views(self) -> Iterator[View]:
        yield from itertools.chain.from_iterable(self._stacks.values())
        yield from self._homes.values()

    def view(self, view_id: str) -> View:
        """Return an open view, or raise NotHereError."""
        found = next((view for view in self.views() if view.id == view_id), None)
        if found is None:
            raise NotHereError(view_id)
        return found

    def open(self, app_id: str, user_id: str, body: Json) -> View:
        """Show a modal; what was open before goes away."""
        view = self._new(app_id, user_id, body)
        self._stacks[user_id] = [view]
        return view

    def push(self, app_id: str, user_id: str, body: Json) -> View:
        """Put a modal on top of the open ones."""
        below = self._stacks.setdefault(user_id, [])
        view = self._new(app_id, user_id, body)
        if below:
            view = replace(view, root_id=below[0].id, previous_id=below[-1].id)
        below.append(view)
        return view

    def publish(self, app_id: str, user_id: str, body: Json) -> View:
        """Show an App Home; it keeps its id for ever."""
        known = self._homes.get((app_id, user_id))
        if known is not None:
            return self.keep(self._with_body(known, body))
        view = self._new(app_id, user_id, body)
        self._homes[app_id, user_id] = view
        return view

    def update(self, view: View, body: Json) -> View:
        """Show something else in an open view; what was typed stays where ids stay the same."""
        return self.keep(self._with_body(view, body))

    def keep(self, view: View) -> View:
        """Put a view in the place of its earlier state."""
        if (view.app_id, view.user_id) in self._homes and view.kind == "home":
            self._homes[view.app_id, view.user_id] = view
        else:
            stack = self._stacks.get(view.user_id, [])
            self._stacks[view.user_id] = [view if one.id == view.id else one for one in stack]
        return view

    def close(self, view: View, *, whole_stack: bool = False) -> tuple[View, ...]:
        """Take a modal away, or all of them; return those that went."""
        stack = self._stacks.get(view.user_id, [])
        gone = [one for one in stack if whole_stack or one.id == view.id]
        self._stacks[view.user_id] = [one for one in stack if one not in gone]
        return tuple(reversed(gone))

    def _new(self, app_id: str, user_id: str, body: Json) -> View:
        view_id = f"V{next(self._count):010d}"
        return View(view_id, app_id, user_id, body, self._new_hash(), view_id, entries=initial_entries(body))

    def _with_body(self, view: View, body: Json) -> View:
        places = {one.place for one in fields_of(body)}
        typed = {place: entry for place, entry in view.entries.items() if place in places}
        entries = initial_entries(body) | typed
        return replace(view, body=body, hash=self._new_hash(), entries=entries, errors={})

    def _new_hash(self) -> str:
        return f"{int(self._directory.clock().timestamp())}.{next(self._count):08x}"

    # -- ephemeral messages ----------------------------------------------------------------------------

    def whisper(self, whisper: Whisper) -> Whisper:
        """Show somebody an ephemeral message; it gets a ts of its own."""
        moment = int(self._directory.clock().timestamp())
        placed = replace(whisper, ts=f"{moment}.{next(self._count) % 10**6:06d}")
        self.whispers.append(placed)
        return placed

    def whispers_to(self, user_id: str, channel_id: str = "") -> list[Whisper]:
        """List what this person, and nobody else, was told; oldest first."""
        return [one for one in self.whispers if one.user_id == user_id and channel_id in ("", one.channel_id)]

    def new_response_url(self, response: ResponseUrl) -> str:
        """Open an address at which an app may answer, and return it."""
        number = next(self._count)
        token = f"{number}-{number * 2_246_822_519 % 2**32:08x}"
        self.response_urls[token] = response
        return f"{self._directory.page_url}actions/{self._directory.team_id}/{token}"

    def until_response(self) -> datetime:
        """Tell until when an address opened now may be used."""
        return self._directory.clock() + timedelta(minutes=RESPONSE_MINUTES)
