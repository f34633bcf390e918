"""A Slack of whose calls a share fails: 429, 500 before and after, time-outs, torn pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from cityhall_fm.sandbox import faults as slack
from cityhall_fm.sandbox.contract import METHODS
from cityhall_fm.sandbox.faults import Faults

PATIENCE_SECONDS = 0.5
"""How long whoever asks waits for an answer."""
_FAULTS = (
    slack.RateLimited(0),
    slack.FailsBefore(),
    slack.FailsAfter(),
    slack.TimesOut(PATIENCE_SECONDS + 0.2),
    slack.TimesOut(PATIENCE_SECONDS + 0.2, stored=False),
)
_OF_LISTS = (*_FAULTS, slack.ShortPage(), slack.EmptyPage())


class Unreliable(Faults):
    """Faults that nobody planned: each call may be hit; counted as they happen."""

    def __init__(self, share: float, chance: random.Random) -> None:
        super().__init__()
        self.share, self._chance = share, chance
        self.calls = 0
        self.happened = Counter[str]()

    def take(self, method: str, arguments: Mapping[str, Any]) -> slack.Fault | None:
        """Choose what happens to this call."""
        if method not in METHODS:
            return super().take(method, arguments)
        self.calls += 1
        if self._chance.random() >= self.share:
            return None
        fault = self._chance.choice(_OF_LISTS if "cursor" in METHODS[method].known else _FAULTS)
        self.happened[_name(fault)] += 1
        return fault


def _name(fault: slack.Fault) -> str:
    match fault:
        case slack.RateLimited():
            return "429"
        case slack.FailsBefore():
            return "500 before"
        case slack.FailsAfter():
            return "500 after it was stored"
        case slack.TimesOut(stored=stored):
            return "time-out after it was stored" if stored else "time-out before"
        case _:
            return "torn page"
