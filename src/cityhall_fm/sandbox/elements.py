"""Block Kit's limits for interactive elements: buttons, menus, inputs."""

from collections.abc import Callable, Iterator, Mapping

from cityhall_fm.sandbox.block_texts import PLAIN, Length, problem, string, text, url
from cityhall_fm.sandbox.people import Json

_BUTTON = Length(1, 75)
_OPTION = Length(1, 75)
_RADIO = Length(1, 3000)  # checkboxes and radio buttons speak mrkdwn and at length
_PLACEHOLDER = Length(1, 150)
_ACTION_ID = Length(1, 255)
_VALUE = Length(1, 2000)
_OPTION_VALUE = Length(1, 150)
_INITIAL = Length(0, 3000)
_CONFIRM_TITLE = Length(1, 100)
_CONFIRM_TEXT = Length(1, 300)
_CONFIRM_BUTTON = Length(1, 30)
_MOST_OPTIONS = 100
_MOST_RADIOS = 10
_LONGEST_INPUT = 3000
_ANYWHERE = frozenset({"actions", "section", "input"})
_ACCEPTED_IN: Mapping[str, frozenset[str]] = {
    "button": frozenset({"actions", "section"}),
    "overflow": frozenset({"actions", "section"}),
    "image": frozenset({"section"}),
    "static_select": _ANYWHERE,
    "multi_static_select": frozenset({"section", "input"}),
    "radio_buttons": _ANYWHERE,
    "checkboxes": _ANYWHERE,
    "users_select": _ANYWHERE,
    "conversations_select": _ANYWHERE,
    "channels_select": _ANYWHERE,
    "datepicker": _ANYWHERE,
    "timepicker": _ANYWHERE,
    "plain_text_input": frozenset({"input"}),
    "email_text_input": frozenset({"input"}),
    "url_text_input": frozenset({"input"}),
    "number_input": frozenset({"input"}),
}
_STYLES = (None, "primary", "danger")


def element_problems(element: object, at: str, *, within: str) -> Iterator[str]:
    """List what Slack would refuse in an element; `within` is the type of its block."""
    if not isinstance(element, dict) or not element.get("type"):
        yield problem("must be an element with a type", at)
        return
    kind = str(element["type"])
    if within not in _ACCEPTED_IN.get(kind, ()):
        yield problem(f"unsupported type in {within}: {kind}", f"{at}/type")
        return
    if "action_id" in element:
        yield from string(element, "action_id", _ACTION_ID, at)
    if "placeholder" in element:
        yield from text(element["placeholder"], _PLACEHOLDER, f"{at}/placeholder", kinds=PLAIN)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    yield from _RULES.get(kind, _nothing)(element, at)


def _button(element: Json, at: str) -> Iterator[str]:
    yield from text(element.get("text"), _BUTTON, f"{at}/text", kinds=PLAIN)
    if "value" in element:
        yield from string(element, "value", _VALUE, at)
    if "url" in element:
        yield from url(element, "url", at)
    if element.get("style") not in _STYLES:
        yield problem("style is primary or danger", f"{at}/style")


def _select(element: Json, at: str) -> Iterator[str]:
    groups = element.get("option_groups")
    if groups is None:
        yield from _options(element, at, most=_MOST_OPTIONS, length=_OPTION)
        return
    if not isinstance(groups, list) or not 1 <= len(groups) <= _MOST_OPTIONS:
        yield problem(f"1 to {_MOST_OPTIONS} option_groups", f"{at}/option_groups")
        return
    for index, group in enumerate(groups):
        place = f"{at}/option_groups/{index}"
        if not isinstance(group, dict):
            yield problem("must be an object", place)
            continue
        yield from text(group.get("label"), _OPTION, f"{place}/label", kinds=PLAIN)
        yield from _options(group, place, most=_MOST_OPTIONS, length=_OPTION)


def _overflow(element: Json, at: str) -> Iterator[str]:
    yield from _options(element, at, most=5, length=_OPTION)


def _choices(element: Json, at: str) -> Iterator[str]:
    yield from _options(element, at, most=_MOST_RADIOS, length=_RADIO)


def _options(holder: Json, at: str, *, most: int, length: Length) -> Iterator[str]:
    options = holder.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield problem(f"1 to {most} options", f"{at}/options")
        return
    for index, option in enumerate(options):
        place = f"{at}/options/{index}"
        if not isinstance(option, dict):
            yield problem("must be an object", place)
            continue
        yield from text(option.get("text"), length, f"{place}/text")
        yield from string(option, "value", _OPTION_VALUE, place)
        if "description" in option:
            yield from text(option["description"], _OPTION, f"{place}/description")
    initial = holder.get("initial_option")
    if initial is not None and initial not in options:
        yield problem("initial_option must be one of the options", f"{at}/initial_option")
    if any(one not in options for one in holder.get("initial_options") or ()):
        yield problem("initial_options must be among the options", f"{at}/initial_options")


def _text_input(element: Json, at: str) -> Iterator[str]:
    if "initial_value" in element:
        yield from string(element, "initial_value", _INITIAL, at)
    for name in ("min_length", "max_length"):
        value = element.get(name, 1)
        if not isinstance(value, int) or not 0 <= value <= _LONGEST_INPUT:
            yield problem(f"{name} is a number up to {_LONGEST_INPUT}", f"{at}/{name}")


def _number(element: Json, at: str) -> Iterator[str]:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        yield problem("needs is_decimal_allowed", at)


def _confirm(confirm: object, at: str) -> Iterator[str]:
    if not isinstance(confirm, dict):
        yield problem("must be an object", at)
        return
    yield from text(confirm.get("title"), _CONFIRM_TITLE, f"{at}/title", kinds=PLAIN)
    yield from text(confirm.get("text"), _CONFIRM_TEXT, f"{at}/text")
    for name in ("confirm", "deny"):
        yield from text(confirm.get(name), _CONFIRM_BUTTON, f"{at}/{name}", kinds=PLAIN)


def _nothing(_element: Json, _at: str) -> Iterator[str]:
    return iter(())


_RULES: Mapping[str, Callable[[Json, str], Iterator[str]]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
    "multi_static_select": _select,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "plain_text_input": _text_input,
    "number_input": _number,
}
