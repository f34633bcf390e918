"""Uploads on disk: hidden files that grow beside the recordings, and become one when they are whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from cityhall_fm.show.errors import ConflictError, InputError

_ASIDE: Final = "unused-"
_BEGINNING: Final = 64
_WEEK: Final = 7 * 24 * 3600


class ArrivalFolder:
    """Fulfils Arrivals."""

    def __init__(self) -> None:
        self._lock = Lock()

    def size(self, part: Path) -> int:
        with _disk(part):
            return part.stat().st_size if part.exists() else 0

    def append(self, part: Path, content: bytes, *, at: int) -> int:
        with self._lock, _disk(part), part.open("ab") as file:
            if file.tell() != at:
                raise ConflictError("studio_sound.wrong_place", at=at, size=file.tell())
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(at)  # a disk that is full has taken a piece of it
                raise
            return at + len(content)

    def beginning(self, part: Path) -> bytes:
        with _disk(part), part.open("rb") as file:
            return file.read(_BEGINNING)

    def sha256(self, part: Path) -> str:
        with _disk(part), part.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def free_bytes(self, part: Path) -> int:
        with _disk(part):
            return shutil.disk_usage(part.parent).free

    def names(self, part: Path) -> frozenset[str]:
        with _disk(part):
            return frozenset(path.name for path in part.parent.iterdir())

    def take(self, part: Path, name: str) -> Path:
        with _disk(part):
            return part.replace(part.with_name(name))

    def set_aside(self, path: Path) -> Path:
        beside = self.names(path)
        names = (f"{_ASIDE}{count}-{path.name}" for count in range(1, len(beside) + 2))
        return self.take(path, next(name for name in names if name not in beside))

    def drop(self, part: Path) -> None:
        with _disk(part):
            part.unlink(missing_ok=True)

    def drop_forgotten(self, part: Path) -> None:
        with _disk(part):
            for path in part.parent.glob(".arriving-*"):
                if path != part and path.stat().st_mtime < time.time() - _WEEK:
                    path.unlink(missing_ok=True)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError("files.unwritable", path=path.parent, reason=error.strerror or "") from error
