"""Where a recording lies in the finished file: behind the jingle, without the silence it began with."""

from __future__ import annotations

from dataclasses import dataclass

from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Placement:
    """The place in the finished file where the programme begins, and how much of the recording came before.

    Two lengths and no difference of them: where more was trimmed than the jingle is long, nothing becomes
    negative, and what was trimmed is at the programme's beginning.

    >>> placement = Placement(programme_at=Timecode(3000), trimmed=Timecode(5000))
    >>> [str(placement.finished(Timecode.parse(at))) for at in ("0:00", "0:05", "1:00")]
    ['0:03', '0:03', '0:58']
    >>> [str(placement.recorded(Timecode.parse(at))) for at in ("0:00", "0:03", "0:58")]
    ['0:05', '0:05', '1:00']
    """

    programme_at: Timecode = Timecode(0)
    trimmed: Timecode = Timecode(0)

    def finished(self, at: Timecode) -> Timecode:
        """Tell where a place in the recording is in the finished file."""
        since = max(0, at.milliseconds - self.trimmed.milliseconds)
        return Timecode(self.programme_at.milliseconds + since)

    def recorded(self, at: Timecode) -> Timecode:
        """Tell where a place in the finished file is in the recording."""
        since = max(0, at.milliseconds - self.programme_at.milliseconds)
        return Timecode(self.trimmed.milliseconds + since)
