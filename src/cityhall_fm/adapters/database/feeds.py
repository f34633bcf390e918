"""The archive of feeds: which were meant to be public at a place, and which became it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.show.episode import Key
from cityhall_fm.show.kept_feed import Conditions, KeptFeed, LiveFeed, Rollback


class StoredFeedArchive:
    """Fulfils FeedArchive."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def conditions(self, endpoint: str) -> Conditions | None:
        found = select(tables.endpoints.c.conditions).where(tables.endpoints.c.endpoint == endpoint)
        with self._store.reading() as connection:
            told = connection.execute(found).scalar()
        return None if told is None else Conditions(told)

    def note_conditions(self, endpoint: str, conditions: Conditions) -> None:
        row = {"endpoint": endpoint, "conditions": conditions}
        with self._store.writing() as connection:
            upsert(connection, tables.endpoints, [row], replacing=("conditions",))

    def intend(self, where: str, feed: KeptFeed) -> KeptFeed:
        row = {
            "place": where,
            "sha256": feed.sha256,
            "key": feed.key,
            "kept_at": feed.at,
            "settled": False,
        }
        table = tables.feeds
        first = select(table).where(table.c.place == where, table.c.sha256 == feed.sha256)
        with self._store.writing() as connection:
            upsert(connection, table, [row], replacing=("settled",))
            found = connection.execute(first).one()
        return KeptFeed(Key(found.key), found.sha256, found.kept_at)

    def confirm(self, where: str, feed: LiveFeed, *, at: datetime, outline: str = "") -> None:
        new = {"sha256": feed.sha256, "etag": feed.etag, "at": at, "heard": False, "outline": outline}
        row = {"place": where, **new, "heard_media": frozenset()}
        settled = update(tables.feeds).where(tables.feeds.c.place == where).values(settled=True)
        with self._store.writing() as connection:
            connection.execute(settled)
            upsert(connection, tables.live_feeds, [row], replacing=tuple(new))

    def outline(self, where: str) -> str:
        found = select(tables.live_feeds.c.outline).where(tables.live_feeds.c.place == where)
        with self._store.reading() as connection:
            return connection.execute(found).scalar() or ""

    def live(self, where: str) -> LiveFeed | None:
        with self._store.reading() as connection:
            row = connection.execute(
                select(tables.live_feeds).where(tables.live_feeds.c.place == where)
            ).first()
        return None if row is None else LiveFeed(row.sha256, row.etag, row.heard, row.heard_media)

    def note_heard(self, where: str, sha256: str, media: Collection[str]) -> None:
        table = tables.live_feeds
        this = update(table).where(table.c.place == where, table.c.sha256 == sha256)
        with self._store.writing() as connection:
            connection.execute(this.values(heard=True, heard_media=frozenset(media)))

    def unsettled(self, where: str) -> frozenset[str]:
        table = tables.feeds
        meant = select(table.c.sha256).where(table.c.place == where, table.c.settled.is_(False))
        with self._store.reading() as connection:
            return frozenset(connection.execute(meant).scalars())

    def kept(self, where: str) -> Sequence[KeptFeed]:
        table = tables.feeds
        all_kept = select(table).where(table.c.place == where).order_by(table.c.kept_at)
        with self._store.reading() as connection:
            return [KeptFeed(Key(row.key), row.sha256, row.kept_at) for row in connection.execute(all_kept)]

    def forget(self, where: str, feed: KeptFeed) -> None:
        table = tables.feeds
        with self._store.writing() as connection:
            connection.execute(delete(table).where(table.c.place == where, table.c.sha256 == feed.sha256))

    def begin_sending(self, where: str, keys: Collection[Key]) -> int:
        row = {"place": where, "files": frozenset(keys)}
        noted = insert(tables.sendings).values(row).returning(tables.sendings.c.number)
        with self._store.writing() as connection:
            return int(connection.execute(noted).scalar_one())

    def begun(self, where: str) -> Mapping[int, Collection[Key]]:
        table = tables.sendings
        here = select(table).where(table.c.place == where)
        with self._store.reading() as connection:
            return {row.number: frozenset(map(Key, row.files)) for row in connection.execute(here)}

    def end_sending(self, where: str, numbers: Collection[int]) -> None:
        table = tables.sendings
        these = delete(table).where(table.c.place == where, table.c.number.in_(numbers))
        with self._store.writing() as connection:
            connection.execute(these)

    def begin_rollback(self, where: str, rollback: Rollback) -> None:
        row = {"place": where, "away": rollback.away, "back": rollback.back}
        with self._store.writing() as connection:
            upsert(connection, tables.rollbacks, [row], replacing=("away", "back"))

    def rollback(self, where: str) -> Rollback | None:
        begun = select(tables.rollbacks).where(tables.rollbacks.c.place == where)
        with self._store.reading() as connection:
            row = connection.execute(begun).first()
        return None if row is None else Rollback(row.away, row.back)

    def end_rollback(self, where: str) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(tables.rollbacks).where(tables.rollbacks.c.place == where))
