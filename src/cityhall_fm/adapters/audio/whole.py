"""Finished files appear whole or not at all, and what a killed job left behind is swept away."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cityhall_fm.adapters.audio.failures import writing

_PARTIAL: Final = re.compile(r"\..+\.(\d+)\.part")


@contextmanager
def whole_or_nothing(*destinations: Path) -> Iterator[Sequence[Path]]:
    """Give paths to write to; they take their destinations' places only when everything went well."""
    for folder in {to.parent for to in destinations}:
        _sweep(folder)
    partials = [to.with_name(f".{to.name}.{os.getpid()}.part") for to in destinations]
    with writing(destinations[0]):
        try:
            yield partials
            for partial in partials:
                _settle(partial)
            for partial, to in zip(partials, destinations, strict=True):
                partial.replace(to)
        except BaseException:
            for partial in partials:
                partial.unlink(missing_ok=True)
            raise


def _settle(path: Path) -> None:
    """Have the disk keep the bytes before the name, so that a power cut leaves the old file or the new."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sweep(folder: Path) -> None:
    for path in folder.glob(".*.part"):
        match = _PARTIAL.fullmatch(path.name)
        if match and not _runs(int(match[1])):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Tell whether a process lives; where that cannot be asked harmlessly, suppose it."""
    if process == os.getpid() or os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
