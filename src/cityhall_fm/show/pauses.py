"""Silences within a recording, and the chapters that they suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cityhall_fm.show.timecode import Timecode

_APART: Final = Timecode.of_seconds(25)
_MOST_PER_HOUR: Final = 16


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is heard between two times of the recording."""

    start: Timecode
    end: Timecode

    @property
    def seconds(self) -> float:
        return (self.end.milliseconds - self.start.milliseconds) / 1000


def suggested(pauses: Sequence[Pause], *, duration: Timecode) -> tuple[Pause, ...]:
    """Choose the pauses after which a new part probably begins: the longest, some way from each other.

    >>> heard = [Pause(Timecode(60_000), Timecode(63_000)), Pause(Timecode(70_000), Timecode(71_500))]
    >>> [str(pause.end) for pause in suggested(heard, duration=Timecode(300_000))]
    ['1:03']
    """
    most = 2 + round(duration.seconds / 3600 * _MOST_PER_HOUR)
    chosen: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: (-pause.seconds, pause.start)):
        if len(chosen) < most and all(_apart(pause, other) for other in chosen):
            chosen.append(pause)
    return tuple(sorted(chosen, key=lambda pause: pause.start))


def _apart(one: Pause, other: Pause) -> bool:
    return abs(one.end.milliseconds - other.end.milliseconds) >= _APART.milliseconds
