"""Block Kit's limits for whole views: modals and App Home."""

import json
from collections.abc import Iterator
from typing import Any

from cityhall_fm.sandbox.block_texts import PLAIN, Length, problem, string, text
from cityhall_fm.sandbox.blocks import MOST_BLOCKS_IN_VIEW, block_problems, with_ids
from cityhall_fm.sandbox.people import Json

LARGEST_BYTES = 250_000
_TITLE = Length(1, 24)
_PRIVATE_METADATA = Length(0, 3000)
_CALLBACK_ID = Length(0, 255)
_KNOWN = frozenset(
    {
        *("blocks", "callback_id", "clear_on_close", "close", "external_id", "notify_on_close"),
        *("private_metadata", "submit", "submit_disabled", "title", "type"),
    }
)
_FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")


def view_problems(view: Any, *, kind: str) -> list[str]:  # noqa: ANN401 - any JSON
    """List what Slack would refuse in a view of this kind (`modal` or `home`)."""
    if not isinstance(view, dict):
        return [problem("must be an object", "/view")]
    if view.get("type") != kind:
        return [problem(f"must be a view of type {kind}", "/view/type")]
    problems = [problem(f"unknown field: {name}", f"/view/{name}") for name in sorted(view.keys() - _KNOWN)]
    problems += _modal_problems(view) if kind == "modal" else []
    for name, length in (("private_metadata", _PRIVATE_METADATA), ("callback_id", _CALLBACK_ID)):
        if name in view:
            problems += string(view, name, length, "/view")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return [*problems, problem("needs blocks", "/view/blocks")]
    return [*problems, *block_problems(blocks, most=MOST_BLOCKS_IN_VIEW)]


def is_too_large(view: Json) -> bool:
    """Tell whether a view weighs more than 250 KB."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_BYTES


def view_body(view: Json) -> Json:
    """Return a view whose blocks and elements all have names."""
    return {**view, "blocks": with_ids(view["blocks"])}


def _modal_problems(view: Json) -> Iterator[str]:
    yield from text(view.get("title"), _TITLE, "/view/title", kinds=PLAIN)
    for name in ("submit", "close"):
        if view.get(name) is not None:
            yield from text(view[name], _TITLE, f"/view/{name}", kinds=PLAIN)
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and view.get("submit") is None:
        yield problem("submit is required where there are input blocks", "/view/submit")
    for name in _FLAGS:
        if not isinstance(view.get(name, False), bool):
            yield problem(f"{name} is true or false", f"/view/{name}")
