"""What the machine must remember: the inbox and the ledger, in a SQLite file or in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cityhall_fm.adapters.database.app_memory import StoredAppMemory
from cityhall_fm.adapters.database.browsing import StoredBrowsing
from cityhall_fm.adapters.database.connection import PATIENCE, Store
from cityhall_fm.adapters.database.copying import StoredMemory
from cityhall_fm.adapters.database.dates import StoredDates
from cityhall_fm.adapters.database.feeds import StoredFeedArchive
from cityhall_fm.adapters.database.inbox import StoredInbox
from cityhall_fm.adapters.database.keeping import StoredKeeping
from cityhall_fm.adapters.database.ledger import StoredLedger
from cityhall_fm.adapters.database.locks import StoredTurn
from cityhall_fm.adapters.database.outbox import StoredOutbox
from cityhall_fm.adapters.database.studio import StoredStudioMemory
from cityhall_fm.adapters.database.taps import StoredTaps
from cityhall_fm.adapters.database.undoing import StoredUndoing


@dataclass(frozen=True, slots=True)
class Database:
    """Inbox, ledger, outbox and feeds over one store, opened when the first question is asked of it."""

    inbox: StoredInbox
    ledger: StoredLedger
    feeds: StoredFeedArchive
    outbox: StoredOutbox
    dates: StoredDates
    turn: StoredTurn
    memory: StoredMemory
    keeping: StoredKeeping
    app_memory: StoredAppMemory
    studio: StoredStudioMemory
    taps: StoredTaps
    undoing: StoredUndoing
    browsing: StoredBrowsing
    store: Store

    def close(self) -> None:
        self.store.close()


def open_database(home: Path | str, *, patience: float = PATIENCE) -> Database:
    """Take a path for a SQLite file, or a URL of SQLAlchemy such as `postgresql+psycopg://…`.

    `patience` is how many seconds a writer waits for another one. The first use makes the tables, or
    brings those of an older version up to date. Every method raises DatabaseError where the database
    cannot be opened, read or written.
    """
    store = Store(home, patience=patience)
    return Database(
        StoredInbox(store),
        StoredLedger(store),
        StoredFeedArchive(store),
        StoredOutbox(store),
        StoredDates(store),
        StoredTurn(store),
        StoredMemory(store),
        StoredKeeping(store),
        StoredAppMemory(store),
        StoredStudioMemory(store),
        StoredTaps(store),
        StoredUndoing(store),
        StoredBrowsing(store),
        store,
    )
