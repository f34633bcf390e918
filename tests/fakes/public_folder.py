"""A public folder whose files are bytes in memory; `path` writes one out where a bucket wants to read it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cityhall_fm.production.ports.storage import BuildRecord, EpisodeArtwork
from cityhall_fm.show.episode import Enclosure, EpisodeNumber, Key, MediaFile
from cityhall_fm.show.publication import PublicFile, public_file

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mMQN44HAAEOAKrdH6fSAAAAAElFTkSuQmCC"
)
"""A whole PNG of one pixel."""


class FakePublicFolder:
    """Holds what was built and media; `root` is needed only by who asks for paths."""

    def __init__(
        self, contents: Mapping[str, bytes] | None = None, *, root: Path | None = None, art: bytes = PIXEL
    ) -> None:
        self.contents = {Key(key): content for key, content in (contents or {}).items()}
        self._root = root
        self._art = art
        self._record: tuple[BuildRecord, Mapping[Key, bytes]] | None = None

    def path(self, key: Key) -> Path:
        if self._root is None:
            return Path("/nowhere") / key
        path = self._root / key
        if key in self.contents:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.contents[key])
        return path

    def holds(self, enclosure: Enclosure) -> bool:
        return enclosure.key in self.contents

    def has(self, file: MediaFile) -> bool:
        return file.key in self.contents

    def adopt(self, file: Path, key: Key) -> None:
        self.contents[key] = file.read_bytes()

    def artwork(self) -> tuple[Key, bytes]:
        return Key(f"artwork-{hashlib.sha256(self._art).hexdigest()[:12]}.png"), self._art

    def artworks(self, paths: Mapping[EpisodeNumber, Path]) -> Mapping[EpisodeNumber, EpisodeArtwork]:
        return {
            number: EpisodeArtwork(
                Key(f"{number}/artwork.png"), path.read_bytes(), Key(f"{number}/cover.webp"), PIXEL
            )
            for number, path in paths.items()
        }

    def last_build(self) -> BuildRecord | None:
        return self._record[0] if self._record and self._record[1] == self.contents else None

    def untouched(self) -> Collection[Key]:
        return tuple(self.contents)

    def remembered(self) -> Mapping[str, str]:
        return {}

    def build(
        self,
        files: Mapping[Key, bytes],
        record: BuildRecord | None = None,
        *,
        kept: Collection[Key] = (),
    ) -> Sequence[Key]:
        changed = [key for key, content in files.items() if self.contents.get(key) != content]
        stale = [key for key in self.contents if key not in {*files, *kept} and not key.startswith("media/")]
        for key in stale:
            del self.contents[key]
        self.contents.update(files)
        self._record = (record, dict(self.contents)) if record else None
        return tuple(sorted([*changed, *stale]))

    def read(self, key: Key) -> bytes:
        return self.contents[key]

    def files(self) -> Sequence[PublicFile]:
        return tuple(
            public_file(key, sha256=hashlib.sha256(content).hexdigest(), length_bytes=len(content))
            for key, content in sorted(self.contents.items())
        )
