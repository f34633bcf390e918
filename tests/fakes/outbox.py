"""An outbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cityhall_fm.show.announcement import PostKey
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.outbox import Delivery, SaidBefore, Waiting
from cityhall_fm.show.slack_thread import ChannelId


class FakeOutbox:
    """Keeps deliveries in the order in which they were queued."""

    def __init__(self) -> None:
        self._rows: dict[PostKey, Waiting] = {}
        self._ended: dict[PostKey, SaidBefore] = {}

    def put(
        self, deliveries: Sequence[Delivery], *, at: datetime, not_before: datetime | None = None
    ) -> None:
        for delivery in deliveries:
            self._rows.setdefault(delivery.key, Waiting(delivery, 0, not_before or at, at))

    def take_back(self, key: PostKey, *, now: datetime) -> bool:
        row = self._rows.get(key)
        if row is None or key in self._ended or row.attempts or row.not_before <= now:
            return False
        del self._rows[key]
        return True

    def waiting(self, episode: EpisodeNumber | None = None) -> Sequence[Waiting]:
        return [
            row
            for key, row in self._rows.items()
            if key not in self._ended and episode in (None, row.delivery.episode)
        ]

    def deliveries(self, episode: EpisodeNumber) -> Sequence[Delivery]:
        return [row.delivery for row in self._rows.values() if row.delivery.episode == episode]

    def said_before(self, key: PostKey) -> SaidBefore | None:
        return self._ended.get(key)

    def done(self, delivery: Delivery, *, said: str | None, at: datetime) -> None:  # noqa: ARG002
        self._ended[delivery.key] = SaidBefore(said)
        if delivery.of in self._ended:
            self._ended[delivery.of] = SaidBefore(said)

    def put_off(
        self, delivery: Delivery, *, attempts: int, not_before: datetime, refused: str | None = None
    ) -> None:
        row = self._rows[delivery.key]
        self._rows[delivery.key] = replace(row, attempts=attempts, not_before=not_before, refused=refused)

    def redirect(self, delivery: Delivery, channel: ChannelId) -> None:
        row = self._rows[delivery.key]
        self._rows[delivery.key] = replace(row, delivery=replace(row.delivery, channel=channel), refused=None)

    def give_up(self, delivery: Delivery, *, reason: str, at: datetime) -> None:  # noqa: ARG002
        self._ended[delivery.key] = SaidBefore(None, reason)
