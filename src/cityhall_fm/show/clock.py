"""A clock that cannot be right: by such a one nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.show.publication import Manifest, Plan

_MOST_APART: Final = timedelta(days=1)
_MOST_SILENT: Final = timedelta(days=365)


def is_odd(now: datetime, *, server: datetime | None, newest: datetime | None) -> bool:
    """Tell whether a clock is far from that of the server; where that is silent, from the newest feed.

    >>> now = datetime(2026, 12, 1)
    >>> is_odd(now, server=datetime(2026, 12, 1, 3), newest=datetime(2020, 1, 1))
    False
    >>> is_odd(now, server=datetime(2026, 11, 1), newest=now)
    True
    >>> is_odd(now, server=None, newest=datetime(2025, 11, 1)), is_odd(now, server=None, newest=None)
    (True, False)
    """
    if server is not None:
        return abs(now - server) > _MOST_APART
    return newest is not None and abs(now - newest) > _MOST_SILENT


def without_deletions(plan: Plan, stored: Manifest) -> Plan:
    """Leave out what only time decides: what is due stays, and no time of grace begins."""
    due = (*plan.deletions, *plan.fading)
    return replace(plan, deletions=(), fading=tuple(each for each in due if each.key in stored.unwanted))
