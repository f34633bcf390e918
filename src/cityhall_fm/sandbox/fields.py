"""The fields of a view or message: what a person types into them, and the `state.values` of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.people import Json

Place = tuple[str, str]
"""block_id and action_id."""
Entry = Json
"""One value of state.values, as Slack sends it."""

_TEXT_KINDS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_ONE_OPTION = frozenset({"static_select", "radio_buttons"})
_SOME_OPTIONS = frozenset({"multi_static_select", "checkboxes"})
_ONE_ID = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
_MOMENTS = {
    "datepicker": ("selected_date", "initial_date", re.compile(r"\d{4}-\d\d-\d\d")),
    "timepicker": ("selected_time", "initial_time", re.compile(r"\d\d:\d\d")),
}
STATEFUL = _TEXT_KINDS | _ONE_OPTION | _SOME_OPTIONS | _ONE_ID.keys() | _MOMENTS.keys()
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class NoSuchFieldError(LookupError):
    """Nothing of that label, action_id or option is before this person."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input as a person sees it."""

    block_id: str
    label: str
    element: Json
    hint: str = ""
    is_optional: bool = True
    is_input: bool = False
    """In an input block: it is sent on submit. Elsewhere every choice is sent at once."""
    dispatches: bool = False

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def place(self) -> Place:
        return self.block_id, self.action_id

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def options(self) -> list[Json]:
        groups = self.element.get("option_groups") or ()
        return [*self.element.get("options", ()), *(one for group in groups for one in group["options"])]


def fields_of(body: Mapping[str, Any]) -> list[Field]:
    """List the fields of a view or message, from top to bottom."""
    return [field for block in body.get("blocks", ()) for field in _in_block(block)]


def elements_of(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """List every interactive element with its block."""
    for block in blocks:
        kind = block.get("type")
        if kind == "section" and block.get("accessory"):
            yield block, block["accessory"]
        elif kind == "actions":
            for element in block["elements"]:
                yield block, element
        elif kind == "input":
            yield block, block["element"]


def initial_entries(body: Mapping[str, Any]) -> dict[Place, Entry]:
    """Return the state before anybody typed."""
    return {field.place: _initial(field.element) for field in fields_of(body)}


def state_values(entries: Mapping[Place, Entry]) -> Json:
    """Shape `state.values`: by block_id, then by action_id."""
    values: Json = {}
    for (block_id, action_id), entry in entries.items():
        values.setdefault(block_id, {})[action_id] = entry
    return values


def entry_of(field: Field, typed: str | Iterable[str]) -> Entry:
    """Return the entry for what a person typed or chose; options are named by value or by their text.

    Raises NoSuchFieldError for an option that is not there, ValueError for no date or time.
    """
    element, kind = field.element, field.kind
    several = [typed] if isinstance(typed, str) else list(typed)
    one = several[0] if several else ""
    if kind in _TEXT_KINDS:
        return {"type": kind, "value": one.replace("\r\n", "\n") or None}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": _option(field, one) if one else None}
    if kind in _SOME_OPTIONS:
        return {"type": kind, "selected_options": [_option(field, each) for each in several if each]}
    if kind in _ONE_ID:
        return {"type": kind, _ONE_ID[kind]: one or None}
    if kind in _MOMENTS:
        name, _, shape = _MOMENTS[kind]
        if one and not shape.fullmatch(one):
            raise ValueError(one)
        return {"type": kind, name: one or None}
    raise NoSuchFieldError(f"{element.get('type')} takes nothing")


def typed_in(entry: Entry) -> list[str]:
    """Return what stands in a field: texts, values of options, ids."""
    values: list[str] = []
    for name, value in entry.items():
        if name == "type" or value is None:
            continue
        many = value if isinstance(value, list) else [value]
        values += [str(one["value"]) if isinstance(one, dict) else str(one) for one in many]
    return values


def problem_of(field: Field, entry: Entry) -> str:
    """Tell what Slack's client itself would refuse at submit: the name of the rule, or nothing."""
    typed = typed_in(entry)
    text = typed[0] if typed else ""
    if not text.strip():
        return "" if field.is_optional else "required"
    if field.kind == "plain_text_input":
        if len(text) < int(field.element.get("min_length") or 0):
            return "too_short"
        return "too_long" if len(text) > int(field.element.get("max_length") or 3000) else ""
    shape = {"email_text_input": _EMAIL, "url_text_input": _URL, "number_input": _NUMBER}.get(field.kind)
    return "" if shape is None or shape.fullmatch(text) else f"not_{field.kind.partition('_')[0]}"


def _in_block(block: Json) -> Iterator[Field]:
    if block.get("type") == "input":
        yield Field(
            str(block["block_id"]),
            str(block["label"]["text"]),
            block["element"],
            hint=str((block.get("hint") or {}).get("text", "")),
            is_optional=bool(block.get("optional")),
            is_input=True,
            dispatches=bool(block.get("dispatch_action")),
        )
        return
    for _, element in elements_of([block]):
        if element.get("type") in STATEFUL:
            label = (block.get("text") or element.get("placeholder") or {}).get("text", "")
            yield Field(str(block["block_id"]), str(label), element, dispatches=True)


def _initial(element: Json) -> Entry:
    kind = str(element["type"])
    if kind in _TEXT_KINDS:
        return {"type": kind, "value": element.get("initial_value") or None}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _SOME_OPTIONS:
        return {"type": kind, "selected_options": list(element.get("initial_options") or ())}
    if kind in _ONE_ID:
        name = _ONE_ID[kind]
        return {"type": kind, name: element.get(name.replace("selected", "initial"))}
    name, initial, _ = _MOMENTS[kind]
    return {"type": kind, name: element.get(initial)}


def _option(field: Field, wanted: str) -> Json:
    for option in field.options:
        if wanted in (option["value"], option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    raise NoSuchFieldError(f"{field.label}: no option {wanted!r}")
