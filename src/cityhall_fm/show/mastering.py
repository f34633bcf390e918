"""What mastering is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import PurePath
from typing import Literal

from cityhall_fm.show.loudness import Loudness, LoudnessTarget
from cityhall_fm.show.placement import Placement
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

Alternate = Literal["m4a", "opus"]
"""Formats beside the MP3: AAC in MPEG-4, and Opus in Ogg."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the finished file says of itself.

    `chapters` are timed in the recording; one without a link of its own links to its second under `url`,
    and its image is an address on the web or a file here.
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
    opening: str = ""
    """What comes before the first chapter where that begins later; then the chapters are the feed's."""


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
    outro: PurePath | None = None
    outro_crossfade: float = 0.0
    """Seconds by which the closing jingle's beginning lies over the programme's end."""
    trim: bool = True
    """Whether silence at both ends is cut off."""
    trim_threshold: float = -35.0
    """What counts as silence: LU, seen from the programme's own loudness."""
    long_pause: float = 5.0
    """Seconds of silence from which on the host is told."""
    high_pass: int = 0
    """Hz below which rumble is taken away; 0: nothing is."""
    levelling: bool = False
    """Whether quiet voices are slowly raised and loud ones lowered, by 6 dB at most."""
    bed: PurePath | None = None
    """Music that plays under the whole programme, over and over."""
    bed_level: float = -18.0
    """The bed in pauses: LU, seen from the programme's own loudness."""
    bed_duck: float = 8.0
    """dB by which the bed steps back while somebody speaks."""
    alternates: tuple[Alternate, ...] = ()
    station: LoudnessTarget = LoudnessTarget(-24.0, -1.0, tolerance=0.5)
    """What FM stations are sent: -24 LKFS, give or take 1, which is the figure of ARIB TR-B32."""
    station_bits: Literal[16, 24] = 24

    def wished(self, wishes: MasteringWishes) -> MasteringSettings:
        """Let an episode's own wishes come first.

        >>> MasteringSettings(high_pass=80).wished(MasteringWishes(trim=False, high_pass=0)).high_pass
        0
        """
        said = {one.name: getattr(wishes, one.name) for one in fields(wishes)}
        levels, bed = said.pop("levels"), said.pop("bed")
        del levels  # they belong to the order's tracks
        changed = replace(self, **{name: value for name, value in said.items() if value is not None})
        return replace(changed, bed=None) if bed is False else changed


@dataclass(frozen=True, slots=True)
class MasteringWishes:
    """Where one episode shall sound otherwise; None leaves it to the show's settings."""

    trim: bool | None = None
    trim_threshold: float | None = None
    high_pass: int | None = None
    levelling: bool | None = None
    bed: bool | None = None
    levels: tuple[tuple[str, float], ...] = ()
    """Names of tracks, and the dB by which each is raised or lowered in the mix."""


@dataclass(frozen=True, slots=True)
class Track:
    """One voice of a recording in a file of its own, heard together with the others."""

    path: PurePath
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class MasteringOrder:
    """One recording to be mastered: its files in their order or its tracks, the settings, the tags."""

    recordings: tuple[PurePath, ...]
    settings: MasteringSettings
    tags: Tags
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True)
class Bite:
    """What is worth hearing by itself: a place in the recording, and how long it lasts."""

    at: Timecode
    length: Timecode
    title: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file, wherever it lies; `bitrate` in kbit/s, 0 for what is no audio."""

    path: PurePath = field(compare=False)
    length_bytes: int
    sha256: str
    media_type: str
    bitrate: int = 0


@dataclass(frozen=True, slots=True)
class StationMaster:
    """What came out for a radio station."""

    path: PurePath
    loudness: Loudness
    duration: Timecode
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Mastered:
    """What came out: figures of the decoded file, and where the recording lies in it."""

    length_bytes: int
    sha256: str
    duration: Timecode
    loudness: Loudness
    placement: Placement = Placement()
    remarks: tuple[Text, ...] = ()
    """What the host should know: heavy limiting, a voice on one side only, a long pause."""
    processing: Mapping[str, object] | None = None
    """What was done to the sound: plain values, by name."""
    alternates: tuple[Written, ...] = ()
    waveform: Written | None = None
