"""How often a method may be called: Slack's tiers, counted on the world's clock."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cityhall_fm.sandbox.contract import Method, Tier
from cityhall_fm.sandbox.people import App


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds."""

    calls: int
    seconds: int


TIER_LIMITS: Mapping[Tier, Limit] = {
    "t2": Limit(20, 60),
    "t3": Limit(50, 60),
    "t4": Limit(100, 60),
    "t5": Limit(300, 60),  # "special": several hundred a minute
}
POSTS_PER_CHANNEL = Limit(3, 3)  # about one a second, short bursts pass


class RateLimits:
    """Remembers recent calls in one workspace, per method and app."""

    def __init__(self) -> None:
        self._recent: dict[tuple[str, ...], deque[datetime]] = {}

    def seconds_to_wait(self, method: Method, app: App, arguments: Mapping[str, Any], now: datetime) -> int:
        """Count this call, or tell after how many seconds it may come again; 0 lets it pass."""
        limit = TIER_LIMITS[method.tier]
        key: tuple[str, ...] = (app.app_id, method.name)
        if method.name == "chat.postMessage":
            limit = POSTS_PER_CHANNEL
            key = (app.app_id, method.name, str(arguments.get("channel", "")))
        recent = self._recent.setdefault(key, deque())
        window = timedelta(seconds=limit.seconds)
        while recent and recent[0] + window <= now:
            recent.popleft()
        if len(recent) < limit.calls:
            recent.append(now)
            return 0
        return max(1, math.ceil((recent[0] + window - now).total_seconds()))
