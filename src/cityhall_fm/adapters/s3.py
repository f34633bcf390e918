"""An S3 bucket: Amazon's, or any other that speaks S3, as boto3's own AWS_* environment names it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.manifest import MANIFEST_KEY, read_manifest, written_manifest
from cityhall_fm.show.publication import Manifest, PublicFile

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

# ruff: noqa: PLC0415 - boto3 costs a fifth of a second, and only an upload needs it

_PART: Final = 16 * 1024 * 1024
"""Bytes: larger files go up in parts of this size."""
_AT_ONCE: Final = 4
"""Parts under way at the same time."""
_TARGET: Final = re.compile(r"s3://([^/]+)/?([!-~]*)")

_BY_CODE: Final = {
    # AWS, "Error responses"; the last three are what a HEAD or a bare 403 leaves of them
    "AccessDenied": "refused",
    "AllAccessDisabled": "refused",
    "AccountProblem": "refused",
    "ExpiredToken": "wrong_key",
    "InvalidAccessKeyId": "wrong_key",
    "InvalidToken": "wrong_key",
    "SignatureDoesNotMatch": "wrong_key",
    "NoSuchBucket": "no_bucket",
    "InvalidBucketName": "no_bucket",
    "RequestTimeTooSkewed": "clock",
    "SlowDown": "busy",
    "RequestTimeout": "busy",
    "401": "wrong_key",
    "403": "refused",
    "404": "no_bucket",
}
_PASSING: Final = frozenset({"busy", "unreachable"})
_BUSY_STATUSES: Final = frozenset({429, 500, 502, 503, 504})


class S3Bucket:
    """Fulfils Bucket for a target `s3://bucket/prefix`."""

    def __init__(self, target: str) -> None:
        self._target = target

    @property
    def where(self) -> str:
        return self._target

    def manifest(self) -> Manifest:
        with bucket_errors(self.where, MANIFEST_KEY):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._object(MANIFEST_KEY))
                written = answer["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return {}
        return read_manifest(written, where=self.where)

    def put(self, file: PublicFile, source: Path) -> None:
        """Send one file; BucketError where it is no longer what was planned."""
        from boto3.s3.transfer import TransferConfig

        # Some of boto3's errors are OSErrors as well: they must be told first.
        with _local_errors(self.where, file.key), bucket_errors(self.where, file.key):
            with source.open("rb") as content:
                sha256 = hashlib.file_digest(content, "sha256").hexdigest()
            if sha256 != file.fingerprint.sha256:
                raise BucketError("publish.changed_meanwhile", retryable=True, key=file.key)
            self._client.upload_file(
                str(source),
                self._bucket,
                self._object(file.key),
                # No ACL: R2 and buckets with enforced ownership have none.
                ExtraArgs={
                    "ContentType": file.fingerprint.content_type,
                    "CacheControl": file.fingerprint.cache_control,
                },
                Config=TransferConfig(
                    multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=_AT_ONCE
                ),
            )

    def put_manifest(self, manifest: Manifest) -> None:
        with bucket_errors(self.where, MANIFEST_KEY):
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._object(MANIFEST_KEY),
                Body=written_manifest(manifest),
                ContentType="application/json",
                CacheControl="no-store",
            )

    def close(self) -> None:
        """Let the connections go."""
        if client := self.__dict__.pop("_client", None):
            client.close()

    @cached_property
    def _place(self) -> tuple[str, str]:
        match = _TARGET.fullmatch(self._target)
        if not match:
            raise BucketError("publish.bad_target", where=self._target)
        prefix = match[2].strip("/")
        return match[1], f"{prefix}/" if prefix else ""

    @property
    def _bucket(self) -> str:
        return self._place[0]

    def _object(self, key: Key) -> str:
        return f"{self._place[1]}{key}"

    @cached_property
    def _client(self) -> S3Client:
        import boto3

        session = boto3.Session()
        try:
            client = session.client("s3", config=_config())
            if _is_amazon(client.meta.endpoint_url):
                return client
            client.close()
            client = session.client("s3", config=_config_elsewhere())
        except ValueError as error:  # the one way in which botocore refuses an endpoint
            raise BucketError("publish.bad_endpoint", where=self.where) from error
        for operation in ("PutObject", "UploadPart"):
            client.meta.events.register(f"before-call.s3.{operation}", _add_content_md5)
        return client


@contextmanager
def bucket_errors(where: str, key: Key) -> Iterator[None]:
    """Turn what boto3 raises into BucketError: it has three roots that know nothing of each other."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        name, code = _told(error)
        raise BucketError(
            f"publish.{name}", retryable=name in _PASSING, where=where, key=key, code=code
        ) from error


def _told(error: BaseException) -> tuple[str, str]:
    from boto3.exceptions import Boto3Error
    from botocore import exceptions as raised

    cause = error.__cause__ or error.__context__
    match error:
        case raised.ClientError():
            return _answered(error)
        case Boto3Error() if cause is not None:
            return _told(cause)
        case (
            raised.NoCredentialsError() | raised.PartialCredentialsError() | raised.CredentialRetrievalError()
        ):
            name = "no_credentials"
        case raised.SSLError():
            name = "tls"
        case raised.HTTPClientError() | raised.ConnectionError() | raised.IncompleteReadError():
            name = "unreachable"
        case raised.InvalidEndpointConfigurationError() | raised.UnknownEndpointError():
            name = "bad_endpoint"
        case _:
            name = "failed"
    return name, type(error).__name__


def _answered(error: ClientError) -> tuple[str, str]:
    answer: Mapping[str, Any] = error.response
    code = str(answer.get("Error", {}).get("Code") or "?")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if name := _BY_CODE.get(code):
        return name, code
    return ("busy" if status in _BUSY_STATUSES else "refused" if status == 403 else "failed"), code  # noqa: PLR2004


@contextmanager
def _local_errors(where: str, key: Key) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BucketError(
            "publish.local_unreadable", where=where, key=key, reason=error.strerror or type(error).__name__
        ) from error


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
