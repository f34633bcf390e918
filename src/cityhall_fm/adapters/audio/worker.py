"""Threads that work beside the main one, and end whatever Ctrl-C comes in between."""

from __future__ import annotations

from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Item = TypeVar("_Item")
_LOOK_AGAIN: Final = 0.2
"""Seconds. Ctrl-C in the midst of CPython's Condition.notify can leave a waiter that nobody wakes."""


class Worker:
    """Runs at once, in the background; a daemon, so that no process stays for it alone.

    Thread.join that is interrupted may take a running thread for an ended one (CPython issue 45274's mend,
    up to 3.12): whoever then closes what it works on closes it under its hands.
    """

    def __init__(self, work: Callable[[], None], *, name: str) -> None:
        self._ended = Event()

        def run() -> None:
            try:
                work()
            finally:
                self._ended.set()

        Thread(target=run, name=name, daemon=True).start()

    def is_alive(self) -> bool:
        return not self._ended.is_set()

    def join(self, seconds: float | None = None) -> None:
        """Wait until it ended, or so long."""
        self._ended.wait(seconds)


def taken(queue: Queue[_Item]) -> _Item:
    """Wait for the next item; for a worker, whom the main thread may have failed to wake."""
    while True:
        try:
            return queue.get(timeout=_LOOK_AGAIN)
        except Empty:
            continue


def handed(queue: Queue[_Item], item: _Item, *, still_wanted: Callable[[], bool]) -> None:
    """Wait for a place for an item, as long as somebody wants it; for a worker, as `taken` is."""
    while still_wanted():
        try:
            queue.put(item, timeout=_LOOK_AGAIN)
        except Full:
            continue
        return
