"""Whoever acts on an episode does so alone: a lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityhall_fm.show.errors import ConflictError, DatabaseError

if TYPE_CHECKING:
    from cityhall_fm.adapters.database.connection import Store
    from cityhall_fm.show.episode import EpisodeNumber

_NUMBER: Final = 0x66A1
"""Any number will do for PostgreSQL, as long as every version takes the same one."""
_SHARED: Final = 0
"""No episode has this number: what all of them share is locked by it."""
_KEEPER: Final = -1
"""Nor this: who keeps the dates of a machine."""
_PATIENCE: Final = 180.0
"""Seconds: a feed that waits for its second holds what is shared for a minute."""
_PAUSE: Final = 0.1
# PostgreSQL, "pg_locks": both keys are shown as oids, which have no sign. Another connection of a pool that
# stands between (PgBouncer) does not hold the lock: its own process does.
_HELD: Final = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
  AND classid = CAST(:n AS bigint) AND objid = CAST(:what AS bigint) & 4294967295"""
_IsMine = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class SQLiteFile:
    """A database that is a file, as far as locks must know it: they stand beside it, and never open it."""

    path: Path

    @property
    def where(self) -> str:
        return str(self.path)


class StoredTurn:
    """Fulfils Turn: by PostgreSQL's advisory locks, or by locked files beside SQLite's.

    Threads that share it keep each other out as processes do.
    """

    def __init__(
        self,
        store: Store | SQLiteFile,
        *,
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._patience = patience
        self._clock, self._sleep = clock, sleep
        self._mine = threading.local()

    @contextmanager
    def alone(self, episode: EpisodeNumber | None = None) -> Iterator[None]:
        """Keep everybody else out who shares the database; within it, again at no cost."""
        held = self._held()
        what = _SHARED if episode is None else episode
        if what in held:
            yield
            return
        with self._locked(what) as is_mine:
            held[what] = is_mine
            try:
                yield
            finally:
                del held[what]

    def still_alone(self) -> None:
        """Ask for every lock of this thread on the lock's own connection; a locked file cannot get lost."""
        if not all(is_mine() for is_mine in self._held().values()):
            raise ConflictError("release.turn_lost", where=self._store.where)

    def _held(self) -> dict[int, _IsMine]:
        held: dict[int, _IsMine] = self._mine.__dict__.setdefault("held", {})
        return held

    @contextmanager
    def keeping_dates(self) -> Iterator[bool]:
        """Be this machine's keeper of dates; other machines that share a database have their own."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._locked(_KEEPER))
                mine = True
            except ConflictError:
                mine = False
            yield mine

    @contextmanager
    def _locked(self, what: int) -> Iterator[_IsMine]:
        store = self._store
        if isinstance(store, SQLiteFile) or store.is_file:
            if store.path is None:
                yield lambda: True
                return
            with self._file_locked(store.path, what):
                yield lambda: True
            return
        from sqlalchemy import text  # noqa: PLC0415 - costs start-up time, and a locked file needs none of it

        from cityhall_fm.adapters.database.errors import database_errors  # noqa: PLC0415 - as above

        number = _of_this_machine() if what == _KEEPER else what
        values = {"n": _NUMBER, "what": number}
        with store.session() as connection:

            def lock() -> bool:
                with database_errors(store.where):
                    return bool(
                        connection.execute(text("SELECT pg_try_advisory_lock(:n, :what)"), values).scalar()
                    )

            def is_mine() -> bool:
                with suppress(DatabaseError), database_errors(store.where):
                    return bool(connection.execute(text(_HELD), values).scalar())
                return False

            self._wait_for(lock, what)
            try:
                yield is_mine
            finally:
                # What was done is done: a lock whose connection is lost is let go of by the server.
                try:
                    with database_errors(store.where):
                        connection.execute(text("SELECT pg_advisory_unlock(:n, :what)"), values)
                except DatabaseError:
                    connection.invalidate()

    @contextmanager
    def _file_locked(self, path: Path, what: int) -> Iterator[None]:
        of = {_SHARED: "", _KEEPER: ".dates"}.get(what, f".{what}")
        lock_file = path.with_name(f"{path.name}{of}.lock")
        try:
            held = lock_file.open("ab")
        except OSError:  # a folder that may not be written: the database says so more clearly
            yield
            return
        with held:

            def lock() -> bool:
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return True

            self._wait_for(lock, what)
            yield

    def _wait_for(self, lock: Callable[[], bool], what: int) -> None:
        """Take a lock; what is shared is waited for, an episode that somebody is at is not."""
        until = self._clock() + (self._patience if what == _SHARED else 0.0)
        while not lock():
            if self._clock() >= until:
                if what == _SHARED:
                    raise ConflictError("release.busy", where=self._store.where)
                raise ConflictError("release.busy_episode", where=self._store.where, number=what)
            self._sleep(_PAUSE)


def _of_this_machine() -> int:
    """Give a machine a number by its name, below all episodes and within PostgreSQL's integers."""
    return _KEEPER - zlib.crc32(os.uname().nodename.encode()) % (1 << 30)
