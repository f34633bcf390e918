"""No more bytes a second than the show's makers want to spare."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets so many bytes a second go, whichever threads send them; None lets all go at once."""

    def __init__(
        self,
        bytes_per_second: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = bytes_per_second
        self._clock, self._sleep = clock, sleep
        self._free_at = 0.0
        self._lock = threading.Lock()

    def spend(self, length: int) -> None:
        """Wait until the line is free, then occupy it for these bytes."""
        if not self._rate:
            return
        with self._lock:
            now = self._clock()
            begin = max(now, self._free_at)
            self._free_at = begin + length / self._rate
        if begin > now:
            self._sleep(begin - now)
