"""Block Kit's limits for the blocks of messages, modals and App Home."""

from collections.abc import Callable, Iterator
from typing import Any

from cityhall_fm.sandbox.block_texts import PLAIN, Length, problem, string, text, url
from cityhall_fm.sandbox.elements import element_problems
from cityhall_fm.sandbox.people import Json

MOST_BLOCKS = 50
MOST_BLOCKS_IN_VIEW = 100
MOST_CHARACTERS = 13_200  # of all blocks together; measured by others, not documented

_SECTION_TEXT = Length(1, 3000)
_FIELD = Length(1, 2000)
_HEADER = Length(1, 150)
_CONTEXT_TEXT = Length(1, 3000)
_BLOCK_ID = Length(1, 255)
_ALT_TEXT = Length(1, 2000)
_TITLE = Length(1, 200)
_MARKDOWN = Length(1, 12_000)
_LABEL = Length(1, 2000)
_MOST_FIELDS = 10
_MOST_CONTEXT_ELEMENTS = 10
_MOST_ACTIONS = 25


def block_problems(blocks: list[Any], *, most: int = MOST_BLOCKS) -> list[str]:
    """List what Slack would refuse in these blocks, each with a pointer to the place."""
    problems = list(_problems(blocks, most))
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(ids) != len(set(map(str, ids))):
        problems.append(problem("block_id must be unique", "/blocks"))
    return problems


def with_ids(blocks: list[Json]) -> list[Json]:
    """Name the blocks and elements that their author left without a name, as Slack does."""
    return [_with_ids(block, f"b{index}") for index, block in enumerate(blocks)]


def characters_in(value: object) -> int:
    """Count the characters of all texts inside blocks."""
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(characters_in, value.values()))
    return sum(map(characters_in, value)) if isinstance(value, list) else 0


def _problems(blocks: list[Any], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield problem(f"no more than {most} items", "/blocks")
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if not isinstance(block, dict):
            yield problem("must be an object", at)
            continue
        rule = _RULES.get(str(block.get("type")))
        if rule is None:
            yield problem(f"unsupported type: {block.get('type')}", f"{at}/type")
            continue
        yield from rule(block, at)
        if "block_id" in block:
            yield from string(block, "block_id", _BLOCK_ID, at)


def _section(block: Json, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield problem("needs text or fields", at)
    if "text" in block:
        yield from text(block["text"], _SECTION_TEXT, f"{at}/text")
    fields = block.get("fields", [])
    if not isinstance(fields, list) or len(fields) > _MOST_FIELDS or ("fields" in block and not fields):
        yield problem(f"1 to {_MOST_FIELDS} fields", f"{at}/fields")
        return
    for index, field in enumerate(fields):
        yield from text(field, _FIELD, f"{at}/fields/{index}")
    if "accessory" in block:
        accessory = block["accessory"]
        yield from element_problems(accessory, f"{at}/accessory", within="section")
        if isinstance(accessory, dict) and accessory.get("type") == "image":
            yield from _image(accessory, f"{at}/accessory")


def _header(block: Json, at: str) -> Iterator[str]:
    yield from text(block.get("text"), _HEADER, f"{at}/text", kinds=PLAIN)


def _image(block: Json, at: str) -> Iterator[str]:
    if "slack_file" not in block:
        yield from url(block, "image_url", at)
    yield from string(block, "alt_text", _ALT_TEXT, at)
    if "title" in block:
        yield from text(block["title"], _ALT_TEXT, f"{at}/title", kinds=PLAIN)


def _context(block: Json, at: str) -> Iterator[str]:
    for element, place in _elements(block, _MOST_CONTEXT_ELEMENTS, at):
        if isinstance(element, str):
            yield element
        elif element.get("type") == "image":
            yield from _image(element, place)
        else:
            yield from text(element, _CONTEXT_TEXT, place)


def _actions(block: Json, at: str) -> Iterator[str]:
    for element, place in _elements(block, _MOST_ACTIONS, at):
        if isinstance(element, str):
            yield element
        else:
            yield from element_problems(element, place, within="actions")
    action_ids = [
        one.get("action_id")
        for one in block.get("elements") or ()
        if isinstance(one, dict) and one.get("action_id")
    ]
    if len(action_ids) != len(set(action_ids)):
        yield problem("action_id must be unique in its block", f"{at}/elements")


def _input(block: Json, at: str) -> Iterator[str]:
    yield from text(block.get("label"), _LABEL, f"{at}/label", kinds=PLAIN)
    if "hint" in block:
        yield from text(block["hint"], _LABEL, f"{at}/hint", kinds=PLAIN)
    yield from element_problems(block.get("element"), f"{at}/element", within="input")


def _rich_text(block: Json, at: str) -> Iterator[str]:
    if not isinstance(block.get("elements"), list):
        yield problem("needs elements", at)


def _video(block: Json, at: str) -> Iterator[str]:
    yield from string(block, "alt_text", _ALT_TEXT, at)
    yield from text(block.get("title"), _TITLE, f"{at}/title", kinds=PLAIN)
    for name in ("thumbnail_url", "video_url"):
        yield from url(block, name, at, schemes=("https://",))


def _markdown(block: Json, at: str) -> Iterator[str]:
    yield from string(block, "text", _MARKDOWN, at)


def _nothing(_block: Json, _at: str) -> Iterator[str]:
    return iter(())


_RULES: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "actions": _actions,
    "context": _context,
    "divider": _nothing,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "video": _video,
}


def _elements(block: Json, most: int, at: str) -> Iterator[tuple[Json | str, str]]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield problem(f"1 to {most} elements", f"{at}/elements"), at
        return
    for index, element in enumerate(elements):
        place = f"{at}/elements/{index}"
        yield (element if isinstance(element, dict) else problem("must be an object", place)), place


def _with_ids(block: Json, block_id: str) -> Json:
    named = block if block.get("block_id") else {**block, "block_id": block_id}
    for name in ("accessory", "element"):
        if isinstance(named.get(name), dict):
            named = {**named, name: _with_action_id(named[name], name)}
    if named.get("type") == "actions":
        elements = [_with_action_id(one, f"a{index}") for index, one in enumerate(named["elements"])]
        named = {**named, "elements": elements}
    return named


def _with_action_id(element: Json, action_id: str) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": action_id}
