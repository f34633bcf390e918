"""What is asked for by itself: an address, a folder or this computer, without a show's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cityhall_fm.adapters.database import Database
    from cityhall_fm.adapters.erased_file import ErasedFile
    from cityhall_fm.adapters.last_publication import LastPublication
    from cityhall_fm.production.ports.doctor import Machine
    from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
    from cityhall_fm.production.ports.ledger import Memory
    from cityhall_fm.production.ports.moving import NewHome
    from cityhall_fm.production.ports.storage import Bucket, Vault


def bucket_at(target: str, *, bytes_per_second: float | None = None) -> Bucket:
    """Open where listeners fetch a show from: `s3://bucket/prefix`, or a folder."""
    if target.startswith("s3://"):
        from cityhall_fm.adapters.s3 import S3Bucket

        return S3Bucket(target, bytes_per_second=bytes_per_second)
    from cityhall_fm.adapters.folder import FolderBucket

    return FolderBucket(Path(target))


def last_publication(folder: Path) -> LastPublication:
    """Open what a show folder remembers of its last publication; with a database of its own only."""
    from cityhall_fm.adapters.last_publication import LastPublication

    return LastPublication(folder, folder / "feeds" / "memory.sqlite3")


def vault(target: str) -> Vault:
    """Open a private place in a bucket, `s3://bucket/prefix`."""
    from cityhall_fm.adapters.s3 import S3Bucket

    return S3Bucket(target)


def erased_file(folder: Path) -> ErasedFile:
    """Open the list of those who were erased, which a show has before it has settings."""
    from cityhall_fm.adapters.erased_file import ErasedFile

    return ErasedFile(folder / "feeds" / "erased.txt")


def new_home(folder: Path) -> NewHome:
    """Open the folder that a show begins in."""
    from cityhall_fm.adapters.new_home import ShowFolder

    return ShowFolder(folder)


def feed_inspector() -> FeedInspector:
    """Make what reads feeds strictly; any feed can be checked without a show."""
    from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector

    return LxmlFeedInspector()


def web_probe(*, seconds: float) -> WebProbe:
    """Make what asks servers as podcast apps do."""
    from cityhall_fm.adapters.web.probe import UrllibProbe

    return UrllibProbe(seconds=seconds)


def machine() -> Machine:
    """Look at this computer."""
    from cityhall_fm.adapters.machine import ThisMachine

    return ThisMachine()


@contextmanager
def memory_of(folder: Path, environment: Mapping[str, str]) -> Iterator[Memory]:
    """Open the memory of a show whose settings are not there yet."""
    from cityhall_fm.settings import database_of

    with saved_memory(database_of(folder, environment)) as database:
        yield database.memory


@contextmanager
def saved_memory(home: Path | str) -> Iterator[Database]:
    """Open a memory by itself: that of a backup, before a show has it."""
    from cityhall_fm.adapters.database import open_database

    database = open_database(home)
    try:
        yield database
    finally:
        database.close()
