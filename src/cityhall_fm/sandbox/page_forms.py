"""What a person can press, choose and type on the page: the elements of Block Kit as plain forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from markupsafe import Markup, escape

from cityhall_fm.sandbox.fields import STATEFUL, Entry, Field, Place, fields_of, typed_in
from cityhall_fm.sandbox.mrkdwn import html, link_html, plain_html
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.workspace import Workspace

_INPUT_TYPES = {
    "email_text_input": "email",
    "url_text_input": "text",
    "number_input": "text",
    "datepicker": "date",
    "timepicker": "time",
}
_LISTS = frozenset({"static_select", "users_select", "conversations_select", "channels_select", "overflow"})


@dataclass(frozen=True, slots=True)
class Controls:
    """Renders elements for one person; in a modal all belong to one form, elsewhere each has its own."""

    world: Workspace
    texts: Mapping[str, str]
    hidden: Mapping[str, str] = field(default_factory=dict)
    """What names the place: view, or channel and ts; and where to come back to."""
    entries: Mapping[Place, Entry] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    in_form: bool = False

    def element(self, block: Json, element: Json) -> Markup:
        """Render a button or menu of a section or actions block."""
        kind = element.get("type")
        if kind == "button":
            return self._button(block, element)
        if kind not in STATEFUL and kind != "overflow":
            return Markup("")
        one = Field(str(block["block_id"]), self._menu_label(block, element), element)
        widget = self._widget(one, labelled=Markup(' aria-label="{}"').format(one.label or kind))
        chosen = self._press(block, element, escape(self.texts["choose"]))
        return self._formed(Markup('<span class="menu">{} {}</span>').format(widget, chosen))

    def input(self, block: Json) -> Markup:
        """Render an input block: label, field, hint, error."""
        (one,) = fields_of({"blocks": [block]})
        name = field_name(one.place)
        problem = self.errors.get(one.block_id, "")
        problem = self.texts.get(problem, problem)
        optional = Markup(' <span class="optional">({})</span>').format(self.texts["optional"])
        label = Markup("{}{}").format(plain_html(one.label), optional if one.is_optional else "")
        notes = Markup()
        if one.hint:
            notes += Markup('<p class="hint" id="{}-hint">{}</p>').format(name, plain_html(one.hint))
        if problem:
            notes += Markup('<p class="error" id="{}-error">⚠ {}</p>').format(name, problem)
        described = " ".join(
            f"{name}-{what}" for what, there in (("error", problem), ("hint", one.hint)) if there
        )
        about = Markup(' aria-describedby="{}"').format(described) if described else Markup()
        about += Markup(' aria-invalid="true"') if problem else Markup()
        if one.kind in ("radio_buttons", "checkboxes", "multi_static_select"):
            return Markup('<fieldset class="field"{}><legend>{}</legend>{}{}</fieldset>').format(
                about, label, self._widget(one), notes
            )
        return Markup('<div class="field"><label for="{0}">{1}</label>{2}{3}</div>').format(
            name, label, self._widget(one, labelled=Markup(' id="{}"').format(name) + about), notes
        )

    def _button(self, block: Json, element: Json) -> Markup:
        label = plain_html(str(element["text"]["text"]))
        if element.get("url"):
            return Markup('<span class="button">{}</span>').format(
                link_html(str(element["url"]), str(element["text"]["text"]))
            )
        return self._formed(self._press(block, element, label, style=str(element.get("style") or "")))

    def _press(self, block: Json, element: Json, label: Markup, *, style: str = "") -> Markup:
        place = field_name((str(block["block_id"]), str(element["action_id"])))
        return Markup('<button name="press" value="{}" class="{}" formnovalidate>{}</button>').format(
            place, style, label
        )

    def _formed(self, inside: Markup) -> Markup:
        if self.in_form:
            return inside
        kept = Markup().join(
            Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
            for name, value in self.hidden.items()
        )
        return Markup('<form method="post" action="/act/press">{}{}</form>').format(kept, inside)

    def _widget(self, one: Field, *, labelled: Markup | str = "") -> Markup:
        typed = typed_in(self.entries.get(one.place, {}))
        name, value = field_name(one.place), typed[0] if typed else ""
        if one.kind in _LISTS:
            return self._list(one, name, value, labelled)
        if one.kind in ("radio_buttons", "checkboxes", "multi_static_select"):
            return self._boxes(one, name, typed)
        if one.element.get("multiline"):
            shape = Markup('<textarea name="{}" rows="4"{}>\n{}</textarea>')
            return shape.format(name, labelled, value)
        placeholder = str((one.element.get("placeholder") or {}).get("text", ""))
        shape = Markup('<input type="{}" name="{}" value="{}" placeholder="{}"{}>')
        return shape.format(_INPUT_TYPES.get(one.kind, "text"), name, value, placeholder, labelled)

    def _list(self, one: Field, name: str, value: str, labelled: Markup | str) -> Markup:
        options = Markup('<option value="">—</option>')
        for choice, shown in self._choices(one):
            picked = Markup(" selected") if choice == value else Markup()
            options += Markup('<option value="{}"{}>{}</option>').format(choice, picked, shown)
        return Markup('<select name="{}"{}>{}</select>').format(name, labelled, options)

    def _boxes(self, one: Field, name: str, typed: list[str]) -> Markup:
        kind = "radio" if one.kind == "radio_buttons" else "checkbox"
        boxes = Markup()
        for option in one.options:
            picked = Markup(" checked") if option["value"] in typed else Markup()
            text, about = option["text"], option.get("description")
            label = html(self.world, text["text"]) if text["type"] == "mrkdwn" else plain_html(text["text"])
            note = Markup("<small>{}</small>").format(plain_html(about["text"])) if about else ""
            boxes += Markup(
                '<label class="box"><input type="{}" name="{}" value="{}"{}><span>{} {}</span></label>'
            ).format(kind, name, option["value"], picked, label, note)
        return boxes

    def _choices(self, one: Field) -> list[tuple[str, str]]:
        if one.kind == "users_select":
            return [(user.id, user.shown_name) for user in self.world.users if not user.deleted]
        if one.kind in ("conversations_select", "channels_select"):
            return [(one.id, one.name) for one in self.world.channels if one.kind == "public_channel"]
        return [(option["value"], option["text"]["text"]) for option in one.options]

    def _menu_label(self, block: Json, element: Json) -> str:
        return str((element.get("placeholder") or block.get("text") or {}).get("text", ""))


def field_name(place: Place) -> str:
    """Name a field in the page's forms; the name holds no space, so that it can be an id too."""
    return ":".join(["field", *(quote(part, safe="") for part in place)])


def place_of(name: str) -> Place:
    """Read a name back; raises ValueError where it names no place."""
    _, block_id, action_id = name.split(":")
    return unquote(block_id), unquote(action_id)
