"""Pages with a cursor, cut the way Slack cuts them."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.refusals import RefusalError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the cursor of the first one that is left; empty at the end."""

    items: Sequence[Item]
    next_cursor: str


def page_of(
    request: Request,
    items: Sequence[Item],
    *,
    key: Callable[[Item], str],
    limit: int,
    reached: Callable[[str, str], bool] = str.__eq__,
) -> Page[Item]:
    """Cut one page.

    `key` names an item inside the cursor; `reached` tells whether an item's key stands at or after the
    cursor's, for lists that may lose that very item between two pages.
    """
    start = _start(request, [key(item) for item in items], reached)
    most = limit if request.most_items is None else min(limit, request.most_items)
    rest = items[start:]
    cursor = _cursor(key(rest[most])) if len(rest) > most else ""
    return Page(rest[:most], cursor)


def _start(request: Request, keys: Sequence[str], reached: Callable[[str, str], bool]) -> int:
    cursor = request.text("cursor")
    if not cursor:
        return 0
    try:
        name = base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
        found = [index for index, key in enumerate(keys) if reached(key, name)]
    except ValueError as error:  # binascii.Error and UnicodeDecodeError are ValueErrors too
        raise RefusalError("invalid_cursor") from error
    if not found and reached is str.__eq__:
        raise RefusalError("invalid_cursor")
    return found[0] if found else len(keys)


def _cursor(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode("ascii")
