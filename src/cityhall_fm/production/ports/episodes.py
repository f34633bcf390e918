"""What production asks of the episode folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid
from cityhall_fm.show.rundown import Rundown, Segment


class EpisodeShelf(Protocol):
    """The episode folders, which people write."""

    def episodes(self) -> Sequence[Episode]:
        """Read all, by number; InputError names every problem of a file."""

    def episode(self, number: EpisodeNumber) -> Episode:
        """Read one; UnknownError where there is none."""

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        """List `recording.*` in the order of their names; none is an empty answer."""

    def place(self, number: EpisodeNumber, name: str) -> Path:
        """Say where a file of that name would lie in the episode's folder."""

    def tracks(self, number: EpisodeNumber) -> Mapping[str, Path]:
        """Find the voices of an episode that were recorded each into a file of its own, by their names."""

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        """Make the folder of the next episode."""

    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        """Put a segment into the rundown: in place of the one at this position (from 1), or as the last."""

    def set_times(self, number: EpisodeNumber, rundown: Rundown) -> Episode:
        """Write a rundown's times over the segments by their place, at once; add those beyond the last."""

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None: ...

    def keep_transcript(self, number: EpisodeNumber, webvtt: str) -> None:
        """Write the episode's transcript, in the recording's times, over the one before."""

    def mark_published(self, number: EpisodeNumber, at: datetime) -> None: ...

    def add(self, episode: Episode) -> None:
        """Make the folder of an episode that comes from elsewhere, under its number."""

    def original(self, number: EpisodeNumber) -> Path | None:
        """Find the finished audio that an episode was brought with: `imported.*`."""

    def bring(self, number: EpisodeNumber, file: Path, name: str) -> Path:
        """Move a file into an episode's folder; tells where it is then."""
