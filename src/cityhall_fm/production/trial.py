"""A public folder that is built into for the sake of looking at it, and keeps nothing on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Enclosure, Key, MediaFile
from cityhall_fm.show.publication import PublicFile, Stage, public_file


class Trial:
    """Fulfils PublicFolder over another one, of which it changes nothing; `built` is what would be there."""

    def __init__(self, folder: PublicFolder) -> None:
        self._folder = folder
        self.built: Mapping[Key, bytes] = {}

    def path(self, key: Key) -> Path:
        return self._folder.path(key)

    def holds(self, enclosure: Enclosure) -> bool:
        return self._folder.holds(enclosure)

    def has(self, file: MediaFile) -> bool:
        return self._folder.has(file)

    def adopt(self, file: Path, key: Key) -> None:
        self._folder.adopt(file, key)

    def artwork(self) -> tuple[Key, bytes]:
        return self._folder.artwork()

    def build(self, files: Mapping[Key, bytes]) -> Sequence[Key]:
        self.built = dict(files)
        return tuple(files)

    def files(self) -> Sequence[PublicFile]:
        media = [file for file in self._folder.files() if file.stage is Stage.MEDIA]
        built = [
            public_file(key, sha256=hashlib.sha256(content).hexdigest(), length_bytes=len(content))
            for key, content in self.built.items()
        ]
        return [*media, *built]
