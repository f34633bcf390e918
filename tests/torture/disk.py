"""A disk of its own for a show, which can be full: a file system in memory, where one may be mounted."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAGE_BYTES = 4096
"""What such a file system gives out at once."""


class Disk:
    """A small disk, of which a useless file takes as much as is wanted."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def leave(self, length_bytes: int) -> None:
        """Fill it until so much is left, in whole pages."""
        self.empty()
        used = shutil.disk_usage(self.place).free - length_bytes
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(used // _PAGE_BYTES, 1) * _PAGE_BYTES)

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(place: Path, *, megabytes: int = 64) -> Iterator[Disk | None]:
    """Mount a disk for as long as the block lasts; None where nobody may, or no such disk is known."""
    place.mkdir(parents=True, exist_ok=True)
    if os.geteuid() or not _done("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)):
        yield None
        return
    try:
        yield Disk(place)
    finally:
        _done("umount", "--lazy", str(place))


def disks_can_be_mounted() -> bool:
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disk", megabytes=1) as disk:
        return disk is not None


def _done(*command: str) -> bool:
    if not shutil.which(command[0]):
        return False
    return not subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 - of this file
