"""The manifest as it lies in the bucket: what a publication left there, file by file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.keys import Key
from cityhall_fm.show.publication import Fingerprint, Manifest

OURS: Final = "cityhall-fm/"
"""What lies under it is ours and no listener's."""
MANIFEST_KEY: Final = Key(f"{OURS}manifest.json")
_VERSION: Final = 2
_READABLE: Final = frozenset({1, _VERSION})


def written_manifest(manifest: Manifest) -> bytes:
    r"""Write a manifest as JSON: the same manifest gives the same bytes.

    >>> written_manifest(Manifest({}))
    b'{\n "files": {},\n "unwanted": {},\n "version": 2\n}\n'
    """
    files = {
        key: {
            "cache_control": fingerprint.cache_control,
            "content_type": fingerprint.content_type,
            "etag": fingerprint.etag,
            "length_bytes": fingerprint.length_bytes,
            "sha256": fingerprint.sha256,
        }
        for key, fingerprint in manifest.files.items()
    }
    unwanted = {key: since.astimezone(UTC).isoformat() for key, since in manifest.unwanted.items()}
    document = {"version": _VERSION, "files": files, "unwanted": unwanted}
    return f"{json.dumps(document, sort_keys=True, indent=1)}\n".encode()


def read_manifest(written: bytes, *, where: str, etag: str) -> Manifest:
    """Read a manifest; BucketError where it is broken, or of a version that we do not know."""
    try:
        document = json.loads(written)
        version = int(document["version"])
        manifest = _read(document, etag) if version in _READABLE else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        raise BucketError("publish.manifest_broken", where=where, key=MANIFEST_KEY) from None
    if manifest is None:
        raise BucketError("publish.manifest_newer", where=where)
    return manifest


def _read(document: dict[str, Any], etag: str) -> Manifest:
    return Manifest(
        {Key(key): _fingerprint(of) for key, of in document["files"].items()},
        {Key(key): _moment(since) for key, since in document.get("unwanted", {}).items()},
        etag,
    )


def _fingerprint(of: dict[str, Any]) -> Fingerprint:
    return Fingerprint(
        str(of["sha256"]),
        int(of["length_bytes"]),
        str(of["content_type"]),
        str(of["cache_control"]),
        str(of.get("etag", "")),
    )


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment
