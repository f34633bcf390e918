"""Decoding in a thread of its own, a few blocks ahead of whoever works on them."""

from __future__ import annotations

from queue import Queue
from typing import TYPE_CHECKING, Final

from cityhall_fm.adapters.audio.worker import Worker, handed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cityhall_fm.adapters.audio.decode import Samples

_BLOCKS: Final = 3


def ahead(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """Yield the same blocks; an error in the thread is raised here, and leaving early ends the thread."""
    queue: Queue[Samples | BaseException | None] = Queue(_BLOCKS)
    left = False

    def read() -> None:
        try:
            for block in blocks:
                if left:
                    break
                handed(queue, block, still_wanted=lambda: not left)
        except BaseException as error:  # noqa: BLE001 - raised again below
            handed(queue, error, still_wanted=lambda: not left)
        else:
            handed(queue, None, still_wanted=lambda: not left)

    thread = Worker(read, name="read-ahead")
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        left = True
        while thread.is_alive():
            _empty(queue)
            thread.join(0.01)


def _empty(queue: Queue[Samples | BaseException | None]) -> None:
    for _ in range(queue.qsize()):
        queue.get()
