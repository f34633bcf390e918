"""What databases say when they refuse, translated in one place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError

from cityhall_fm.show.errors import DatabaseError

_OF_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "full",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_READONLY: "read_only",
}
_OF_POSTGRESQL: Final = {
    # PostgreSQL, appendix A: the first two characters are the class
    "08": "unreachable",
    "25006": "read_only",
    "28": "unreachable",
    "3D": "unreachable",
    "40": "locked",
    "42501": "read_only",
    "53": "full",
    "53300": "locked",
    "55P03": "locked",
    "57P": "unreachable",
    "XX001": "corrupt",
    "XX002": "corrupt",
}
_PASSING: Final = frozenset({"locked", "unreachable"})


@contextmanager
def database_errors(where: str) -> Iterator[None]:
    """Turn what SQLAlchemy and its drivers raise into DatabaseError.

    The cause is left out: a driver's message may quote the row that it refused, and with it a name.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise DatabaseError("database.driver", driver=error.name or "") from None
    except (ArgumentError, NoSuchModuleError):
        raise DatabaseError("database.bad_url") from None
    except SQLAlchemyError as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError) and error.orig:
            raise error.orig from None  # not the database's but ours: a time without a zone, for one
        name = _name(error)
        kind = type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
        raise DatabaseError(f"database.{name}", retryable=name in _PASSING, where=where, kind=kind) from None


def _name(error: SQLAlchemyError) -> str:
    if not isinstance(error, DBAPIError):
        return "failed"
    if isinstance(error.orig, sqlite3.Error):
        return _OF_SQLITE.get(getattr(error.orig, "sqlite_errorcode", -1) & 0xFF, "failed")
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the server never answered, or not to us
        return "unreachable" if type(error.orig).__name__ == "OperationalError" else "failed"
    return next((name for length in (5, 3, 2) if (name := _OF_POSTGRESQL.get(state[:length]))), "failed")
