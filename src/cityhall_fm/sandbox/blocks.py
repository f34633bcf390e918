"""Block Kit's limits, as far as messages use them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.people import Json

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_200  # of all blocks together; measured by others, not documented
_TEXT_KINDS = frozenset({"plain_text", "mrkdwn"})


@dataclass(frozen=True, slots=True)
class _Length:
    least: int
    most: int


_SECTION_TEXT = _Length(1, 3000)
_FIELD = _Length(1, 2000)
_HEADER = _Length(1, 150)
_BUTTON = _Length(1, 75)
_CONTEXT_TEXT = _Length(1, 3000)
_BLOCK_ID = _Length(1, 255)
_VALUE = _Length(1, 2000)
_URL = _Length(1, 3000)
_ALT_TEXT = _Length(1, 2000)
_TITLE = _Length(1, 200)
_MARKDOWN = _Length(1, 12_000)
_MOST_FIELDS = 10
_MOST_CONTEXT_ELEMENTS = 10
_MOST_ACTIONS = 25


def block_problems(blocks: list[Any]) -> list[str]:
    """List what Slack would refuse in these blocks, each with a pointer to the place."""
    problems = list(_problems(blocks))
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(ids) != len(set(map(str, ids))):
        problems.append(_problem("block_id must be unique", "/blocks"))
    return problems


def characters_in(value: object) -> int:
    """Count the characters of all texts inside blocks."""
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(characters_in, value.values()))
    return sum(map(characters_in, value)) if isinstance(value, list) else 0


def _problems(blocks: list[Any]) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS:
        yield _problem(f"no more than {MOST_BLOCKS} items", "/blocks")
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if not isinstance(block, dict):
            yield _problem("must be an object", at)
            continue
        rule = _RULES.get(str(block.get("type")))
        if rule is None:
            yield _problem(f"unsupported type: {block.get('type')}", f"{at}/type")
            continue
        yield from rule(block, at)
        if "block_id" in block:
            yield from _string(block, "block_id", _BLOCK_ID, at)


def _section(block: Json, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield _problem("needs text or fields", at)
    if "text" in block:
        yield from _text(block["text"], _SECTION_TEXT, f"{at}/text")
    fields = block.get("fields", [])
    if not isinstance(fields, list) or len(fields) > _MOST_FIELDS or ("fields" in block and not fields):
        yield _problem(f"1 to {_MOST_FIELDS} fields", f"{at}/fields")
        return
    for index, field in enumerate(fields):
        yield from _text(field, _FIELD, f"{at}/fields/{index}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("text"), _HEADER, f"{at}/text", kinds=frozenset({"plain_text"}))


def _image(block: Json, at: str) -> Iterator[str]:
    if "slack_file" not in block:
        yield from _url(block, "image_url", at)
    yield from _string(block, "alt_text", _ALT_TEXT, at)
    if "title" in block:
        yield from _text(block["title"], _ALT_TEXT, f"{at}/title", kinds=frozenset({"plain_text"}))


def _context(block: Json, at: str) -> Iterator[str]:
    for element, place in _elements(block, _MOST_CONTEXT_ELEMENTS, at):
        if isinstance(element, str):
            yield element
        elif element.get("type") == "image":
            yield from _image(element, place)
        else:
            yield from _text(element, _CONTEXT_TEXT, place)


def _actions(block: Json, at: str) -> Iterator[str]:
    for element, place in _elements(block, _MOST_ACTIONS, at):
        if isinstance(element, str):
            yield element
        else:
            yield from _element(element, place)


def _rich_text(block: Json, at: str) -> Iterator[str]:
    if not isinstance(block.get("elements"), list):
        yield _problem("needs elements", at)


def _video(block: Json, at: str) -> Iterator[str]:
    yield from _string(block, "alt_text", _ALT_TEXT, at)
    yield from _text(block.get("title"), _TITLE, f"{at}/title", kinds=frozenset({"plain_text"}))
    for name in ("thumbnail_url", "video_url"):
        yield from _url(block, name, at, schemes=("https://",))


def _markdown(block: Json, at: str) -> Iterator[str]:
    yield from _string(block, "text", _MARKDOWN, at)


def _nothing(_block: Json, _at: str) -> Iterator[str]:
    return iter(())


_RULES: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "actions": _actions,
    "context": _context,
    "divider": _nothing,
    "header": _header,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "video": _video,
}


def _elements(block: Json, most: int, at: str) -> Iterator[tuple[Json | str, str]]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield _problem(f"1 to {most} elements", f"{at}/elements"), at
        return
    for index, element in enumerate(elements):
        place = f"{at}/elements/{index}"
        yield (element if isinstance(element, dict) else _problem("must be an object", place)), place


def _element(element: object, at: str) -> Iterator[str]:
    if not isinstance(element, dict) or not element.get("type"):
        yield _problem("must be an element with a type", at)
    elif element["type"] == "image":
        yield from _image(element, at)
    elif element["type"] == "button":
        yield from _text(element.get("text"), _BUTTON, f"{at}/text", kinds=frozenset({"plain_text"}))
        for name, length in (("action_id", _BLOCK_ID), ("value", _VALUE), ("url", _URL)):
            if name in element:
                yield from _string(element, name, length, at)


def _text(value: object, length: _Length, at: str, *, kinds: frozenset[str] = _TEXT_KINDS) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield _problem(f"must be a text object: {' or '.join(sorted(kinds))}", at)
    else:
        yield from _string(value, "text", length, at)


def _string(holder: Json, name: str, length: _Length, at: str) -> Iterator[str]:
    value = holder.get(name)
    if not isinstance(value, str):
        yield _problem(f"{name} must be text", f"{at}/{name}")
    elif len(value) < length.least:
        yield _problem(f"must hold at least {length.least} character", f"{at}/{name}")
    elif len(value) > length.most:
        yield _problem(f"must hold no more than {length.most} characters", f"{at}/{name}")


def _url(
    holder: Json, name: str, at: str, *, schemes: tuple[str, ...] = ("https://", "http://")
) -> Iterator[str]:
    yield from _string(holder, name, _URL, at)
    if not str(holder.get(name, "")).startswith(schemes):
        yield _problem(f"must begin with {' or '.join(schemes)}", f"{at}/{name}")


def _problem(what: str, where: str) -> str:
    return f"[ERROR] {what} [json-pointer:{where}]"
