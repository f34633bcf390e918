"""What is done behind an acknowledgement waits here: for a few threads, and each member's in its order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

_Found = TypeVar("_Found")


class Line:
    """Work for at most so many threads; what was put under the same key is done one after the other.

    The threads do not keep a process from ending: `settle`, then `end`, lets them finish.
    """

    def __init__(self, name: str, *, workers: int) -> None:
        self._name = name
        self._most = workers
        self._waiting: dict[Hashable, deque[tuple[Future[Any], Callable[[], Any]]]] = {}
        self._busy: set[Hashable] = set()
        self._workers = self._idle = 0
        self._change = threading.Condition()
        self._ended = False

    def put(self, work: Callable[[], _Found], key: Hashable | None = None) -> Future[_Found]:
        """Have something done soon, and after what was put under this key before; never waits itself."""
        future: Future[_Found] = Future()
        with self._change:
            if self._ended:
                future.cancel()
                return future
            mine = self._waiting.setdefault(object() if key is None else key, deque())
            mine.append((future, work))
            if self._idle < len(self._waiting) and self._workers < self._most:
                self._workers += 1
                threading.Thread(target=self._run, name=self._name, daemon=True).start()
            self._change.notify_all()
        return future

    def settle(self, seconds: float) -> bool:
        """Wait until everything is done; tell whether it came to that."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def end(self) -> int:
        """Take nothing more in, and begin nothing more; tells how much was left undone."""
        with self._change:
            self._ended = True
            waiting = [future for jobs in self._waiting.values() for future, _ in jobs]
            left = len(waiting) + len(self._busy)
            self._waiting.clear()
            self._change.notify_all()
        for future in waiting:
            future.cancel()
        return left

    def _run(self) -> None:
        while True:
            with self._change:
                key = self._next()
                if key is None:
                    return
                future, work = self._waiting[key].popleft()
                if not self._waiting[key]:
                    del self._waiting[key]
                self._busy.add(key)
            if future.set_running_or_notify_cancel():
                try:
                    found = work()
                except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
                    future.set_exception(error)
                else:
                    future.set_result(found)
            with self._change:
                self._busy.discard(key)
                if key in self._waiting:  # others first
                    self._waiting[key] = self._waiting.pop(key)
                self._change.notify_all()

    def _next(self) -> Hashable | None:
        """Wait for work whose key nobody is at; None once the line has ended."""
        while not self._ended:
            found = next((key for key in self._waiting if key not in self._busy), None)
            if found is not None:
                return found
            self._idle += 1
            self._change.wait()
            self._idle -= 1
        return None
