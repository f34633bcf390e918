"""Pieces of Block Kit, within Slack's limits: what somebody wrote stands as plain text and pings nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cityhall_fm.production.ask import escaped
from cityhall_fm.show.clean import cut, in_units

Block = dict[str, object]

LONGEST_TITLE: Final = 24
LONGEST_BUTTON: Final = 75
_LONGEST_SECTION: Final = 3000
_PROMISE: Final = "promise"


def plain(text: str, most: int = LONGEST_BUTTON) -> Block:
    """Make a plain text object, cut to what its place takes."""
    return {"type": "plain_text", "text": cut(text, most, in_units) or "–", "emoji": True}


def header(text: str) -> Block:
    """Make a headline, of 150 characters at most."""
    return {"type": "header", "text": plain(text, 150)}


def section(mrkdwn: str) -> Block:
    """Make a section of mrkdwn that we wrote; words of others go through `quoted`."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, _LONGEST_SECTION, in_units)}}


def quoted(words: str) -> Block:
    """Show somebody's words as they typed them: no style, no mention, no link of it works."""
    return {"type": "section", "text": plain(words, _LONGEST_SECTION)}


def promise(wording: str) -> Block:
    """Show what somebody agrees to, where `promised` finds it again."""
    return {**quoted(wording), "block_id": _PROMISE}


def promised(blocks: object) -> str:
    """Read from what Slack hands back what its reader was shown; empty where nothing was."""
    for block in blocks if isinstance(blocks, list) else ():
        text = block.get("text") if isinstance(block, dict) and block.get("block_id") == _PROMISE else None
        if isinstance(text, dict):
            return str(text.get("text") or "")
    return ""


def context(mrkdwn: str) -> Block:
    """Make a small line of mrkdwn that we wrote."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, 2000, in_units)}]}


def button(
    action: str, text: str, *, value: str = "", style: str = "", confirm: Block | None = None
) -> Block:
    """Make a button; `value` is what it tells us when pressed."""
    return {
        "type": "button",
        "action_id": action,
        "text": plain(text),
        **({"value": value} if value else {}),
        **({"style": style} if style else {}),
        **({"confirm": confirm} if confirm else {}),
    }


def actions(*elements: Block, block_id: str = "") -> Block:
    """Put buttons into a row."""
    made: Block = {"type": "actions", "elements": list(elements)}
    return {**made, "block_id": block_id} if block_id else made


def option(value: str, text: str) -> Block:
    """Make one of the things to choose from."""
    return {"text": plain(text), "value": value}


def text_input(
    block: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    most: int,
    optional: bool = False,
    multiline: bool = False,
) -> Block:
    """Make a field to type in; `most` is what Slack's client lets be typed, at most 3,000."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": block,
        "multiline": multiline,
        "max_length": min(most, _LONGEST_SECTION),
        **({"initial_value": initial} if initial else {}),
    }
    return _input(block, label, element, hint=hint, optional=optional)


def choice(
    block: str,
    kind: str,
    label: str,
    options: Iterable[Block],
    *,
    initial: Iterable[str] = (),
    optional: bool = False,
) -> Block:
    """Make radio buttons, checkboxes or a menu (static_select)."""
    listed, chosen = list(options), set(initial)
    put = [one for one in listed if one["value"] in chosen]
    first: Block = (
        {"initial_options": put} if kind == "checkboxes" else {"initial_option": put[0]} if put else {}
    )
    element: Block = {"type": kind, "action_id": block, "options": listed, **(first if put else {})}
    return _input(block, label, element, optional=optional)


def link_title(text: str) -> str:
    """Write a title of ours into mrkdwn: escaped, and without the sign that ends a link's address."""
    return escaped(text).replace("|", "｜")


def _input(block: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
        **({"hint": plain(hint, 2000)} if hint else {}),
    }
