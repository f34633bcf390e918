"""What production asks of whatever works on sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from cityhall_fm.production.ports.progress import Progress
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
from cityhall_fm.show.transcript import Transcribed


class Transcriber(Protocol):
    """What listens to a recording and writes down what is said."""

    def transcribe(self, recording: Path, *, language: str, progress: Progress) -> Transcribed:
        """Write down a recording in one language (BCP 47); InputError where the model will not do."""


class MasteringSuite(Protocol):
    """What turns a recording into finished audio."""

    def master(self, order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
        """Write the finished file whole or not at all; AudioError where the input will not do."""

    def for_station(
        self,
        order: MasteringOrder,
        *,
        to: Path,
        target: LoudnessTarget,
        bits: Literal[16, 24],
        progress: Progress,
    ) -> StationMaster:
        """Write the same programme as a WAV for a radio station, whole or not at all."""

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
        """Cut a soundbite out of a finished file, whose times `at` and `length` are."""

    def pauses(
        self, order: MasteringOrder, *, least: float, progress: Progress
    ) -> tuple[Sequence[Pause], Timecode]:
        """Find the pauses of at least `least` seconds, and how long the recording is."""

    def picture(self, source: Path, *, to: Path) -> Written:
        """Write a chapter's picture as players shall fetch it, whole or not at all."""

    def measure(self, path: Path) -> Loudness: ...

    def length(self, path: Path) -> Timecode:
        """Tell about how long a recording is; AudioError where there is nothing to hear in it."""

    def recipe(self, order: MasteringOrder) -> str:
        """Fingerprint everything that decides about the result: the same recipe gives the same bytes."""
