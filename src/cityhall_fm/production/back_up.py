"""What cannot be made again, in one file: what people wrote, and what the machine remembers."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cityhall_fm.production.ports.ledger import Memory
from cityhall_fm.show.errors import InputError, NotReadyError

_ERASED: Final = "erased.txt"
_MEMORY: Final = "memory.sqlite3"
_WRITTEN: Final = ("feeds", "episodes", "templates")
_BUILT: Final = frozenset({"public", "site", "voices"})
"""Voices stay out as recordings do: whoever withdraws later must not come back from a backup."""
_OF_BUILT: Final = ".public"
"""What a build notes about itself."""
_AUDIO: Final = frozenset({".wav", ".flac", ".aiff", ".mp3", ".m4a", ".ogg", ".opus", ".caf", ".mp4", ".mov"})
_RECORDINGS: Final = ("recording", "track-", "imported")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """How many files were saved or brought back, and how long the backup is."""

    files: int
    length_bytes: int


def back_up(folder: Path, *, memory: Memory, to: Path) -> BackedUp:
    """Save a show: settings, episodes without their audio, templates, and the database.

    The file holds consents and names: it is readable by its owner alone, and is whole or not there.
    Raises InputError where it cannot be written.
    """
    files = sorted(_written(folder))
    try:
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".backup-") as aside:
            memory.save(Path(aside) / _MEMORY)
            unfinished = Path(aside) / "unfinished"
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(Path(aside) / _MEMORY, _MEMORY)
                for path in files:
                    archive.write(path, path.relative_to(folder).as_posix())
            unfinished.chmod(0o600)
            unfinished.replace(to)
    except OSError as error:
        raise InputError("files.unwritable", path=to, reason=error.strerror or str(error)) from error
    return BackedUp(len(files), to.stat().st_size)


def restore(folder: Path, *, memory: Memory, source: Path) -> BackedUp:
    """Bring a show back onto a machine that has none.

    Raises NotReadyError where there is one already, InputError where the file is no backup.
    """
    if any(map(_holds_something, (folder / part for part in _WRITTEN))):
        raise NotReadyError("backup.folder_not_empty", folder=folder)
    try:
        with zipfile.ZipFile(source) as archive:
            names = [name for name in archive.namelist() if name != _MEMORY]
            if _MEMORY not in archive.namelist() or not all(map(_is_ours, names)) or archive.testzip():
                raise InputError("backup.not_a_backup", path=source)
            folder.mkdir(parents=True, exist_ok=True)
            archive.extractall(folder, names)
            with tempfile.TemporaryDirectory() as aside:
                memory.load(Path(archive.extract(_MEMORY, aside)))
    except (zipfile.BadZipFile, EOFError) as error:
        raise InputError("backup.not_a_backup", path=source) from error
    except OSError as error:
        raise InputError("files.unwritable", path=folder, reason=error.strerror or str(error)) from error
    return BackedUp(len(names), source.stat().st_size)


def _holds_something(part: Path) -> bool:
    """Tell whether a part of a show is there; the list of those who were erased may lie there before it."""
    return part.exists() and (not part.is_dir() or any(path.name != _ERASED for path in part.iterdir()))


def _written(folder: Path) -> Iterator[Path]:
    for part in _WRITTEN:
        for place, folders, names in os.walk(folder / part):
            if Path(place) == folder / "feeds":
                folders[:] = [name for name in folders if name not in _BUILT]
                names[:] = [name for name in names if not name.startswith(_OF_BUILT)]
            yield from (Path(place) / name for name in names if _is_written(name))


def _is_written(name: str) -> bool:
    path = PurePosixPath(name)
    return not (_MEMORY in name or (path.stem.startswith(_RECORDINGS) and path.suffix.lower() in _AUDIO))


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] in _WRITTEN
