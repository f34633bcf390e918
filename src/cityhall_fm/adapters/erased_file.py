"""Who was erased, as a file beside the database: it outlives it, and is held against a restored backup."""

from __future__ import annotations

from pathlib import Path

from cityhall_fm.show.erasure import Erased, read, written
from cityhall_fm.show.errors import InputError


class ErasedFile:
    """`feeds/erased.txt`: fingerprints and days, no names and no ids; for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Erased:
        """Read it; empty where there is none. InputError where it cannot be read."""
        try:
            return read(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Erased()
        except (OSError, ValueError) as error:
            raise InputError("privacy.erased_file", path=self.path) from error

    def add(self, erased: Erased) -> None:
        """Write down whom else not to bring back; InputError where the disk refuses."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self.path.with_name(f".{self.path.name}")
            unfinished.touch(0o600)
            unfinished.write_text(written(self.read().and_(erased)), "utf-8")
            unfinished.replace(self.path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError("files.unwritable", path=self.path, reason=reason) from error
