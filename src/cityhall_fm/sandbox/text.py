"""Message text as Slack stores it: escaped once, with its control sequences kept."""

import re
from collections.abc import Iterator

from cityhall_fm.sandbox.people import Json

_LABEL = r"(?:\|[^<>]*)?"
CONTROL_SEQUENCE = re.compile(
    r"<(?:"
    rf"@[UW][A-Z0-9]+{_LABEL}"
    rf"|#[CG][A-Z0-9]+{_LABEL}"
    rf"|!(?:here|channel|everyone){_LABEL}"
    rf"|!subteam\^S[A-Z0-9]+{_LABEL}"
    r"|!date\^[^<>]+"
    rf"|(?:https?://|mailto:|tel:)[^<>|\s]+{_LABEL}"
    r")>"
)
_PING = re.compile(r"<(?:@[UW][A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^S?[A-Z0-9]+)(?:\|[^<>]*)?>")
_TYPED_BROADCAST = re.compile(r"(?<![\w@])@(?:here|channel|everyone)(?!\w)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PINGING_ELEMENTS = frozenset({"user", "usergroup", "broadcast"})


def as_stored(typed: str) -> str:
    """Escape what is not escaped yet and leave mentions and links alone.

    >>> as_stored("R&D < <@U123> &amp; <https://example.jp/?a=1&b=2|link>")
    'R&amp;D &lt; <@U123> &amp; <https://example.jp/?a=1&amp;b=2|link>'
    """
    parts: list[str] = []
    end = 0
    for match in CONTROL_SEQUENCE.finditer(typed):
        parts += [_escaped(typed[end : match.start()]), _BARE_AMPERSAND.sub("&amp;", match[0])]
        end = match.end()
    return "".join([*parts, _escaped(typed[end:])])


def as_read(stored: str) -> str:
    """Undo the three escapes, once."""
    return stored.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def well_formed(value: object) -> object:
    """Replace lone surrogates in any JSON value: half a character cannot be stored or shown."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    if isinstance(value, dict):
        return {str(well_formed(key)): well_formed(item) for key, item in value.items()}
    return value


def pings_in_text(text: str, *, links_names: bool = False) -> list[str]:
    """List the mentions in a text that would notify somebody."""
    found = _PING.findall(text)
    return [*found, *_TYPED_BROADCAST.findall(text)] if links_names else found


def pings_in_blocks(value: object) -> list[str]:
    """List the mentions in blocks or attachments that would notify somebody."""
    return list(_pings(value))


def _pings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from pings_in_text(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _pings(item)
    elif isinstance(value, dict):
        yield from _pings_in_object(value)


def _pings_in_object(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind in _PINGING_ELEMENTS:
        yield f"rich_text {kind}"
    elif kind not in ("plain_text", "text"):  # shown letter by letter: Slack reads no markup there
        for item in element.values():
            yield from _pings(item)


def _escaped(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
