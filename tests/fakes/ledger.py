"""A ledger in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cityhall_fm.show.announcement import Posted, PostKey
from cityhall_fm.show.episode import EpisodeNumber


class FakeLedger:
    """Keeps every line that was recorded, in order."""

    def __init__(self) -> None:
        self.lines: list[tuple[EpisodeNumber, str, str, datetime]] = []
        self.intended: dict[PostKey, datetime] = {}
        self.posts: dict[PostKey, Posted] = {}

    def record(self, episode: EpisodeNumber, step: str, outcome: str, *, at: datetime) -> None:
        self.lines.append((episode, step, outcome, at))

    def steps(self, episode: EpisodeNumber) -> Mapping[str, str]:
        return {step: outcome for number, step, outcome, _ in self.lines if number == episode}

    def outcomes(self, step: str) -> Mapping[EpisodeNumber, str]:
        return {number: outcome for number, one, outcome, _ in self.lines if one == step}

    def posted(self, key: PostKey) -> Posted | None:
        return self.posts.get(key)

    def all_posted(self, beginning: str) -> Sequence[Posted]:
        return [posted for key, posted in sorted(self.posts.items()) if key.startswith(beginning)]

    def intend(self, key: PostKey, *, at: datetime) -> datetime:
        return self.intended.setdefault(key, at)

    def claim(self, key: PostKey, *, at: datetime) -> bool:
        is_new = key not in self.intended
        self.intended.setdefault(key, at)
        return is_new

    def unclaim(self, key: PostKey) -> None:
        if key not in self.posts:
            self.intended.pop(key, None)

    def remember(self, posted: Posted, *, at: datetime) -> None:
        self.intended.setdefault(posted.key, at)
        self.posts[posted.key] = posted
