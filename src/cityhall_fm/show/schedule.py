"""On which date an episode goes out, and what is to be done about it now: a pure function of the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.episode import EpisodeNumber, Guid, Key

WARM_UP: Final = timedelta(seconds=60)
"""So long before its time an episode is built and all but pages and feed are sent."""
_LATE: Final = timedelta(minutes=1)
"""Later than this is worth saying: the machine was asleep, or off."""
_LONGEST_NAP: Final = timedelta(seconds=20)
"""A machine that was asleep, or whose clock was set, notices within this time."""


class State(StrEnum):
    """What became of a date."""

    WAITING = "waiting"
    OUT = "out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Date:
    """An episode that was prepared, and when it shall go out."""

    episode: EpisodeNumber
    at: datetime
    state: State = State.WAITING


@dataclass(frozen=True, slots=True)
class Next:
    """What a scheduler does next: begin with an episode, or look again after a nap."""

    begin: Date | None
    nap: timedelta


def what_next(
    dates: Iterable[Date], now: datetime, resting: Mapping[Date, datetime] = MappingProxyType({})
) -> Next:
    """Choose what to begin with: the earliest that is within its warm-up, or late, and not `resting`.

    A date that was in trouble rests until a time, so that it keeps no other one waiting. Naps are short: an
    alarm set for days ahead would be wrong after a night's sleep of the machine.

    >>> from datetime import UTC
    >>> at = datetime(2026, 12, 1, 11, tzinfo=UTC)
    >>> what_next([Date(EpisodeNumber(4), at)], at - timedelta(hours=3)).nap.total_seconds()
    20.0
    >>> what_next([Date(EpisodeNumber(4), at)], at + timedelta(hours=3)).begin.episode
    4
    >>> two = [Date(EpisodeNumber(4), at), Date(EpisodeNumber(5), at)]
    >>> what_next(two, at, {two[0]: at + timedelta(seconds=9)}).begin.episode
    5
    """
    waiting = sorted((date for date in dates if date.state is State.WAITING), key=lambda date: date.at)
    begins = {date: max(date.at - WARM_UP, resting.get(date, date.at - WARM_UP)) for date in waiting}
    ready = next((date for date in waiting if begins[date] <= now), None)
    if ready:
        return Next(ready, timedelta(0))
    return Next(None, min([at - now for at in begins.values()] + [_LONGEST_NAP]))


def lateness(date: Date, now: datetime) -> timedelta | None:
    """Tell by how much an episode is late; None where it is as good as in time."""
    late = now - date.at
    return late if late > _LATE else None


def preview_key(guid: Guid, secret: str) -> Key:
    """Name the page that staff may see before the hour: whoever does not know the secret cannot guess it.

    >>> preview_key(Guid("7"), "a") == preview_key(Guid("7"), "b")
    False
    """
    token = hashlib.sha256(f"{secret}\n{guid}".encode()).hexdigest()[:32]
    return Key(f"preview/{token}/index.html")
