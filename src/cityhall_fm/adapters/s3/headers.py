"""What is sent with a file: how it is served, and under which condition it is stored."""

from __future__ import annotations

from typing import Final

from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import PublicFile

AS_HEADERS: Final = {
    "ContentType": "Content-Type",
    "CacheControl": "Cache-Control",
    "IfMatch": "If-Match",
    "IfNoneMatch": "If-None-Match",
}
"""boto3's names, as they are written in HTTP."""


def headers_of(file: PublicFile) -> dict[str, str]:
    """Say how a file is served."""
    return {"ContentType": file.fingerprint.content_type, "CacheControl": file.fingerprint.cache_control}


def condition_of(replacing: str | None, conditions: Conditions) -> dict[str, str]:
    """Say what must be there for a put to be done, as the service wants to be told."""
    if conditions is Conditions.IGNORED:
        return {}
    if not replacing:
        return {"IfNoneMatch": "*"}
    return {"IfMatch": replacing if conditions is Conditions.UNQUOTED else f'"{replacing}"'}
