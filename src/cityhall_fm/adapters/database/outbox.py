"""The outbox: what waits to be said in Slack, in the order in which it was meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store
from cityhall_fm.show.announcement import PostKey
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.outbox import Delivery, Kind, SaidBefore, Waiting
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import ChannelId, Ts


class StoredOutbox:
    """Fulfils Outbox."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(
        self, deliveries: Sequence[Delivery], *, at: datetime, not_before: datetime | None = None
    ) -> None:
        rows = [{**_row(delivery, at), "not_before": not_before or at} for delivery in deliveries]
        with self._store.writing() as connection:
            # One by one: several machines may mean the same, and the numbers are the order.
            for row in rows:
                known = select(tables.outbox.c.number).where(tables.outbox.c.key == row["key"])
                if connection.execute(known).first() is None:
                    connection.execute(tables.outbox.insert().values(row))

    def take_back(self, key: PostKey, *, now: datetime) -> bool:
        table = tables.outbox
        untouched = (table.c.done_at.is_(None), table.c.attempts == 0, table.c.not_before > now)
        with self._store.writing() as connection:
            return bool(connection.execute(delete(table).where(table.c.key == key, *untouched)).rowcount)

    def waiting(self, episode: EpisodeNumber | None = None) -> Sequence[Waiting]:
        table = tables.outbox
        rows = select(table).where(table.c.done_at.is_(None)).order_by(table.c.number)
        if episode is not None:
            rows = rows.where(table.c.episode == episode)
        with self._store.reading() as connection:
            return [
                Waiting(_delivery(row), row.attempts, row.not_before, row.queued_at, row.given_up)
                for row in connection.execute(rows)
            ]

    def deliveries(self, episode: EpisodeNumber) -> Sequence[Delivery]:
        table = tables.outbox
        rows = select(table).where(table.c.episode == episode).order_by(table.c.number)
        with self._store.reading() as connection:
            return [_delivery(row) for row in connection.execute(rows)]

    def said_before(self, key: PostKey) -> SaidBefore | None:
        row_of = select(tables.outbox).where(tables.outbox.c.key == key)
        with self._store.reading() as connection:
            row = connection.execute(row_of).first()
        return None if row is None or row.done_at is None else SaidBefore(row.said, row.given_up)

    def done(self, delivery: Delivery, *, said: str | None, at: datetime) -> None:
        # A host's own words are not kept; the reason is, since the asker's Home gives it.
        kept = (delivery.about or "").partition("\n")[0] or None
        self._change(delivery.key, done_at=at, said=said, about=kept, given_up=None)
        if delivery.of != delivery.key:
            self._change(delivery.of, said=said)

    def put_off(
        self, delivery: Delivery, *, attempts: int, not_before: datetime, refused: str | None = None
    ) -> None:
        # Of what waits still, the reason why it is given up is the one why Slack refuses it.
        self._change(delivery.key, attempts=attempts, not_before=not_before, given_up=refused)

    def redirect(self, delivery: Delivery, channel: ChannelId) -> None:
        self._change(delivery.key, channel=channel, given_up=None)

    def give_up(self, delivery: Delivery, *, reason: str, at: datetime) -> None:
        self._change(delivery.key, done_at=at, given_up=reason, about=None)

    def _change(self, key: PostKey, **values: object) -> None:
        with self._store.writing() as connection:
            connection.execute(update(tables.outbox).where(tables.outbox.c.key == key).values(values))


def _row(delivery: Delivery, at: datetime) -> dict[str, object]:
    return {
        "key": delivery.key,
        "kind": delivery.kind,
        "episode": delivery.episode,
        "question": delivery.question,
        "channel": delivery.channel,
        "thread_ts": delivery.thread_ts,
        "emoji": delivery.emoji,
        "about": delivery.about,
        "queued_at": at,
        "attempts": 0,
        "not_before": at,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        PostKey(row.key),
        Kind(row.kind),
        EpisodeNumber(row.episode),
        ChannelId(row.channel),
        QuestionId(row.question) if row.question is not None else None,
        Ts(row.thread_ts) if row.thread_ts is not None else None,
        row.emoji,
        row.about,
    )
