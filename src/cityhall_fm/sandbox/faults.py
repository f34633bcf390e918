"""Faults on demand: what can go wrong between us and Slack, planned by a test for what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.contract import METHODS, Method

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


@dataclass(frozen=True, slots=True)
class ExpiredTrigger:
    """The next views.open or views.push hears expired_trigger_id, however quick it was."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The next download is answered with 200 and a page to sign in."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What is on its way never reaches the app, and nobody tries again."""


@dataclass(frozen=True, slots=True)
class Duplicated:
    """An event comes twice, with the same event_id."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An event comes after the one that follows it."""


@dataclass(frozen=True, slots=True)
class AckLost:
    """The app acknowledges an event and Slack does not hear it: it comes again, as attempt 1."""


@dataclass(frozen=True, slots=True)
class SocketDropped:
    """The connection breaks in the place of an event, which then comes again."""


@dataclass(frozen=True, slots=True)
class BadSignature:
    """A request that somebody else signed; over HTTP only."""


@dataclass(frozen=True, slots=True)
class StaleSignature:
    """A request signed so long ago, or with a negative figure in the future; over HTTP only."""

    seconds: int = 302


ApiFault = (
    RateLimited | FailsBefore | FailsAfter | TimesOut | ShortPage | EmptyPage | ExpiredCursor | ExpiredTrigger
)
WireFault = Lost | Duplicated | HeldBack | AckLost | SocketDropped | BadSignature | StaleSignature
Fault = ApiFault | WireFault | HtmlPage

_FOR_EVENTS_ONLY = (Duplicated, HeldBack, AckLost, SocketDropped)
_WIRES = frozenset({"events_api", "slash_commands", "interactive"})
_DOWNLOADS = "files"


class Faults:
    """The faults still to come, in the order they were added."""

    def __init__(self) -> None:
        self._planned: list[tuple[str, Fault]] = []

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Plan a fault for the next calls of a method, or the next things on their way to an app.

        `method` is a Web API method; or events_api, slash_commands or interactive; or files (downloads).
        Raises ValueError where that fault can never happen.
        """
        if method in _WIRES:
            fits = isinstance(fault, WireFault)
            fits = fits and (method == "events_api" or not isinstance(fault, _FOR_EVENTS_ONLY))
        elif method == _DOWNLOADS:
            fits = isinstance(fault, HtmlPage)
        elif method in METHODS:
            fits = isinstance(fault, ApiFault) and _can_hit(METHODS[method], fault)
        else:
            raise ValueError(f"{method} is not a method of the sandbox")
        if not fits:
            raise ValueError(f"{type(fault).__name__} cannot happen to {method}")
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


def _can_hit(method: Method, fault: ApiFault) -> bool:
    if isinstance(fault, ShortPage | EmptyPage | ExpiredCursor):
        return "cursor" in method.known
    return not isinstance(fault, ExpiredTrigger) or "trigger_id" in method.known
