"""The manifest as it lies in the bucket: what a publication left there, file by file."""

from __future__ import annotations

import json
from typing import Any, Final

from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.publication import Fingerprint, Manifest

MANIFEST_KEY: Final = Key("cityhall-fm/manifest.json")
_VERSION: Final = 1


def written_manifest(manifest: Manifest) -> bytes:
    r"""Write a manifest as JSON: the same manifest gives the same bytes.

    >>> written_manifest({})
    b'{\n "files": {},\n "version": 1\n}\n'
    """
    files = {
        key: {
            "cache_control": fingerprint.cache_control,
            "content_type": fingerprint.content_type,
            "length_bytes": fingerprint.length_bytes,
            "sha256": fingerprint.sha256,
        }
        for key, fingerprint in manifest.items()
    }
    document = {"version": _VERSION, "files": files}
    return f"{json.dumps(document, sort_keys=True, indent=1)}\n".encode()


def read_manifest(written: bytes, *, where: str) -> Manifest:
    """Read a manifest; BucketError where it is broken, or of a version that we do not know."""
    try:
        document = json.loads(written)
        version = int(document["version"])
        files = (
            {Key(key): _fingerprint(of) for key, of in document["files"].items()}
            if version == _VERSION
            else {}
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BucketError("publish.manifest_broken", where=where, key=MANIFEST_KEY) from None
    if version != _VERSION:
        raise BucketError("publish.manifest_newer", where=where)
    return files


def _fingerprint(of: dict[str, Any]) -> Fingerprint:
    return Fingerprint(
        str(of["sha256"]), int(of["length_bytes"]), str(of["content_type"]), str(of["cache_control"])
    )
