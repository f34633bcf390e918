"""What cannot be made again, in one file: what people wrote, and what the machine remembers."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cityhall_fm.production.ports.ledger import Memory
from cityhall_fm.show.errors import ConflictError, InputError, NotReadyError

_ERASED: Final = "erased.txt"
_MEMORY: Final = "memory.sqlite3"
_WRITTEN: Final = ("feeds", "episodes", "templates")
_BUILT: Final = frozenset({"public", "site", "voices"})
"""Voices stay out as recordings do: whoever withdraws later must not come back from a backup."""
_NOTES: Final = (".public", ".published")
"""What builds and publications note about this machine; elsewhere it would not be true."""
_SETTINGS: Final = "show.toml"
_NOTE: Final = ".restoring"
"""What a restore is about to bring; there for as long as it takes."""
_FILES: Final = "files"
_HIDDEN: Final = ".restore-"
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


def restore(
    folder: Path,
    *,
    memory: Callable[[Path], AbstractContextManager[Memory]],
    source: Path,
    before: Callable[[Path, Path], None] = lambda _aside, _saved: None,
) -> BackedUp:
    """Bring a show back onto a machine that has none, whole or not at all.

    All is unpacked aside; `memory` opens the database of a show in such a folder, and what is to be done
    `before` anything is in place is done there: with the show, and with the file that the memory was saved
    in. A note in the folder tells what is on its way: killed in between, restoring once more clears that
    away and begins again. The settings come last, when the memory is kept for good: until then no command
    works. Raises NotReadyError where there is a show or a memory already, ConflictError where somebody else
    restores into the folder at this moment, InputError where the file is no backup.
    """
    note = folder / _NOTE
    if (folder / "feeds" / _SETTINGS).exists():
        note.unlink(missing_ok=True)  # killed when all was done but this
    if not note.exists() and any(map(_holds_something, (folder / part for part in _WRITTEN))):
        raise NotReadyError("backup.folder_not_empty", folder=folder)
    try:
        with zipfile.ZipFile(source) as archive:
            names = [name for name in archive.namelist() if name != _MEMORY]
            if _MEMORY not in archive.namelist() or not all(map(_is_ours, names)) or archive.testzip():
                raise InputError("backup.not_a_backup", path=source)
            with _aside(folder) as aside:
                archive.extractall(aside, names)
                with tempfile.TemporaryDirectory(dir=folder, prefix=_HIDDEN) as place:
                    saved = Path(archive.extract(_MEMORY, place))
                    with saved.open("rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()
                    before(aside, saved)
                    _bring_in(aside, folder, memory, saved, digest)
    except (zipfile.BadZipFile, EOFError) as error:
        raise InputError("backup.not_a_backup", path=source) from error
    except OSError as error:
        raise InputError("files.unwritable", path=folder, reason=error.strerror or str(error)) from error
    return BackedUp(len(names), source.stat().st_size)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Make a hidden folder where the show will be; of one that was not there before nothing stays either."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        for left in folder.glob(f"{_HIDDEN}*"):  # of a restore that was killed: names and words are in it
            shutil.rmtree(left, ignore_errors=True)
        aside = Path(tempfile.mkdtemp(dir=folder, prefix=_HIDDEN))
        try:
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            with suppress(OSError):  # where the show is in it by now
                for each in missing:
                    each.rmdir()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock the folder itself: there is no show yet whose database could be. It ends with its process."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError("backup.restoring", folder=folder) from error
        yield
    finally:
        os.close(opened)


def _bring_in(
    aside: Path,
    folder: Path,
    memory: Callable[[Path], AbstractContextManager[Memory]],
    saved: Path,
    digest: str,
) -> None:
    """Load the memory and move everything in, so that both are there or neither is."""
    note = folder / _NOTE
    before = _noted(note)
    with ExitStack() as loaded:
        remembering = loaded.enter_context(memory(aside))
        try:
            loaded.enter_context(remembering.loading(saved))
        except NotReadyError:
            if before is None or before[_MEMORY] != [digest]:
                raise
            # It was killed when the memory was there for good, and the settings were not.
        if (aside / "feeds" / _MEMORY).exists():
            loaded.close()  # a file that is moved in with the rest
        files = sorted(path.relative_to(aside) for path in aside.rglob("*") if path.is_file())
        settings = [path for path in files if path.name == _SETTINGS]
        _clear(folder, (before or {}).get(_FILES, []))
        if any(map(_holds_something, (folder / part for part in _WRITTEN))):
            raise NotReadyError("backup.folder_not_empty", folder=folder)
        _write_note(note, {_MEMORY: [digest], _FILES: [path.as_posix() for path in files]})
        try:
            _move(aside, folder, [path for path in files if path not in settings])
        except OSError:
            _clear(folder, [path.as_posix() for path in files])
            if before is None:
                note.unlink(missing_ok=True)
            raise
        loaded.close()
    _move(aside, folder, settings)
    note.unlink(missing_ok=True)


def _move(aside: Path, folder: Path, files: Sequence[Path]) -> None:
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (aside / path).replace(folder / path)


def _clear(folder: Path, names: Sequence[str]) -> None:
    """Remove what a restore brought; the list of those who were erased stays, it holds more than before."""
    for name in names:
        if _is_ours(name) and PurePosixPath(name).name != _ERASED:
            (folder / name).unlink(missing_ok=True)
    for part in _WRITTEN:
        _remove_empty(folder / part)


def _write_note(note: Path, noted: Mapping[str, Sequence[str]]) -> None:
    unfinished = note.with_name(f"{_NOTE}.unfinished")
    unfinished.write_text(json.dumps(noted), "utf-8")
    unfinished.replace(note)


def _noted(note: Path) -> Mapping[str, Sequence[str]] | None:
    """Read what a restore that broke off was about to bring; None where there was none."""
    try:
        noted: Mapping[str, Sequence[str]] = json.loads(note.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return noted


def _remove_empty(part: Path) -> None:
    for place, _, _ in os.walk(part, topdown=False):
        with suppress(OSError):
            Path(place).rmdir()


def _holds_something(part: Path) -> bool:
    """Tell whether a part of a show is there; the list of those who were erased may lie there before it."""
    return part.exists() and (not part.is_dir() or any(path.name != _ERASED for path in part.iterdir()))


def _written(folder: Path) -> Iterator[Path]:
    for part in _WRITTEN:
        for place, folders, names in os.walk(folder / part):
            if Path(place) == folder / "feeds":
                folders[:] = [name for name in folders if name not in _BUILT]
                names[:] = [name for name in names if not name.startswith(_NOTES)]
            yield from (Path(place) / name for name in names if _is_written(name))


def _is_written(name: str) -> bool:
    path = PurePosixPath(name)
    return not (_MEMORY in name or (path.stem.startswith(_RECORDINGS) and path.suffix.lower() in _AUDIO))


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] in _WRITTEN
