"""What a place where files are public tells about them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A feed as it is public, and what the bucket calls this version of it."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored file as a listing tells of it; the ETag is empty where the listing has none."""

    length_bytes: int
    etag: str = ""
