"""What Slack takes in a message: Block Kit's limits, tried before anything is posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cityhall_fm.show.clean import in_units

_MOST_BLOCKS: Final = 50
_MOST_IN_ALL: Final = 13_000
_LONGEST: Final = {"header": 150, "section": 3000, "context": 3000, "button": 75}
_LONGEST_MESSAGE: Final = 4000
_LONGEST_ALT: Final = 2000
_LONGEST_URL: Final = 3000
_KINDS: Final = frozenset({"header", "section", "context", "divider", "image", "actions", "rich_text"})
_MOST_ELEMENTS: Final = {"context": 10, "actions": 25}
_REFERENCE: Final = re.compile(r"<[!@#]")
"""`<!here>`, `<@U…>`, `<#C…>`: in our own texts always somebody's words that were not escaped."""


def problem(message: object) -> str | None:
    """Tell the first reason why Slack would refuse the message, or whom it would ping."""
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return 'needs {"text": "…", "blocks": […]}'
    blocks = message.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return 'needs {"text": "…", "blocks": […]}'
    return next(_problems(message["text"], blocks), None)


def settled(blocks: list[dict[str, Any]]) -> tuple[Mapping[str, object], ...]:
    """Tell Slack to take texts as they are: an "@here" in a title stays a word."""
    return tuple(_verbatim(block) for block in blocks)


def _problems(text: str, blocks: list[dict[str, Any]]) -> Iterator[str]:
    if not text.strip() or in_units(text) > _LONGEST_MESSAGE:
        yield f"text: 1-{_LONGEST_MESSAGE}"
    if _REFERENCE.search(text):
        yield "text: <! <@ <#"
    if not 1 <= len(blocks) <= _MOST_BLOCKS:
        yield f"blocks: 1-{_MOST_BLOCKS}"
    if sum(map(_letters, blocks)) > _MOST_IN_ALL:
        yield f"blocks: > {_MOST_IN_ALL}"
    for place, block in enumerate(blocks):
        at, kind = f"blocks[{place}]", block.get("type")
        if kind not in _KINDS:
            yield f"{at}: type {kind!r}"
        elif kind == "image":
            yield from _image(block, at)
        elif kind in ("header", "section"):
            yield from _text(block.get("text"), _LONGEST[str(kind)], at, plain=kind == "header")
        yield from _elements(block, at)


def _elements(block: dict[str, Any], at: str) -> Iterator[str]:
    kind = str(block.get("type"))
    elements = block.get("elements", [])
    if kind in _MOST_ELEMENTS and not (
        isinstance(elements, list) and 1 <= len(elements) <= _MOST_ELEMENTS[kind]
    ):
        yield f"{at}: elements 1-{_MOST_ELEMENTS[kind]}"
        return
    accessory = [block["accessory"]] if "accessory" in block else []
    for element in [*elements, *accessory] if kind != "rich_text" else []:
        if not isinstance(element, dict):
            yield f"{at}: {element!r:.40}"
        elif element.get("type") == "image":
            yield from _image(element, at)
        elif element.get("type") == "button":
            yield from _text(element.get("text"), _LONGEST["button"], at, plain=True)
        elif kind == "context":
            yield from _text(element, _LONGEST["context"], at)


def _image(image: dict[str, Any], at: str) -> Iterator[str]:
    url, alt = image.get("image_url"), image.get("alt_text")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or len(url) > _LONGEST_URL:
        yield f"{at}: image_url"
    if not isinstance(alt, str) or not 1 <= in_units(alt) <= _LONGEST_ALT:
        yield f"{at}: alt_text 1-{_LONGEST_ALT}"


def _text(text: object, most: int, at: str, *, plain: bool = False) -> Iterator[str]:
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        yield f"{at}: text {' | '.join(kinds)}"
        return
    if not 1 <= in_units(text["text"]) <= most:
        yield f"{at}: text 1-{most}"
    if text["type"] == "mrkdwn" and _REFERENCE.search(text["text"]):
        yield f"{at}: <! <@ <#"


def _letters(value: object) -> int:
    if isinstance(value, dict):
        return sum(in_units(text) if isinstance(text, str) else _letters(text) for text in value.values())
    return sum(map(_letters, value)) if isinstance(value, list) else 0


def _verbatim(value: Any) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        inner = {key: _verbatim(item) for key, item in value.items()}
        return {**inner, "verbatim": True} if value.get("type") == "mrkdwn" else inner
    return [_verbatim(item) for item in value] if isinstance(value, list) else value
