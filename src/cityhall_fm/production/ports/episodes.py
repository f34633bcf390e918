"""What production asks of the episode folders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Rundown, Segment


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An episode as it shall be; for each segment, the place from 0 that it had, None for a new one."""

    episode: Episode
    places: tuple[int | None, ...]


class EpisodeShelf(Protocol):
    """The episode folders, which people write."""

    def episodes(self) -> Sequence[Episode]:
        """Read all, by number; InputError names every problem of a file."""

    def fingerprint(self) -> str:
        """Fingerprint all that decides what `episodes()` gives: the same one, the same episodes."""

    def episode(self, number: EpisodeNumber) -> Episode:
        """Read one; UnknownError where there is none."""

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        """List `recording.*` in the order of their names; none is an empty answer."""

    def place(self, number: EpisodeNumber, name: str) -> Path:
        """Say where a file of that name would lie in the episode's folder."""

    def artwork(self, number: EpisodeNumber) -> Path | None:
        """Find an episode's own picture: `artwork.*` in its folder."""

    def tracks(self, number: EpisodeNumber) -> Mapping[str, Path]:
        """Find the voices of an episode that were recorded each into a file of its own, by their names."""

    def picture(self, number: EpisodeNumber, name: str) -> Path | None:
        """Find a picture in the episode's folder; None where there is no such file."""

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        """Make the folder of the next episode."""

    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        """Put a segment into the rundown: in place of the one at this position (from 1), or as the last."""

    def take_out(self, number: EpisodeNumber, question: QuestionId, *, was: Segment | None) -> Episode:
        """Take a question out of the rundown; a segment that `was` the host's has title and links again."""

    def set_times(self, number: EpisodeNumber, rundown: Rundown) -> Episode:
        """Write a rundown's times over the segments by their place, at once; add those beyond the last."""

    def rewrite(self, number: EpisodeNumber, rule: Callable[[Episode], Rewritten | None]) -> Episode:
        """Change what people write of an episode, as `rule` says of it as it stands; tells how it stood.

        Nobody else changes it meanwhile: where an editor saved in between, the rule is asked again. None
        leaves the file alone. What people wrote besides, such as comments, stays.
        """

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None: ...

    def keep_transcript(self, number: EpisodeNumber, webvtt: str) -> None:
        """Write the episode's transcript, in the recording's times, over the one before."""

    def mark_published(self, number: EpisodeNumber, at: datetime | None) -> None:
        """Write when an episode went out, to the second, in place of what was there; None takes it away."""

    def add(self, episode: Episode) -> None:
        """Make the folder of an episode that comes from elsewhere, under its number."""

    def original(self, number: EpisodeNumber) -> Path | None:
        """Find the finished audio that an episode was brought with: `imported.*`."""

    def bring(self, number: EpisodeNumber, file: Path, name: str) -> Path:
        """Move a file into an episode's folder; tells where it is then."""
