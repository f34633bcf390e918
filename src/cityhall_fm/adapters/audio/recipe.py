"""What a master is made from, as one fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.rundown import is_file

if TYPE_CHECKING:
    from cityhall_fm.show.mastering import MasteringOrder
    from cityhall_fm.show.rundown import Chapter

VERSION: Final = 3
"""Raise it when the same order would come out as other bytes."""

_WITHOUT_EFFECT: Final = frozenset({"long_pause", "station", "station_bits"})
"""Settings that change nothing in the finished file."""


def recipe(order: MasteringOrder) -> str:
    """Hash contents, not names: a recording that was moved needs no new master."""
    tags = asdict(order.tags) | {"chapters": [_chapter(chapter) for chapter in order.tags.chapters]}
    settings = {name: value for name, value in asdict(order.settings).items() if name not in _WITHOUT_EFFECT}
    ingredients = {
        "version": VERSION,
        "recordings": [_fingerprint(path) for path in order.recordings],
        "tracks": [(_fingerprint(track.path), track.level) for track in order.tracks],
        "settings": settings
        | {name: _fingerprint(getattr(order.settings, name)) for name in ("intro", "outro", "bed")},
        "tags": tags | {"artwork": _fingerprint(order.tags.artwork)},
    }
    text = json.dumps(ingredients, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _chapter(chapter: Chapter) -> dict[str, object]:
    """Count a picture that is a file here by what is in it, wherever it lies."""
    image = chapter.image
    return asdict(chapter) | {"image": _fingerprint(Path(image)) if is_file(image) else image}


def sha256(path: Path) -> str:
    """Hash a file without holding it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(path: PurePath | None) -> str | None:
    if path is None:
        return None
    try:
        return sha256(Path(path))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise AudioError("audio.missing", path=path) from error
    except OSError as error:
        raise AudioError("audio.not_readable", path=path) from error
