"""A bucket in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.publication import Fingerprint, Manifest, PublicFile


class FakeBucket:
    """Keeps bytes and headers; `fails_at` names the key whose upload is refused."""

    where = "memory"

    def __init__(self, *, fails_at: str | None = None) -> None:
        self.objects: dict[Key, bytes] = {}
        self.headers: dict[Key, Fingerprint] = {}
        self.stored: dict[Key, Fingerprint] = {}
        self.requests: list[str] = []
        self.fails_at = fails_at

    def manifest(self) -> Manifest:
        self.requests.append("get manifest")
        return dict(self.stored)

    def put(self, file: PublicFile, source: Path) -> None:
        self.requests.append(f"put {file.key}")
        if file.key == self.fails_at:
            raise BucketError("publish.unreachable", retryable=True, where=self.where)
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

    def put_manifest(self, manifest: Manifest) -> None:
        self.requests.append("put manifest")
        self.stored = dict(manifest)
