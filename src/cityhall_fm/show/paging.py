"""Long lists in pages: counted from the oldest, so that a page once full stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[ItemT]):
    """A page of a list whose items stand newest first; paths are relative to the list's own."""

    items: tuple[ItemT, ...]
    path: str
    """Empty for the page that has the newest."""
    newer: str | None
    older: str | None
    place: int
    """Which page it is for people, who begin with the newest: from 1."""
    count: int


def in_pages(items: Sequence[ItemT], size: int) -> list[ListPage[ItemT]]:
    """Cut a list: the page at its own address holds the newest, from one page to two, the rest are full.

    >>> [(page.path, len(page.items)) for page in in_pages(range(25), 10)]
    [('', 15), ('1/', 10)]
    """
    full = max(0, len(items) // size - 1)
    newest = len(items) - full * size
    starts = [0, *range(newest, len(items), size), len(items)]
    paths = ["", *(f"{number}/" for number in range(full, 0, -1))]
    return [
        ListPage(
            tuple(items[starts[place] : starts[place + 1]]),
            path,
            newer=paths[place - 1] if place else None,
            older=paths[place + 1] if place < full else None,
            place=place + 1,
            count=full + 1,
        )
        for place, path in enumerate(paths)
    ]
