"""Large files in parts: each with its checksum, and nothing left behind of those that were broken off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# ruff: noqa: PLC0415 - boto3 costs a fifth of a second, and only an upload needs it

PART: Final = 16 * 1024 * 1024
"""Bytes: larger files go up in parts of this size."""
LEAST_PART: Final = 5 * 1024 * 1024
"""Bytes: no part but the last may be shorter (Amazon S3, multipart upload limits)."""
_MD5: Final = re.compile("[0-9a-f]{32}")
_AT_ONCE: Final = 4
"""Parts under way at the same time."""
_COMPLETING: Final = "provide-client-params.s3.CompleteMultipartUpload"
_COMPLETED: Final = "after-call.s3.CompleteMultipartUpload"


def put_in_parts(
    client: S3Client,
    bucket: str,
    name: str,
    source: Path,
    *,
    headers: Mapping[str, str],
    told: Callable[[int], None],
    part_bytes: int = PART,
) -> str:
    """Send a file longer than a part, several parts at once; gives its ETag.

    A part that never arrives leaves no part behind.
    """
    from boto3.s3.transfer import TransferConfig

    etags: list[str] = []  # boto3 keeps the answer to itself

    def derive(params: Mapping[str, Any], **_: object) -> None:
        if params.get("Key") == name:
            etags.append(_etag_of([part["ETag"] for part in params["MultipartUpload"]["Parts"]]))

    def hear(parsed: Mapping[str, Any], **_: object) -> None:
        if parsed.get("Key") == name and (told := parsed.get("ETag", "").strip('"')):
            etags.append(told)

    events, ours = client.meta.events, f"etag of {name}"
    events.register(_COMPLETING, derive, unique_id=ours)
    events.register(_COMPLETED, hear, unique_id=ours)
    try:
        client.upload_file(
            str(source),
            bucket,
            name,
            ExtraArgs=dict(headers),
            Callback=told,
            Config=TransferConfig(
                multipart_threshold=part_bytes, multipart_chunksize=part_bytes, max_concurrency=_AT_ONCE
            ),
        )
    finally:
        events.unregister(_COMPLETING, unique_id=ours)
        events.unregister(_COMPLETED, unique_id=ours)
    return etags[-1] if etags else ""


def _etag_of(parts: Sequence[str]) -> str:
    """Derive a whole's ETag from its parts', as S3 does: RGW leaves it out of its answer."""
    hashes = [part.strip('"') for part in parts]
    if not all(_MD5.fullmatch(one) for one in hashes):  # encrypted by a key of one's own, for example
        return ""
    whole = hashlib.md5(b"".join(bytes.fromhex(one) for one in hashes), usedforsecurity=False)
    return f"{whole.hexdigest()}-{len(hashes)}"


def abort_unfinished(client: S3Client, bucket: str, prefix: str, *, before: datetime) -> int:
    """Give up uploads that were begun under a prefix before a time, and never finished; tells how many."""
    aborted = 0
    pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for each in page.get("Uploads", ()):
            if each["Initiated"] < before:
                client.abort_multipart_upload(Bucket=bucket, Key=each["Key"], UploadId=each["UploadId"])
                aborted += 1
    return aborted
