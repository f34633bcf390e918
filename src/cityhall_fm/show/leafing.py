"""Which questions a host wants to see: by status, channel and words; and one page of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from cityhall_fm.show.question import Question, Status
from cityhall_fm.show.searching import folded
from cityhall_fm.show.shelf import OPEN, place_of
from cityhall_fm.show.slack_thread import ChannelId

PAGE: Final = 20
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look for; without statuses, what is open, or everything where words are given too."""

    statuses: frozenset[Status] = frozenset()
    channel: ChannelId | None = None
    words: str = ""

    @property
    def within(self) -> frozenset[Status]:
        if self.statuses:
            return self.statuses
        return frozenset(Status) if self.words.strip() else OPEN


@dataclass(frozen=True, slots=True)
class Leaf(Generic[ItemT]):
    """One page of a list; pages count from 1."""

    items: tuple[ItemT, ...]
    page: int
    pages: int
    found: int


def chosen(
    questions: Iterable[Question], wish: Wish, *, text_of: Callable[[Question], str]
) -> tuple[Question, ...]:
    """Keep what is wished for, in its order; `text_of` gives a question's text, folded.

    Every word must be in it somewhere, written in any width, case, kana, or form of a name's kanji.
    """
    words = sought(wish.words)
    within, channel = wish.within, wish.channel
    return tuple(
        one
        for one in questions
        if one.status in within
        and channel in (None, place_of(one))
        and (not words or all(word in text_of(one) for word in words))
    )


def sought(words: str) -> tuple[str, ...]:
    """Cut what somebody typed into the words to be found.

    >>> sought("  ｻｸ　髙橋 ")
    ('さく', '高橋')
    """
    return tuple(folded(words).split())


def leaf(items: Sequence[ItemT], page: int, *, size: int = PAGE) -> Leaf[ItemT]:
    """Take a page of a list; the nearest one there is.

    >>> leaf("abcde", 9, size=2)
    Leaf(items=('e',), page=3, pages=3, found=5)
    """
    pages = max(1, -(-len(items) // size))
    page = min(max(1, page), pages)
    return Leaf(tuple(items[(page - 1) * size : page * size]), page, pages, len(items))
