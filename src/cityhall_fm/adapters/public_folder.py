"""`feeds/public`: what listeners shall find, built on this machine, and the show's artwork."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from cityhall_fm.show.episode import Enclosure, Key, MediaFile
from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.publication import PublicFile, Stage, public_file
from cityhall_fm.show.text import Text

_MEDIA: Final = "media/"
_UNFINISHED: Final = ".new-"
"""Where a build gathers its files before they take their places; what a killed one leaves is no file."""
_SMALLEST, _LARGEST = 1400, 3000
"""Pixels: Apple's rule for the artwork of a show."""
_ENDINGS: Final = {"PNG": "png", "JPEG": "jpg"}


class BuiltFolder:
    """Fulfils PublicFolder; InputError names the path where the disk refuses."""

    def __init__(self, root: Path, *, artwork: Path) -> None:
        self._root = root
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
        clips = {file for _, file in enclosure.clips}  # those can be cut again
        return all(self.has(file) for file in enclosure.media if file not in clips)

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
        ending, problems = _looked_at(content)
        if problems:
            raise InputError("files.problems", path=self._artwork, count=len(problems), problems=problems)
        return Key(f"artwork-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"), content

    def build(self, files: Mapping[Key, bytes]) -> Sequence[Key]:
        """Write what changed: first all of it aside, then into its places, the feed as the last.

        A full disk is noticed before anything was changed.
        """
        paths = {key: self.path(key) for key in files}
        with _disk_errors(self._root):
            changed = [key for key, path in paths.items() if not _is_already(path, files[key])]
            changed.sort(key=lambda key: (_stage(key), key))
            if changed:
                self._write([(paths[key], files[key]) for key in changed])
            stale = [key for key in self._built() if key not in files]
            for key in stale:
                (self._root / key).unlink()
            self._tidy()
        return tuple(sorted([*changed, *stale]))

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


def _looked_at(content: bytes) -> tuple[str, list[Problem]]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - costs start-up time

    try:
        with _without_warnings(), Image.open(BytesIO(content), formats=list(_ENDINGS)) as image:
            kind, (width, height), mode = image.format or "", image.size, image.mode
            problems = _problems(width, height, mode)
            if not problems:
                image.load()
    except UnidentifiedImageError:
        return "", [_problem("artwork_format")]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "", [_problem("artwork_torn")]
    return _ENDINGS[kind], problems


@contextmanager
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of, too many pixels, we tell ourselves
        yield


def _problems(width: int, height: int, mode: str) -> list[Problem]:
    problems = []
    if width != height:
        problems.append(_problem("artwork_square", width=width, height=height))
    if min(width, height) < _SMALLEST or max(width, height) > _LARGEST:
        problems.append(
            _problem("artwork_size", width=width, height=height, smallest=_SMALLEST, largest=_LARGEST)
        )
    if mode != "RGB":
        problems.append(_problem("artwork_colour", mode=mode))
    return problems


def _problem(name: str, **values: object) -> Problem:
    return Problem("artwork", Text.of(f"publish.{name}", **values))
