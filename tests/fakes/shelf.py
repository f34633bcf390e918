"""The episode shelf in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cityhall_fm.production.ports.episodes import Rewritten
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Rundown, Segment


class FakeShelf:
    """Holds episodes; each has one recording unless `silent` names it."""

    def __init__(self, *episodes: Episode, silent: Sequence[int] = ()) -> None:
        self._episodes = {episode.number: episode for episode in episodes}
        self._silent = silent

    def episodes(self) -> Sequence[Episode]:
        return tuple(self._episodes[number] for number in sorted(self._episodes))

    def fingerprint(self) -> str:
        return fingerprint(self.episodes())

    def episode(self, number: EpisodeNumber) -> Episode:
        if number not in self._episodes:
            raise UnknownError("episodes.unknown", number=number, known="")
        return self._episodes[number]

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        return [] if number in self._silent else [Path(f"{number:04}/recording.flac")]

    def place(self, number: EpisodeNumber, name: str) -> Path:
        return Path(f"{number:04}") / name

    def artwork(self, number: EpisodeNumber) -> Path | None:  # noqa: ARG002 - none has any
        return None

    def tracks(self, number: EpisodeNumber) -> Mapping[str, Path]:  # noqa: ARG002 - none has any
        return {}

    def picture(self, number: EpisodeNumber, name: str) -> Path | None:
        return None if name.startswith("gone") else self.place(number, name)

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        number = EpisodeNumber(max(self._episodes, default=0) + 1)
        return self._keep(Episode(number, title, guid, planned_for=planned_for))

    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        episode = self.episode(number)
        segments = list(episode.rundown.segments)
        if at_position is None:
            segments.append(segment)
        elif at_position > len(segments):
            raise UnknownError("episodes.no_segment", number=number, position=at_position, last=len(segments))
        else:
            segments[at_position - 1] = segment
        return self._keep(replace(episode, rundown=Rundown(tuple(segments))))

    def take_out(self, number: EpisodeNumber, question: QuestionId, *, was: Segment | None) -> Episode:
        episode = self.episode(number)
        segments = [
            replace(one, question=None, title=was.title, links=was.links)
            if was and one.question == question
            else one
            for one in episode.rundown.segments
            if was or one.question != question
        ]
        return self._keep(replace(episode, rundown=Rundown(tuple(segments))))

    def set_times(self, number: EpisodeNumber, rundown: Rundown) -> Episode:
        episode = self.episode(number)
        known, given = episode.rundown.segments, rundown.segments
        timed = [
            replace(segment, at=segment.at if other.at is None else other.at)
            for segment, other in zip(known, given, strict=False)
        ]
        return self._keep(
            replace(episode, rundown=Rundown((*timed, *known[len(timed) :], *given[len(known) :])))
        )

    def rewrite(self, number: EpisodeNumber, rule: Callable[[Episode], Rewritten | None]) -> Episode:
        before = self.episode(number)
        rewritten = rule(before)
        if rewritten:
            self._keep(rewritten.episode)
        return before

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None:
        self._keep(replace(self.episode(number), enclosure=enclosure))

    def keep_transcript(self, number: EpisodeNumber, webvtt: str) -> None:
        self._keep(replace(self.episode(number), transcript=webvtt))

    def mark_published(self, number: EpisodeNumber, at: datetime | None) -> None:
        self._keep(replace(self.episode(number), published_at=at))

    def add(self, episode: Episode) -> None:
        self._keep(episode)

    def original(self, number: EpisodeNumber) -> Path | None:  # noqa: ARG002 - none came from elsewhere
        return None

    def _keep(self, episode: Episode) -> Episode:
        self._episodes[episode.number] = episode
        return episode
