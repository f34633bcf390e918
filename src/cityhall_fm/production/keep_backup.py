"""A backup -> a private place, in a bucket or a folder, which is made sure of first; and back from there."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.storage import Vault
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import InputError, NotReadyError
from cityhall_fm.show.publication import Fingerprint, PublicFile, Stage

_NAME: Final = "cityhall-fm-"
_ENDING: Final = ".zip"
_PROBE: Final = Key(f"{_NAME}probe")


def keep_backup(file: Path, *, vault: Vault, published_to: str, now: datetime) -> tuple[Key, bool]:
    """Put a backup where only the show's makers read; tells its name, and whether that was made sure of.

    It holds names and consents: NotReadyError where the place is the one that listeners fetch from, or
    where a stranger could read a first, empty file there. Raises BucketError.
    """
    if _is_within(vault.where, published_to):
        raise NotReadyError("backup.public_place", where=vault.where)
    closed = _closed_to_strangers(vault)
    key = Key(_named(now))
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    vault.put(_private(key, sha256, file.stat().st_size), file)
    return key, closed


def file_for_backup(to: Path, *, public: Iterable[Path], now: datetime) -> Path:
    """Tell which file a backup becomes: the one that is named, or a dated one in a folder.

    Raises NotReadyError where it would lie in one of the `public` folders, which listeners read.
    """
    file = to / _named(now) if to.is_dir() else to
    for folder in public:
        if file.resolve().is_relative_to(folder.resolve()):
            raise NotReadyError("backup.public_place", where=to)
    return file


def newest_backup(source: Path) -> Path:
    """Find the newest backup in a folder; a file is the backup itself. NotReadyError where there is none."""
    if not source.is_dir():
        return source
    found = max(source.glob(f"{_NAME}*{_ENDING}"), key=lambda path: path.name, default=None)
    if found is None:
        raise NotReadyError("backup.none_there", where=source)
    return found


def fetch_backup(to: Path, *, vault: Vault, name: str = "") -> Key:
    """Bring a backup from such a place, the newest unless it is named.

    Raises NotReadyError where there is none, BucketError, and InputError where it cannot be written.
    """
    names = [key for key in vault.listing() if key.startswith(_NAME) and key.endswith(_ENDING)]
    found = [key for key in names if name in ("", key)]
    if not found:
        raise NotReadyError("backup.none_there", where=vault.where)
    key = max(found)
    content = vault.read(key)
    try:
        to.write_bytes(content)
    except OSError as error:
        raise InputError("files.unwritable", path=to, reason=error.strerror or str(error)) from error
    return key


def _closed_to_strangers(vault: Vault) -> bool:
    """Make sure with a file that says nothing, before one that does is sent; False where nobody can tell."""
    with tempfile.TemporaryDirectory() as aside:
        empty = Path(aside) / "probe"
        empty.write_bytes(b"")
        vault.put(_private(_PROBE, hashlib.sha256(b"").hexdigest(), 0), empty)
    try:
        public = vault.is_public(_PROBE)
    finally:
        vault.remove(_PROBE)
    if public:
        raise NotReadyError("backup.readable_by_all", where=vault.where)
    return public is not None


def _named(now: datetime) -> str:
    return f"{_NAME}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{_ENDING}"


def _is_within(place: str, published_to: str) -> bool:
    return f"{place.rstrip('/')}/".startswith(f"{published_to.rstrip('/')}/")


def _private(key: Key, sha256: str, length_bytes: int) -> PublicFile:
    of = Fingerprint(sha256, length_bytes, "application/zip", "private, no-store")
    return PublicFile(key, of, Stage.ATTACHMENTS)
