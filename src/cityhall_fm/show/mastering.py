"""What mastering is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from cityhall_fm.show.loudness import Loudness, LoudnessTarget
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Tags:
    """What the finished file says of itself.

    `chapters` are timed in the recording; one without a link of its own links to its second under `url`.
    """

    title: str
    album: str
    artist: str
    track: int
    language: str
    recorded_on: date | None = None
    comment: str = ""
    url: str = ""
    artwork: PurePath | None = None
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class MasteringSettings:
    """How a show wants its episodes to sound; bit rate in kbit/s, sample rate in Hz."""

    target: LoudnessTarget = LoudnessTarget()
    channels: int = 2
    bitrate: int = 128
    sample_rate: int = 48_000
    intro: PurePath | None = None
    intro_crossfade: float = 0.0
    """Seconds by which the jingle's end lies over the programme's beginning."""


@dataclass(frozen=True, slots=True)
class MasteringOrder:
    """One recording to be mastered: its files in their order, the settings, the tags."""

    recordings: tuple[PurePath, ...]
    settings: MasteringSettings
    tags: Tags


@dataclass(frozen=True, slots=True)
class Mastered:
    """What came out: figures of the decoded file, and where the recording begins in it."""

    length_bytes: int
    sha256: str
    duration: Timecode
    loudness: Loudness
    programme_at: Timecode
    remarks: tuple[Text, ...] = ()
    """What the host should know: heavy limiting, a voice on one side only."""
