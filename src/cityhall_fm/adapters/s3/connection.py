"""How S3 is spoken to: as Amazon's own, or as every other understands it."""

from __future__ import annotations

import base64
import hashlib
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_s3 import S3Client

# ruff: noqa: PLC0415 - boto3 costs a fifth of a second, and only an upload needs it


def connected() -> S3Client:
    """Make a client for what the AWS_* environment names; ValueError where its endpoint is no URL."""
    import boto3

    session = boto3.Session()
    client = session.client("s3", config=_config())
    if _is_amazon(client.meta.endpoint_url):
        return client
    client.close()
    client = session.client("s3", config=_config_elsewhere())
    for operation in ("PutObject", "UploadPart"):
        client.meta.events.register(f"before-call.s3.{operation}", _add_content_md5)
    return client


def stranger() -> S3Client:
    """Make a client for the same service that signs nothing, as anybody might."""
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    return boto3.Session().client(
        "s3", config=_config_elsewhere().merge(Config(signature_version=UNSIGNED, connect_timeout=5))
    )


def _config() -> Config:
    from botocore.config import Config

    return Config(retries={"mode": "standard"}, connect_timeout=10, read_timeout=60)


def _config_elsewhere() -> Config:
    """Speak as every S3 understands it: boto3's newer checksums are refused by RGW over HTTPS and by R2."""
    from botocore.config import Config

    elsewhere = Config(
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"},
    )
    return _config().merge(elsewhere)


def _is_amazon(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _add_content_md5(params: dict[str, Any], **_: object) -> None:
    """Have the server check what arrives (RFC 1864), as the newer checksums are off."""
    body: bytes | IO[bytes] = params["body"]
    digest = hashlib.md5(usedforsecurity=False)
    if isinstance(body, bytes | bytearray):
        digest.update(body)
    else:
        start = body.tell()
        while block := body.read(1024 * 1024):
            digest.update(block)
        body.seek(start)
    params["headers"]["Content-MD5"] = base64.b64encode(digest.digest()).decode()
