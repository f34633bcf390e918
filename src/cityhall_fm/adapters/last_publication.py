"""`feeds/.published.json`: what the last publication knew, for as long as nothing that decides it changes.

Only the standard library: whoever publishes without changes waits for nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cityhall_fm import __version__
from cityhall_fm.production.already_public import Remembered
from cityhall_fm.show.keys import Key
from cityhall_fm.show.publication import PublicFile, public_file

_SHAPE: Final = 1
_DECIDING: Final = ("episode.md", "enclosure.json")
_UNFINISHED: Final = ".new-"
"""What a build that was killed left in the public folder is no file."""
_AT_ONCE: Final = 2
_ASKED: Final = (
    # Whatever decides which episodes are heard of, which kept feeds shall go, and what nobody knows
    "SELECT * FROM dates ORDER BY episode",
    "SELECT * FROM feeds ORDER BY place, sha256",
    "SELECT place, sha256, etag, at, heard FROM live_feeds ORDER BY place",
    "SELECT * FROM sendings ORDER BY number",
    "SELECT count(*), max(number), max(at) FROM moves",
    "SELECT count(*), max(number), max(given_at), count(withdrawn_at), max(withdrawn_at) FROM consents",
)

State = tuple[int, ...]


class LastPublication:
    """What a show folder remembers of its last publication; `database` is its SQLite file."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._database = folder, database
        self._root = folder / "feeds" / "public"
        self._path = folder / "feeds" / ".published.json"
        self._hashes: dict[Key, tuple[State, str]] = {}
        self._is_renewed = False

    def remembered(self) -> Remembered | None:
        """Tell what still holds; None where the settings, an episode or the memory are other than then."""
        try:
            written = json.loads(self._path.read_text("utf-8"))
            if written["shape"] != _SHAPE:
                return None
            self._hashes = {Key(key): (tuple(state), of) for key, (*state, of) in written["files"].items()}
            if written["made_of"] != self._made_of() or written["memory"] != self._memory():
                return None
            return Remembered(
                written["target"],
                tuple(_media(written["media"])),
                endpoint=str(written["endpoint"]),
                conditions=str(written["conditions"]),
                until=_moment(written["until"]),
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, sqlite3.Error):
            return None  # whatever it is, a whole publication is right

    def here(self) -> Sequence[PublicFile]:
        """Describe what is in the public folder; a file that nobody touched is not read again.

        OSError where one cannot be read.
        """
        states = dict(self._states())
        unknown = [key for key, state in states.items() if self._hashes.get(key, ((), ""))[0] != state]
        self._is_renewed = bool(unknown) or states.keys() != self._hashes.keys()
        read = _sha256_of(self._root, unknown)
        self._hashes = {key: (state, read.get(key) or self._hashes[key][1]) for key, state in states.items()}
        return [
            public_file(key, sha256=sha256, length_bytes=state[0])
            for key, (state, sha256) in self._hashes.items()
        ]

    def keep(self, remembered: Remembered) -> None:
        """Remember a publication; where the disk refuses, the next one takes longer, and that is all."""
        try:
            self.here()
            written = {
                "shape": _SHAPE,
                "made_of": self._made_of(),
                "memory": self._memory(),
                "target": remembered.target,
                "media": {
                    file.key: [file.fingerprint.sha256, file.fingerprint.length_bytes]
                    for file in remembered.media
                },
                "endpoint": remembered.endpoint,
                "conditions": remembered.conditions,
                "until": remembered.until.isoformat() if remembered.until else None,
                "files": {key: [*state, sha256] for key, (state, sha256) in self._hashes.items()},
            }
            new = self._path.with_name(f"{self._path.name}.new")
            new.write_text(json.dumps(written), "utf-8")
            new.replace(self._path)
        except (OSError, sqlite3.Error):
            self.forget()

    def renew(self, remembered: Remembered) -> None:
        """Remember the files as they are now, where they are the same under new dates."""
        if self._is_renewed:
            self.keep(remembered)

    def forget(self) -> None:
        """Remember nothing."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return  # a folder that may not be written: what stands there is compared before it is believed

    def begin_sending(self, where: str, keys: Collection[Key]) -> int | None:
        """Note what is about to be sent, as StoredFeedArchive does; None where the database refuses."""
        try:
            with closing(sqlite3.connect(self._database)) as memory, memory:
                row = (where, json.dumps(sorted(keys)))
                return memory.execute("INSERT INTO sendings (place, files) VALUES (?, ?)", row).lastrowid
        except sqlite3.Error:
            return None

    def end_sending(self, where: str, numbers: Collection[int]) -> None:
        """Note that a manifest tells of it; where the database refuses, it is sent once more."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._database)) as memory, memory:
            rows = [(where, number) for number in numbers]
            memory.executemany("DELETE FROM sendings WHERE place = ? AND number = ?", rows)

    def _made_of(self) -> str:
        """Fingerprint the settings and the episodes, by their contents."""
        found = hashlib.sha256(__version__.encode())
        names = [self._folder / "feeds" / "show.toml"]
        with os.scandir(self._folder / "episodes") as episodes:
            names += [Path(each.path) / name for each in episodes for name in _DECIDING if each.is_dir()]
        for path in sorted(names):
            if path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found.update(f"{path.relative_to(self._folder).as_posix()}\0{content}\n".encode())
        return found.hexdigest()

    def _memory(self) -> str:
        """Fingerprint what the database has to say; sqlite3.Error where it is not there."""
        found = hashlib.sha256()
        at = self._database.resolve()
        # While nobody has it open there is no log of writes, and none must be made to read it.
        mode = "mode=ro" if at.with_name(f"{at.name}-wal").exists() else "mode=ro&immutable=1"
        with closing(sqlite3.connect(f"{at.as_uri()}?{mode}", uri=True)) as memory:
            for asked in _ASKED:
                found.update(repr(memory.execute(asked).fetchall()).encode())
        return found.hexdigest()

    def _states(self) -> Iterator[tuple[Key, State]]:
        """Tell what anybody who touches a file changes: length, times, and which file it is."""
        root = str(self._root)
        for folder, _, names in os.walk(root):
            for name in sorted(names):
                path = os.path.join(folder, name)  # noqa: PTH118 - hundreds of files, each time
                key = os.path.relpath(path, root).replace(os.sep, "/")
                if key.startswith(_UNFINISHED):
                    continue
                of = os.lstat(path)
                yield Key(key), (of.st_size, of.st_mtime_ns, of.st_ctime_ns, of.st_ino)


def _sha256_of(root: Path, keys: Sequence[Key]) -> Mapping[Key, str]:
    """Read files, on two processors where there are two: hashing holds nobody up."""
    found: dict[Key, str] = {}
    failed: list[OSError] = []
    todo = list(keys)

    def work() -> None:
        while todo and not failed:
            try:
                key = todo.pop()
            except IndexError:  # the other one took it
                return
            try:
                with (root / key).open("rb") as content:
                    found[key] = hashlib.file_digest(content, "sha256").hexdigest()
            except OSError as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(_AT_ONCE, len(todo)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return found


def _media(written: Mapping[str, Any]) -> Iterator[PublicFile]:
    for key, (sha256, length) in written.items():
        yield public_file(Key(key), sha256=str(sha256), length_bytes=int(length), here=False)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
