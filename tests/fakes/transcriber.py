"""A transcriber that hears what it is told to."""

from __future__ import annotations

from pathlib import Path

from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, Transcribed


class FakeTranscriber:
    """Hears the same words in every recording, and remembers which it was given."""

    def __init__(self, *cues: Cue, duration: Timecode) -> None:
        self._heard = Transcribed(cues, duration)
        self.given: list[tuple[Path, str]] = []

    def transcribe(self, recording: Path, *, language: str, progress: Progress) -> Transcribed:
        self.given.append((recording, language))
        progress.advance(self._heard.duration.seconds, self._heard.duration.seconds)
        return self._heard
