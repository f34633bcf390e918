"""The ledger: which steps were done, and which messages were meant and made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.show.announcement import Posted, PostKey
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.slack_thread import ChannelId, Ts


class StoredLedger:
    """Fulfils Ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, episode: EpisodeNumber, step: str, outcome: str, *, at: datetime) -> None:
        with self._store.writing() as connection:
            connection.execute(
                insert(tables.ledger).values(episode=episode, step=step, outcome=outcome, at=at)
            )

    def steps(self, episode: EpisodeNumber) -> Mapping[str, str]:
        # By line and not by time: a clock that was set back does not bring an old outcome back.
        lines = (
            select(tables.ledger.c.step, tables.ledger.c.outcome)
            .where(tables.ledger.c.episode == episode)
            .order_by(tables.ledger.c.number)
        )
        with self._store.reading() as connection:
            return {row.step: row.outcome for row in connection.execute(lines)}

    def outcomes(self, step: str) -> Mapping[EpisodeNumber, str]:
        lines = (
            select(tables.ledger.c.episode, tables.ledger.c.outcome)
            .where(tables.ledger.c.step == step)
            .order_by(tables.ledger.c.number)
        )
        with self._store.reading() as connection:
            return {EpisodeNumber(row.episode): row.outcome for row in connection.execute(lines)}

    def posted(self, key: PostKey) -> Posted | None:
        with self._store.reading() as connection:
            row = connection.execute(select(tables.posts).where(tables.posts.c.key == key)).first()
        if row is None or row.ts is None:
            return None
        return Posted(key, ChannelId(row.channel), Ts(row.ts))

    def all_posted(self, beginning: str) -> Sequence[Posted]:
        posts = tables.posts
        made = select(posts).where(
            posts.c.key.startswith(beginning, autoescape=True), posts.c.ts.is_not(None)
        )
        with self._store.reading() as connection:
            return [
                Posted(PostKey(row.key), ChannelId(row.channel), Ts(row.ts))
                for row in connection.execute(made.order_by(posts.c.key))
            ]

    def intend(self, key: PostKey, *, at: datetime) -> datetime:
        with self._store.writing() as connection:
            upsert(connection, tables.posts, [{"key": key, "intended_at": at}])
            first = select(tables.posts.c.intended_at).where(tables.posts.c.key == key)
            intended: datetime = connection.execute(first).scalar_one()
            return intended

    def claim(self, key: PostKey, *, at: datetime) -> bool:
        with self._store.writing() as connection:
            return bool(upsert(connection, tables.posts, [{"key": key, "intended_at": at}]))

    def unclaim(self, key: PostKey) -> None:
        posts = tables.posts.c
        with self._store.writing() as connection:
            connection.execute(delete(tables.posts).where(posts.key == key, posts.ts.is_(None)))

    def remember(self, posted: Posted, *, at: datetime) -> None:
        row = {
            "key": posted.key,
            "intended_at": at,
            "channel": posted.channel,
            "ts": posted.ts,
            "posted_at": at,
        }
        with self._store.writing() as connection:
            upsert(connection, tables.posts, [row], replacing=("channel", "ts", "posted_at"))
