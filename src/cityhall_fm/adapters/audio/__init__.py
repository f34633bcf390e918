"""Mastering: whatever was recorded becomes an MP3 that sounds like a broadcast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.mastering import Mastered, MasteringOrder

if TYPE_CHECKING:
    from cityhall_fm.production.ports import Progress


class AvMasteringSuite:
    """Fulfils MasteringSuite with PyAV, LAME in process, pydub and mutagen; no ffmpeg program is needed.

    The libraries are loaded by the first job, since every command imports this package.
    """

    def master(self, order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
        """Make the finished episode at `to`, whole or not at all."""
        from cityhall_fm.adapters.audio.job import master  # noqa: PLC0415 - loaded when needed

        return master(order, to=to, progress=progress)

    def measure(self, path: Path) -> Loudness:
        """Read integrated loudness, loudness range and true peak of any recording."""
        from cityhall_fm.adapters.audio.meter import measure  # noqa: PLC0415 - loaded when needed

        return measure(path)

    def recipe(self, order: MasteringOrder) -> str:
        """Name what would be made: the same recipe means the same bytes."""
        from cityhall_fm.adapters.audio.recipe import recipe  # noqa: PLC0415 - loaded when needed

        return recipe(order)
