"""Whoever changes an episode's file does so alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cityhall_fm.show.errors import InputError


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other threads and processes of ours out until the block ends, however it ends.

    The folder itself is locked: a file beside the episode's would have to be explained. An editor knows
    nothing of it.
    """
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError("files.unreadable", path=folder, reason=error.strerror or "") from error
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
