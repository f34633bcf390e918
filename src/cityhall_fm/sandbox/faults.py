"""Faults on demand: what can go wrong between us and Slack, planned by a test for its next calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.contract import METHODS

LONGEST_DELAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 with Retry-After; nothing happens."""

    retry_after_seconds: int = 1


@dataclass(frozen=True, slots=True)
class FailsBefore:
    """500; nothing happened."""


@dataclass(frozen=True, slots=True)
class FailsAfter:
    """500, although the message was stored: whoever simply asks again posts twice."""


@dataclass(frozen=True, slots=True)
class TimesOut:
    """The answer comes too late; by then the effect has happened, unless `stored` is false."""

    seconds: float = 1.0
    stored: bool = True


@dataclass(frozen=True, slots=True)
class ShortPage:
    """A page with fewer items than asked for, and a cursor to the rest."""

    items: int = 1


@dataclass(frozen=True, slots=True)
class EmptyPage:
    """A page without items, and a cursor to all of them."""


@dataclass(frozen=True, slots=True)
class ExpiredCursor:
    """The next call that carries a cursor hears invalid_cursor."""


Fault = RateLimited | FailsBefore | FailsAfter | TimesOut | ShortPage | EmptyPage | ExpiredCursor


class Faults:
    """The faults still to come, in the order they were added."""

    def __init__(self) -> None:
        self._planned: list[tuple[str, Fault]] = []

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Plan a fault for the next calls of a method."""
        if method not in METHODS:
            raise ValueError(f"{method} is not a method of the sandbox")
        if isinstance(fault, ShortPage | EmptyPage | ExpiredCursor) and "cursor" not in METHODS[method].known:
            raise ValueError(f"{method} has no pages")
        self._planned += [(method, fault)] * times

    def take(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        """Return the fault that hits this call, and strike it off."""
        for planned in self._planned:
            name, fault = planned
            if name == method and (not isinstance(fault, ExpiredCursor) or arguments.get("cursor")):
                self._planned.remove(planned)
                return fault
        return None

    def clear(self) -> None:
        self._planned.clear()

    def __len__(self) -> int:
        return len(self._planned)
