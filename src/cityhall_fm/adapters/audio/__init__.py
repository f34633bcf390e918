"""Mastering: whatever was recorded becomes an MP3 that sounds like a broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cityhall_fm.show.loudness import Loudness, LoudnessTarget
from cityhall_fm.show.mastering import (
    Mastered,
    MasteringOrder,
    MasteringSettings,
    StationMaster,
    Tags,
    Written,
)
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.production.ports.progress import Progress


class AvMasteringSuite:
    """Fulfils MasteringSuite with PyAV, LAME in process, pydub and mutagen; no ffmpeg program is needed.

    The libraries are loaded by the first job, since every command imports this package.
    """

    def master(self, order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
        """Make the finished episode at `to`, whole or not at all."""
        from cityhall_fm.adapters.audio.job import master  # noqa: PLC0415 - loaded when needed

        return master(order, to=to, progress=progress)

    def for_station(
        self,
        order: MasteringOrder,
        *,
        to: Path,
        target: LoudnessTarget,
        bits: Literal[16, 24],
        progress: Progress,
    ) -> StationMaster:
        """Make the same programme as a WAV for a radio station, whole or not at all."""
        from cityhall_fm.adapters.audio.job import for_station  # noqa: PLC0415 - loaded when needed

        return for_station(order, to=to, target=target, bits=bits, progress=progress)

    def clip(
        self,
        source: Path,
        *,
        at: Timecode,
        length: Timecode,
        settings: MasteringSettings,
        tags: Tags,
        to: Path,
        progress: Progress,
    ) -> Written:
        """Cut a soundbite out of a finished file, whole or not at all; times are that file's."""
        from cityhall_fm.adapters.audio.clip import clip  # noqa: PLC0415 - loaded when needed

        return clip(source, at=at, length=length, settings=settings, tags=tags, to=to, progress=progress)

    def pauses(
        self, order: MasteringOrder, *, least: float, progress: Progress
    ) -> tuple[Sequence[Pause], Timecode]:
        """Find the pauses of at least `least` seconds, and how long the recording is."""
        from cityhall_fm.adapters.audio.job import find_pauses  # noqa: PLC0415 - loaded when needed

        return find_pauses(order, least=least, progress=progress)

    def picture(self, source: Path, *, to: Path) -> Written:
        """Write a chapter's picture as a JPEG that players fetch, whole or not at all."""
        from cityhall_fm.adapters.audio.pictures import publish  # noqa: PLC0415 - loaded when needed

        return publish(source, to=to)

    def measure(self, path: Path) -> Loudness:
        """Read integrated loudness, loudness range and true peak of any recording."""
        from cityhall_fm.adapters.audio.meter import measure  # noqa: PLC0415 - loaded when needed

        return measure(path)

    def length(self, path: Path) -> Timecode:
        """Tell about how long a recording is, as its headers say."""
        from cityhall_fm.adapters.audio.decode import about_seconds  # noqa: PLC0415 - loaded when needed

        return Timecode.of_seconds(about_seconds(path))

    def recipe(self, order: MasteringOrder) -> str:
        """Name what would be made: the same recipe means the same bytes."""
        from cityhall_fm.adapters.audio.recipe import recipe  # noqa: PLC0415 - loaded when needed

        return recipe(order)
