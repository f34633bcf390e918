"""`feeds/public`: what listeners shall find, built on this machine, and the show's artwork."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cityhall_fm.adapters.public_folder.artwork import ENDINGS, accepted, made_small
from cityhall_fm.adapters.public_folder.record import State, read_record, write_record
from cityhall_fm.production.ports.storage import BuildRecord, EpisodeArtwork
from cityhall_fm.show.episode import Enclosure, EpisodeNumber, Key, MediaFile
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.publication import PublicFile, Stage, public_file

_MEDIA: Final = "media/"
_UNFINISHED: Final = ".new-"
"""Where a build gathers its files before they take their places; what a killed one leaves is no file."""


class BuiltFolder:
    """Fulfils PublicFolder; InputError names the path where the disk refuses."""

    def __init__(self, root: Path, *, artwork: Path) -> None:
        self._root = root
        self._record = root.with_name(f".{root.name}.json")
        self._artwork = artwork

    def path(self, key: Key) -> Path:
        path = self._root / key
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise ValueError(key)
        if key.startswith(_MEDIA):  # mastering writes there
            with _disk_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def holds(self, enclosure: Enclosure) -> bool:
        return all(self.has(file) for file in enclosure.sounds)

    def has(self, file: MediaFile) -> bool:
        path = self.path(file.key)
        return path.is_file() and path.stat().st_size == file.length_bytes

    def adopt(self, file: Path, key: Key) -> None:
        place = self.path(key)
        with _disk_errors(place):
            place.unlink(missing_ok=True)
            try:
                place.hardlink_to(file)
            except OSError:  # another disk, or one that has no links
                new = place.with_name(f"{_UNFINISHED}{place.name}")
                shutil.copyfile(file, new)
                new.replace(place)

    def artwork(self) -> tuple[Key, bytes]:
        """Read the artwork; InputError with everything that Apple Podcasts would refuse about it."""
        if not self._artwork.is_file():
            raise InputError("publish.no_artwork", path=self._artwork)
        with _disk_errors(self._artwork, "files.unreadable"):
            content = self._artwork.read_bytes()
        ending = accepted(content, self._artwork)
        return Key(f"artwork-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"), content

    def artworks(self, paths: Mapping[EpisodeNumber, Path]) -> Mapping[EpisodeNumber, EpisodeArtwork]:
        """Read episodes' own artwork; what an earlier build looked at and made small is not done again."""
        before = frozenset(self.untouched()) if paths else frozenset()
        found: dict[EpisodeNumber, EpisodeArtwork] = {}
        for number, path in paths.items():
            with _disk_errors(path, "files.unreadable"):
                content = path.read_bytes()
            name = hashlib.sha256(content).hexdigest()[:12]
            cover = Key(f"{number}/cover-{name}.webp")
            known = [Key(f"{number}/artwork-{name}.{ending}") for ending in ENDINGS.values()]
            if cover in before and (key := next((key for key in known if key in before), None)):
                found[number] = EpisodeArtwork(key, content, cover, self.path(cover).read_bytes())
                continue
            key = Key(f"{number}/artwork-{name}.{accepted(content, path)}")
            found[number] = EpisodeArtwork(key, content, cover, made_small(content))
        return found

    def untouched(self) -> Collection[Key]:
        kept = read_record(self._record)
        now = self._as_it_is() if kept else {}
        return [key for key, state in kept[1].items() if now.get(key) == state] if kept else ()

    def remembered(self) -> Mapping[str, str]:
        kept = read_record(self._record)
        return kept[0].parts if kept else {}

    def build(
        self,
        files: Mapping[Key, bytes],
        record: BuildRecord | None = None,
        *,
        kept: Collection[Key] = (),
    ) -> Sequence[Key]:
        """Write what changed: first all of it aside, then into its places, the feed as the last.

        A full disk is noticed before anything was changed.
        """
        paths = {key: self.path(key) for key in files}
        with _disk_errors(self._root):
            self._record.unlink(missing_ok=True)  # from here on the folder is not what it was
            changed = [key for key, path in paths.items() if not _is_already(path, files[key])]
            changed.sort(key=lambda key: (_stage(key), key))
            if changed:
                self._write([(paths[key], files[key]) for key in changed])
            stale = [key for key in self._built() if key not in files and key not in kept]
            for key in stale:
                (self._root / key).unlink()
            self._tidy()
            if record:
                write_record(self._record, record, self._as_it_is())
        return tuple(sorted([*changed, *stale]))

    def last_build(self) -> BuildRecord | None:
        kept = read_record(self._record)
        return kept[0] if kept and kept[1] == self._as_it_is() else None

    def read(self, key: Key) -> bytes:
        path = self.path(key)
        with _disk_errors(path, "files.unreadable"):
            return path.read_bytes()

    def files(self) -> Sequence[PublicFile]:
        with _disk_errors(self._root, "files.unreadable"):
            return tuple(_described(key, self._root / key) for key in [*self._built(), *self._media()])

    def _write(self, contents: Sequence[tuple[Path, bytes]]) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._root, prefix=_UNFINISHED) as aside:
            ready = [Path(aside) / str(number) for number in range(len(contents))]
            for path, (_, content) in zip(ready, contents, strict=True):
                path.write_bytes(content)
            for path, (place, _) in zip(ready, contents, strict=True):
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)

    def _as_it_is(self) -> Mapping[Key, State]:
        """Tell what anybody who touches a file changes: its length, its times, and which file it is.

        The time of the last change (ctime) is the system's; no program sets it back.
        """
        found: dict[Key, State] = {}
        for key in self._keys():
            state = (self._root / key).lstat()
            found[key] = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        return found

    def _built(self) -> list[Key]:
        return [key for key in self._keys() if not key.startswith((_MEDIA, _UNFINISHED))]

    def _media(self) -> list[Key]:
        return [key for key in self._keys() if key.startswith(_MEDIA)]

    def _keys(self) -> list[Key]:
        return sorted(
            Key((Path(folder) / name).relative_to(self._root).as_posix())
            for folder, _, names in os.walk(self._root)
            for name in names
        )

    def _tidy(self) -> None:
        """Remove what a killed build left aside, and folders that became empty."""
        for folder, _, _ in os.walk(self._root, topdown=False):
            path = Path(folder)
            if path.parent == self._root and path.name.startswith(_UNFINISHED):
                shutil.rmtree(path)
            elif path != self._root and path.name != "media" and not any(path.iterdir()):
                path.rmdir()


@contextmanager
def _disk_errors(path: Path, name: str = "files.unwritable") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(name, path=path, reason=error.strerror or str(error)) from error


def _is_already(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _stage(key: Key) -> Stage:
    return public_file(key, sha256="", length_bytes=0).stage


def _described(key: Key, path: Path) -> PublicFile:
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        return public_file(key, sha256=sha256, length_bytes=content.tell())
