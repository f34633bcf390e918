"""What the on-air card asks to be remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.on_air import Tap


class TapMemory(Protocol):
    """Every tap of every recording; in the database."""

    def keep(self, number: EpisodeNumber, taps: Sequence[Tap], *, person: str, at: datetime) -> None:
        """Keep taps; those that are there stay as they first came."""

    def taps(self, number: EpisodeNumber) -> Sequence[Tap]:
        """Read an episode's taps in the order of their times."""
