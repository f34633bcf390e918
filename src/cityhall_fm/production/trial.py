"""A public folder that is built into for the sake of looking at it, and keeps nothing on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cityhall_fm.production.ports.storage import BuildRecord, EpisodeArtwork, PublicFolder
from cityhall_fm.show.episode import Enclosure, EpisodeNumber, Key, MediaFile
from cityhall_fm.show.publication import PublicFile, Stage, public_file


class Trial:
    """Fulfils PublicFolder over another one, of which it changes nothing; `built` is what would be there."""

    def __init__(self, folder: PublicFolder) -> None:
        self._folder = folder
        self.built: Mapping[Key, bytes] = {}
        self._kept: frozenset[Key] = frozenset()

    def path(self, key: Key) -> Path:
        return self._folder.path(key)

    def read(self, key: Key) -> bytes:
        return self.built[key] if key in self.built else self._folder.read(key)

    def holds(self, enclosure: Enclosure) -> bool:
        return self._folder.holds(enclosure)

    def has(self, file: MediaFile) -> bool:
        return self._folder.has(file)

    def adopt(self, file: Path, key: Key) -> None:
        self._folder.adopt(file, key)

    def artwork(self) -> tuple[Key, bytes]:
        return self._folder.artwork()

    def untouched(self) -> Collection[Key]:
        return self._folder.untouched()

    def remembered(self) -> Mapping[str, str]:
        return self._folder.remembered()

    def build(
        self,
        files: Mapping[Key, bytes],
        record: BuildRecord | None = None,  # noqa: ARG002  the port's
        *,
        kept: Collection[Key] = (),
    ) -> Sequence[Key]:
        self.built = dict(files)
        self._kept = frozenset(kept)
        return tuple(files)

    def artworks(self, paths: Mapping[EpisodeNumber, Path]) -> Mapping[EpisodeNumber, EpisodeArtwork]:
        return self._folder.artworks(paths)

    def last_build(self) -> BuildRecord | None:
        return None

    def files(self) -> Sequence[PublicFile]:
        here = self._folder.files()
        media = [file for file in here if file.stage is Stage.MEDIA or file.key in self._kept]
        built = [
            public_file(key, sha256=hashlib.sha256(content).hexdigest(), length_bytes=len(content))
            for key, content in self.built.items()
        ]
        return [*media, *built]
