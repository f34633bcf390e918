"""A file on its way: what arrived of it, and what tells whether the rest is still of the same file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cityhall_fm.show.errors import InputError


class Part:
    """A file on its way: `.part` with what arrived, and beside it what it is a part of."""

    def __init__(self, to: Path) -> None:
        self._to = to
        self._path = to.with_name(f"{to.name}.part")
        self._note = to.with_name(f"{to.name}.part.json")
        with _disk_errors(to):
            to.parent.mkdir(parents=True, exist_ok=True)
        self.length = self._path.stat().st_size if self._path.is_file() else 0

    def conditions(self, url: str) -> dict[str, str]:
        """Ask for the rest, if it is the rest of the same; otherwise for all of it."""
        origin = self._origin()
        if not (self.length and origin and origin.url == url and origin.validator):
            return {}
        return {"Range": f"bytes={self.length}-", "If-Range": origin.validator}

    def begin(self, url: str, validator: str) -> None:
        self.discard()
        with _disk_errors(self._path):
            self._note.write_text(json.dumps(asdict(_Origin(url, validator))), "utf-8")
            self._path.touch()

    def add(self, block: bytes) -> None:
        with _disk_errors(self._path), self._path.open("ab") as file:
            file.write(block)
        self.length += len(block)

    def discard(self) -> None:
        with _disk_errors(self._path):
            self._path.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)
        self.length = 0

    def finish(self) -> None:
        with _disk_errors(self._to):
            self._path.replace(self._to)
            self._note.unlink(missing_ok=True)

    def _origin(self) -> _Origin | None:
        try:
            return _Origin(**json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the beginning of an unfinished file came from; kept beside it."""

    url: str
    validator: str


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError("files.unwritable", path=path, reason=error.strerror or str(error)) from error
