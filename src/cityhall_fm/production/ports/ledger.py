"""What production asks to be remembered, so that it happens once: ledger, outbox, dates, turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.announcement import Posted, PostKey
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.outbox import Delivery, SaidBefore, Waiting
from cityhall_fm.show.schedule import Date
from cityhall_fm.show.slack_thread import ChannelId


class Ledger(Protocol):
    """What was done, so that it is done once; in the database."""

    def record(self, episode: EpisodeNumber, step: str, outcome: str, *, at: datetime) -> None: ...

    def steps(self, episode: EpisodeNumber) -> Mapping[str, str]:
        """Read the latest outcome of every step."""

    def outcomes(self, step: str) -> Mapping[EpisodeNumber, str]:
        """Read the latest outcome of one step, for every episode that has one."""

    def posted(self, key: PostKey) -> Posted | None: ...

    def all_posted(self, beginning: str) -> Sequence[Posted]:
        """List the posts that were made under keys with this beginning."""

    def intend(self, key: PostKey, *, at: datetime) -> datetime:
        """Note that a post is about to be made; tells when that was first intended."""

    def claim(self, key: PostKey, *, at: datetime) -> bool:
        """Note that a post is about to be made; False where it was noted before, whatever the clock said."""

    def unclaim(self, key: PostKey) -> None:
        """Forget what was noted, for whoever claimed it and knows that nothing was posted; a post stays."""

    def remember(self, posted: Posted, *, at: datetime) -> None: ...


class Outbox(Protocol):
    """What waits to be said in Slack, in order; in the database."""

    def put(
        self, deliveries: Sequence[Delivery], *, at: datetime, not_before: datetime | None = None
    ) -> None:
        """Queue them in this order, to go out from `not_before` on; what is known by its key stays."""

    def take_back(self, key: PostKey, *, now: datetime) -> bool:
        """Forget a delivery whose time has not come, as if it was never queued; tells whether it was so."""

    def waiting(self, episode: EpisodeNumber | None = None) -> Sequence[Waiting]: ...

    def deliveries(self, episode: EpisodeNumber) -> Sequence[Delivery]:
        """List everything that was ever queued about an episode."""

    def said_before(self, key: PostKey) -> SaidBefore | None:
        """Tell how a delivery ended; None where it waits or was never queued."""

    def done(self, delivery: Delivery, *, said: str | None, at: datetime) -> None: ...

    def put_off(
        self, delivery: Delivery, *, attempts: int, not_before: datetime, refused: str | None = None
    ) -> None:
        """Leave a delivery waiting; `refused` where Slack refuses it for itself, by Slack's name of why."""

    def redirect(self, delivery: Delivery, channel: ChannelId) -> None:
        """Let what waits go to another channel, where nothing of it was said in the one before."""

    def give_up(self, delivery: Delivery, *, reason: str, at: datetime) -> None: ...


class Memory(Protocol):
    """Everything that the database remembers, as one."""

    def save(self, to: Path) -> None:
        """Write it into a new file, as of one moment."""

    def loading(self, source: Path) -> AbstractContextManager[None]:
        """Take it over from such a file, for good once the block has ended well, else not at all.

        NotReadyError where something is remembered already.
        """


class Dates(Protocol):
    """When prepared episodes go out; in the database."""

    def note(self, date: Date, *, at: datetime) -> None:
        """Keep an episode's date in place of the one before."""

    def all(self) -> Sequence[Date]: ...

    def of(self, episode: EpisodeNumber) -> Date | None: ...


class Turn(Protocol):
    """Whose turn it is to act on an episode, or on what all episodes share: feed, pages, manifest."""

    def alone(self, episode: EpisodeNumber | None = None) -> AbstractContextManager[None]:
        """Keep all others out of an episode, or of what is shared: other threads and other machines too.

        Whoever holds an episode may take what is shared as well, never the other way round. What is shared
        is waited for, some minutes at most. ConflictError where somebody else is at it.
        """

    def still_alone(self) -> None:
        """Look whether everything that this thread keeps to itself is still its own.

        A database elsewhere lets go of whatever a lost connection held. ConflictError then: somebody else may
        be at it, so nothing more may be done.
        """

    def keeping_dates(self) -> AbstractContextManager[bool]:
        """Be the process of this machine that keeps the dates; gives False where another one is it."""
