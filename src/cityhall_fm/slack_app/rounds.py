"""One thread that makes the same round again and again, and at once where somebody wishes it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rounds:
    """`work` makes one round and tells after how many seconds the next one is due; it raises nothing.

    Whoever wishes for a round never waits for it; wishes that come while one is made are met by the next.
    """

    name: str
    work: Callable[[], float]
    _change: threading.Condition = field(default_factory=threading.Condition)
    _wished: bool = True
    _busy: bool = False
    _ended: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Make the first round now."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def wish(self) -> None:
        """Bring the next round forward to now."""
        with self._change:
            self._wished = True
            self._change.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait until every wish is met; tell whether it came to that."""
        with self._change:
            return self._change.wait_for(lambda: not self._wished and not self._busy, seconds)

    def stop(self, seconds: float) -> None:
        """Begin no further round; wait so long for the one that is being made."""
        with self._change:
            self._ended = True
            self._change.notify_all()
        if self._thread:
            self._thread.join(seconds)

    def _run(self) -> None:
        pause = 0.0
        while True:
            with self._change:
                self._busy = False
                self._change.notify_all()
                self._change.wait_for(lambda: self._wished or self._ended, pause)
                if self._ended:
                    return
                self._wished, self._busy = False, True
            pause = self.work()
