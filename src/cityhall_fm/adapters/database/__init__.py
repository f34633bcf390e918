"""What the machine must remember: the inbox and the ledger, in a SQLite file or in PostgreSQL."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cityhall_fm.adapters.database.locks import SQLiteFile, StoredTurn

if TYPE_CHECKING:
    from collections.abc import Callable

    from cityhall_fm.adapters.database.app_memory import StoredAppMemory
    from cityhall_fm.adapters.database.browsing import StoredBrowsing
    from cityhall_fm.adapters.database.connection import Store
    from cityhall_fm.adapters.database.copying import StoredMemory
    from cityhall_fm.adapters.database.dates import StoredDates
    from cityhall_fm.adapters.database.feeds import StoredFeedArchive
    from cityhall_fm.adapters.database.inbox import StoredInbox
    from cityhall_fm.adapters.database.keeping import StoredKeeping
    from cityhall_fm.adapters.database.ledger import StoredLedger
    from cityhall_fm.adapters.database.outbox import StoredOutbox
    from cityhall_fm.adapters.database.studio import StoredStudioMemory
    from cityhall_fm.adapters.database.taps import StoredTaps
    from cityhall_fm.adapters.database.undoing import StoredUndoing

# ruff: noqa: PLC0415 - SQLAlchemy takes longer to load than a small publication takes


class Database:
    """Inbox, ledger, outbox and feeds over one store, opened when the first question is asked of it."""

    def __init__(self, home: Path | str, *, patience: float | None = None) -> None:
        self._home, self._patience = home, patience

    @cached_property
    def store(self) -> Store:
        from cityhall_fm.adapters.database.connection import PATIENCE, Store

        return Store(self._home, patience=PATIENCE if self._patience is None else self._patience)

    @cached_property
    def turn(self) -> StoredTurn:
        return StoredTurn(SQLiteFile(self._home) if isinstance(self._home, Path) else self.store)

    @cached_property
    def inbox(self) -> StoredInbox:
        from cityhall_fm.adapters.database.inbox import StoredInbox

        return StoredInbox(self.store)

    @cached_property
    def ledger(self) -> StoredLedger:
        from cityhall_fm.adapters.database.ledger import StoredLedger

        return StoredLedger(self.store)

    @cached_property
    def feeds(self) -> StoredFeedArchive:
        """Give the archive of feeds; whoever publishes holds it, and asks it only where the feed changes."""

        def load() -> StoredFeedArchive:
            from cityhall_fm.adapters.database.feeds import StoredFeedArchive

            return StoredFeedArchive(self.store)

        return cast("StoredFeedArchive", _Later(load))

    @cached_property
    def outbox(self) -> StoredOutbox:
        from cityhall_fm.adapters.database.outbox import StoredOutbox

        return StoredOutbox(self.store)

    @cached_property
    def dates(self) -> StoredDates:
        from cityhall_fm.adapters.database.dates import StoredDates

        return StoredDates(self.store)

    @cached_property
    def memory(self) -> StoredMemory:
        from cityhall_fm.adapters.database.copying import StoredMemory

        return StoredMemory(self.store)

    @cached_property
    def keeping(self) -> StoredKeeping:
        from cityhall_fm.adapters.database.keeping import StoredKeeping

        return StoredKeeping(self.store)

    @cached_property
    def app_memory(self) -> StoredAppMemory:
        from cityhall_fm.adapters.database.app_memory import StoredAppMemory

        return StoredAppMemory(self.store)

    @cached_property
    def studio(self) -> StoredStudioMemory:
        from cityhall_fm.adapters.database.studio import StoredStudioMemory

        return StoredStudioMemory(self.store)

    @cached_property
    def taps(self) -> StoredTaps:
        from cityhall_fm.adapters.database.taps import StoredTaps

        return StoredTaps(self.store)

    @cached_property
    def undoing(self) -> StoredUndoing:
        from cityhall_fm.adapters.database.undoing import StoredUndoing

        return StoredUndoing(self.store)

    @cached_property
    def browsing(self) -> StoredBrowsing:
        from cityhall_fm.adapters.database.browsing import StoredBrowsing

        return StoredBrowsing(self.store)

    def close(self) -> None:
        """Let go of the store, if anything was asked of it."""
        if "store" in self.__dict__:
            self.store.close()


class _Later:
    """Stands for a part until something is asked of it."""

    def __init__(self, load: Callable[[], object]) -> None:
        self._load = load

    @cached_property
    def _part(self) -> object:
        return self._load()

    def __getattr__(self, name: str) -> object:
        return getattr(self._part, name)


def open_database(home: Path | str, *, patience: float | None = None) -> Database:
    """Take a path for a SQLite file, or a URL of SQLAlchemy such as `postgresql+psycopg://…`.

    `patience` is how many seconds a writer waits for another one, 15 where nothing is said. The first use
    makes the tables, or brings those of an older version up to date. Every method raises DatabaseError
    where the database cannot be opened, read or written.
    """
    return Database(home, patience=patience)
