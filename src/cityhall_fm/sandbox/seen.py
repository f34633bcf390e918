"""What a member sees: the modal before them, field by field, and what came of an action."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from cityhall_fm.sandbox.acting import Outcome
from cityhall_fm.sandbox.fields import Field, NoSuchFieldError, fields_of, typed_in
from cityhall_fm.sandbox.surfaces import View, Whisper
from cityhall_fm.sandbox.workspace import Workspace

_Found = TypeVar("_Found")
PATIENCE_SECONDS = 5.0


class Hands(Protocol):
    """Whoever holds the keyboard."""

    @property
    def id(self) -> str: ...
    @property
    def world(self) -> Workspace: ...
    @property
    def modal(self) -> "Modal | None": ...
    def whispers(self, channel: str = "") -> list[Whisper]: ...
    def wait_for(
        self, look: Callable[[], _Found | None], what: str = "", *, seconds: float = PATIENCE_SECONDS
    ) -> _Found: ...
    def fill(self, modal: "Modal", label: str, typed: str | Iterable[str]) -> None: ...
    def press(
        self,
        action_id: str,
        choice: str | Iterable[str] = (),
        *,
        on: "Modal | None" = None,
        block_id: str = "",
    ) -> "Seen": ...
    def submit(self, modal: "Modal", labels: Mapping[str, str]) -> "Seen": ...
    def close(self, modal: "Modal", *, whole_stack: bool) -> "Seen": ...


@dataclass(frozen=True, slots=True)
class Modal:
    """One open modal; it always shows the view as it is now."""

    member: Hands
    view_id: str

    @property
    def view(self) -> View:
        """The view behind it; raises NotHereError once it is closed."""
        return self.member.world.surfaces.view(self.view_id)

    @property
    def title(self) -> str:
        return str(self.view.body["title"]["text"])

    @property
    def callback_id(self) -> str:
        return str(self.view.body.get("callback_id") or "")

    @property
    def fields(self) -> dict[str, str | list[str]]:
        """What stands in each field, by label: one value as text, several as a list."""
        return {one.label: _shown(one, typed_in(self.view.entries[one.place])) for one in self._fields()}

    @property
    def errors(self) -> dict[str, str]:
        """What is written under the fields, by label."""
        labels = self._labels()
        return {labels.get(block, block): text for block, text in self.view.errors.items()}

    @property
    def text(self) -> str:
        """All texts of the modal, one under the other."""
        return "\n".join(_texts([self.view.body.get("title"), self.view.body["blocks"]]))

    def field(self, label: str) -> Field:
        """Return the field of this label, action_id or block_id; raises NoSuchFieldError."""
        fields = self._fields()
        for one in fields:
            if label in (one.label, one.action_id, one.block_id):
                return one
        raise NoSuchFieldError(f"no field {label!r} among {[one.label for one in fields]}")

    def fill(self, label: str, value: str | Iterable[str]) -> "Modal":
        """Type or choose in a field; options go by their text or their value."""
        self.member.fill(self, label, value)
        return self

    def press(self, action_id: str, choice: str | Iterable[str] = (), *, block_id: str = "") -> "Seen":
        """Press a button, or choose in a menu that is no input."""
        return self.member.press(action_id, choice, on=self, block_id=block_id)

    def submit(self) -> "Seen":
        """Press the modal's own button."""
        return self.member.submit(self, self._labels())

    def close(self, *, whole_stack: bool = False) -> "Seen":
        """Press the button that closes it, or with `whole_stack` the cross that closes all."""
        return self.member.close(self, whole_stack=whole_stack)

    @property
    def is_open(self) -> bool:
        stack = self.member.world.surfaces.stack(self.member.id)
        return any(view.id == self.view_id for view in stack)

    def _fields(self) -> list[Field]:
        return fields_of(self.view.body)

    def _labels(self) -> dict[str, str]:
        return {one.block_id: one.label for one in self._fields()}


class NotSeenError(AssertionError):
    """What somebody waited for did not come; says what was before them instead."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of an action: at once, and a moment later."""

    outcome: Outcome
    member: Hands
    whispers_before: frozenset[str]
    modal_before: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """What Slack's client complains about (operation_timeout, …); empty if all is well."""
        return self.outcome.problem

    @property
    def errors(self) -> dict[str, str]:
        """The errors under the fields, by the label of the field."""
        return {self.labels.get(block, block): text for block, text in self.outcome.errors.items()}

    def modal(self) -> Modal:
        """Wait for a modal other than the one before the action, or that one with other contents."""
        self.outcome_is_fine()
        return self.member.wait_for(self._new_modal, "a new modal")

    def told(self) -> str:
        """Wait for an ephemeral answer, and return its text."""
        self.outcome_is_fine()
        return self.whisper().text

    def whisper(self) -> Whisper:
        """Wait for an ephemeral answer."""
        return self.member.wait_for(
            lambda: next((one for one in self.member.whispers() if one.ts not in self.whispers_before), None),
            "an ephemeral answer",
        )

    def outcome_is_fine(self) -> None:
        """Raise NotSeenError if the app did not answer in time, or not sensibly."""
        if self.problem:
            raise NotSeenError(self.problem)

    def _new_modal(self) -> Modal | None:
        shown = self.member.modal
        return shown if shown is not None and shown.view.hash != self.modal_before else None


def _shown(one: Field, typed: list[str]) -> str | list[str]:
    several = one.kind in ("checkboxes", "multi_static_select")
    return typed if several else (typed[0] if typed else "")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            if isinstance(item, list | dict):
                yield from _texts(item)
