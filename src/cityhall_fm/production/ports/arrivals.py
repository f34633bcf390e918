"""What production asks of the place where files arrive piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Arrivals(Protocol):
    """Files that are not whole yet, beside where they will lie; InputError where the disk refuses."""

    def size(self, part: Path) -> int:
        """Tell how many bytes have arrived; 0 for none."""

    def append(self, part: Path, content: bytes, *, at: int) -> int:
        """Add a piece that begins `at` so many bytes; tells the new size, ConflictError elsewhere."""

    def beginning(self, part: Path) -> bytes:
        """Read the first bytes."""

    def sha256(self, part: Path) -> str: ...

    def free_bytes(self, part: Path) -> int:
        """Tell how much room its disk has left."""

    def names(self, part: Path) -> frozenset[str]:
        """List what lies beside it."""

    def take(self, part: Path, name: str) -> Path:
        """Give a whole file its name, at once; tells where it is then."""

    def set_aside(self, path: Path) -> Path:
        """Give a file a name under which nothing finds it but people; tells where it is then."""

    def drop(self, part: Path) -> None: ...

    def drop_forgotten(self, part: Path) -> None:
        """Drop other files beside it that nobody has gone on with for a week."""
