"""A folder as the place that the show is published to: a web server's, or the demo's."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from cityhall_fm.production.ports.storage import Listed, StoredFeed
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.manifest import MANIFEST_KEY, OURS, read_manifest, written_manifest
from cityhall_fm.show.publication import FEED_KEY, Manifest, PublicFile

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BLOCK: Final = 1024 * 1024
_UNFINISHED: Final = ".new-"
_LOCK: Final = Key(f"{OURS}lock")
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def _untold(length: int) -> None:
    pass


class FolderBucket:
    """Fulfils Bucket. A file is whole under its name, or the old one is."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def where(self) -> str:
        return str(self._root)

    @property
    def endpoint(self) -> str:
        return "folder"

    def clock(self) -> datetime | None:
        return None  # it is this machine's own

    def probe(self) -> Conditions:
        return Conditions.UNQUOTED  # by the lock below

    def manifest(self) -> Manifest:
        """Read what the last publication left, without the files that somebody has removed or cut since."""
        written = self._read(MANIFEST_KEY)
        if written is None:
            return Manifest({})
        stored = read_manifest(written, where=self.where, etag=_etag(written))
        there = {key: of for key, of in stored.files.items() if _length(self._root / key) == of.length_bytes}
        return replace(stored, files=there)

    def listing(self) -> Mapping[Key, Listed]:
        with _folder_errors(self._root, Key("")):
            return {
                Key(path.relative_to(self._root).as_posix()): Listed(path.stat().st_size, _etag_of(path))
                for path in sorted(self._root.rglob("*"))
                if path.is_file()
            }

    def read(self, key: Key) -> bytes:
        content = self._read(key)
        if content is None:
            raise BucketError("publish.file_gone", where=self.where, key=key)
        return content

    def feed(self) -> StoredFeed | None:
        content = self._read(FEED_KEY)
        return None if content is None else StoredFeed(content, _etag(content))

    def put(self, file: PublicFile, source: Path, told: Callable[[int], None] = _untold) -> str:
        with (
            _opened(source, self.where, file.key) as content,
            _folder_errors(self._root, file.key),
            _taking_the_place_of(self._place(file.key)) as new,
        ):
            with new.open("w+b") as copy:
                shutil.copyfileobj(content, copy, _BLOCK)
                copy.seek(0)
                copied = hashlib.file_digest(copy, "sha256").hexdigest()
            if copied != file.fingerprint.sha256:
                raise BucketError("publish.changed_meanwhile", retryable=True, key=file.key)
        told(file.fingerprint.length_bytes)
        return copied

    def put_feed(
        self, file: PublicFile, content: bytes, *, replacing: str | None, conditions: Conditions
    ) -> str:
        self._put_if(file.key, content, replacing, conditions)
        return _etag(content)

    def put_manifest(self, manifest: Manifest, *, conditions: Conditions) -> None:
        self._put_if(MANIFEST_KEY, written_manifest(manifest), manifest.etag, conditions)

    def _put_if(self, key: Key, content: bytes, replacing: str | None, conditions: Conditions) -> None:
        with _folder_errors(self._root, key), _alone(self._place(_LOCK)):
            there = self._read(key)
            is_the_one = (_etag(there) if there is not None else None) == (replacing or None)
            if conditions is not Conditions.IGNORED and not is_the_one:
                raise ConflictError("publish.conflict", where=self.where)
            with _taking_the_place_of(self._place(key)) as new:
                new.write_bytes(content)

    def _read(self, key: Key) -> bytes | None:
        with _folder_errors(self._root, key):
            try:
                return self._place(key).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, key: Key) -> None:
        place = self._place(key)
        with _folder_errors(self._root, key):
            place.unlink(missing_ok=True)
            with suppress(OSError):  # its folder may hold more
                place.parent.rmdir()

    def abort_unfinished(self, *, before: datetime) -> int:
        """Remove copies that a killed process left half made."""
        with _folder_errors(self._root, Key("")):
            left = [path for path in self._root.rglob(f"{_UNFINISHED}*") if _is_older(path, before)]
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)

    def _place(self, key: Key) -> Path:
        place = self._root / key
        if not place.resolve().is_relative_to(self._root.resolve()):
            raise ValueError(key)
        return place


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def _taking_the_place_of(place: Path) -> Iterator[Path]:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{_UNFINISHED}{os.getpid()}-{threading.get_ident()}")
    try:
        yield new
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def _opened(source: Path, where: str, key: Key) -> Iterator[IO[bytes]]:
    try:
        content = source.open("rb")
    except OSError as error:
        raise BucketError(
            "publish.local_unreadable", where=where, key=key, reason=error.strerror or type(error).__name__
        ) from error
    with content:
        yield content


@contextmanager
def _folder_errors(root: Path, key: Key) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        name = (
            "folder_full"
            if error.errno in _FULL
            else "folder_forbidden"
            if error.errno in _FORBIDDEN
            else "folder_failed"
        )
        raise BucketError(
            f"publish.{name}", where=str(root), key=key, reason=error.strerror or type(error).__name__
        ) from error


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _etag_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _is_older(path: Path, than: datetime) -> bool:
    with suppress(OSError):
        return path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < than
    return False


def _length(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1
