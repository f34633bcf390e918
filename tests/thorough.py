"""How many examples a property is tried with: as many as the suite has time for, or THOROUGH times more."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("THOROUGH", "1"))


def examples(usual: int) -> int:
    return usual * TIMES
