"""A bucket in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cityhall_fm.production.ports.storage import Listed, StoredFeed
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import FEED_KEY, Fingerprint, Manifest, PublicFile


class FakeBucket:
    """Keeps bytes and headers; `fails_at` names the key whose upload is refused, or "manifest".

    `loses` names the key whose next put is stored although its answer is lost; `meanwhile` is done by
    somebody else right before a feed is put.
    """

    where = "memory"
    endpoint = "memory"

    def __init__(self, *, fails_at: str | None = None, conditions: Conditions = Conditions.UNQUOTED) -> None:
        self.objects: dict[Key, bytes] = {}
        self.headers: dict[Key, Fingerprint] = {}
        self.stored = Manifest({})
        self.requests: list[str] = []
        self.fails_at = fails_at
        self.loses: str | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        self._conditions = conditions
        self.time: datetime | None = None
        self.unfinished: dict[str, datetime] = {}
        self._lock = threading.Lock()

    @property
    def public(self) -> Mapping[Key, bytes]:
        """What a listener may ask for."""
        return {key: of for key, of in self.objects.items() if not key.startswith("cityhall-fm/")}

    def clock(self) -> datetime | None:
        return self.time

    def probe(self) -> Conditions:
        self.requests.append("probe")
        return self._conditions

    def manifest(self) -> Manifest:
        self.requests.append("get manifest")
        return self.stored

    def listing(self) -> Mapping[Key, Listed]:
        self.requests.append("list")
        return {key: Listed(len(content), _etag(content)) for key, content in self.objects.items()}

    def read(self, key: Key) -> bytes:
        self.requests.append(f"get {key}")
        if key not in self.objects:
            raise BucketError("publish.file_gone", where=self.where, key=key)
        return self.objects[key]

    def feed(self) -> StoredFeed | None:
        self.requests.append("get feed.xml")
        content = self.objects.get(FEED_KEY)
        return None if content is None else StoredFeed(content, _etag(content))

    def put(self, file: PublicFile, source: Path, told: Callable[[int], None] = lambda _: None) -> str:
        with self._lock:
            self.requests.append(f"put {file.key}")
            self._fail_at(file.key)
            try:
                content = source.read_bytes()
            except OSError as error:
                raise BucketError(
                    "publish.local_unreadable", where=self.where, key=file.key, reason=str(error)
                ) from error
            if hashlib.sha256(content).hexdigest() != file.fingerprint.sha256:
                raise BucketError("publish.changed_meanwhile", retryable=True, key=file.key)
            self.objects[file.key] = content
            self.headers[file.key] = file.fingerprint
        told(len(content))
        return _etag(content)

    def put_feed(
        self, file: PublicFile, content: bytes, *, replacing: str | None, conditions: Conditions
    ) -> str:
        self.requests.append(f"put {file.key}")
        self._fail_at(file.key)
        self.meanwhile()
        there = self.objects.get(file.key)
        is_the_one = (None if there is None else _etag(there)) == replacing
        if conditions is not Conditions.IGNORED and not is_the_one:
            raise ConflictError("publish.conflict", where=self.where)
        self.objects[file.key] = content
        self.headers[file.key] = file.fingerprint
        if self.loses == file.key:  # the SDK asks again by itself, and hears that it is not the one
            self.loses = None
            raise ConflictError("publish.conflict", where=self.where)
        return _etag(content)

    def remove(self, key: Key) -> None:
        self.requests.append(f"remove {key}")
        self.objects.pop(key, None)
        self.headers.pop(key, None)

    def put_manifest(self, manifest: Manifest, *, conditions: Conditions) -> None:
        self.requests.append("put manifest")
        self._fail_at("manifest")
        if conditions is not Conditions.IGNORED and manifest.etag != self.stored.etag:
            raise ConflictError("publish.conflict", where=self.where)
        number = int(self.stored.etag or 0) + 1
        self.stored = replace(manifest, etag=str(number))

    def abort_unfinished(self, *, before: datetime) -> int:
        self.requests.append("list unfinished")
        left = [key for key, began in self.unfinished.items() if began < before]
        for key in left:
            del self.unfinished[key]
        return len(left)

    def _fail_at(self, key: str) -> None:
        if key == self.fails_at:
            raise BucketError("publish.unreachable", retryable=True, where=self.where)


def _etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
