"""Collecting from Slack behind a page: threads, what is past its day, and voices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cityhall_fm.production.collect import A_MOMENT, collect
from cityhall_fm.production.keep_voices import keep_voices
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.purge import purge
from cityhall_fm.production.take_back import queue_taking_back
from cityhall_fm.show.collecting import Collected
from cityhall_fm.show.episode import in_rundowns
from cityhall_fm.wiring import Wired


@dataclass(frozen=True, slots=True)
class CameIn:
    """What a collection brought, by channel, and what could not be had of voices."""

    channels: tuple[Collected, ...]
    voices: int
    purged: int

    @property
    def questions(self) -> int:
        return sum(one.questions for one in self.channels)

    @property
    def topics(self) -> int:
        return sum(one.topics for one in self.channels)

    @property
    def changed(self) -> int:
        return sum(one.changed for one in self.channels)

    @property
    def withdrawn(self) -> int:
        return sum(one.withdrawn for one in self.channels)


def collect_now(companion: Wired, clock: Callable[[], datetime], progress: Progress) -> CameIn:
    """Bring the inbox up to date, as `collect` does."""
    collected = collect(
        source=companion.source(),
        inbox=companion.inbox,
        rules=companion.rules,
        in_rundowns=in_rundowns(companion.shelf.episodes()),
        now=clock(),
        emoji=companion.emoji,
        progress=progress,
        keeping=companion.keeping,
        again=A_MOMENT,
    )
    purged = purge(
        inbox=companion.inbox,
        shelf=companion.shelf,
        keeping=companion.keeping,
        retention=companion.settings.retention,
        now=clock(),
        voices=companion.voices,
    )
    queue_taking_back(
        inbox=companion.inbox,
        keeping=companion.keeping,
        ledger=companion.ledger,
        outbox=companion.outbox,
        now=clock(),
    )
    kept = keep_voices(inbox=companion.inbox, voices=companion.voices, source=companion.clips)
    return CameIn(tuple(collected), kept.fetched, len(purged.questions))
