"""A folder as the place that the show is published to: a web server's, or the demo's."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.manifest import MANIFEST_KEY, read_manifest, written_manifest
from cityhall_fm.show.publication import Manifest, PublicFile

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BLOCK: Final = 1024 * 1024
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class FolderBucket:
    """Fulfils Bucket. A file is whole under its name, or the old one is."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def where(self) -> str:
        return str(self._root)

    def manifest(self) -> Manifest:
        """Read what the last publication left, without the files that somebody has removed or cut since."""
        with _folder_errors(self._root, MANIFEST_KEY):
            try:
                written = (self._root / MANIFEST_KEY).read_bytes()
            except FileNotFoundError:
                return {}
        stored = read_manifest(written, where=self.where)
        return {key: of for key, of in stored.items() if _length(self._root / key) == of.length_bytes}

    def put(self, file: PublicFile, source: Path) -> None:
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

    def put_manifest(self, manifest: Manifest) -> None:
        place = self._place(MANIFEST_KEY)
        with _folder_errors(self._root, MANIFEST_KEY), _taking_the_place_of(place) as new:
            new.write_bytes(written_manifest(manifest))

    def _place(self, key: Key) -> Path:
        place = self._root / key
        if not place.resolve().is_relative_to(self._root.resolve()):
            raise ValueError(key)
        return place


@contextmanager
def _taking_the_place_of(place: Path) -> Iterator[Path]:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".new-{os.getpid()}-{threading.get_ident()}")
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


def _length(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1
