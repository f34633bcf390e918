"""An S3 bucket: Amazon's, or any other that speaks S3, as boto3's own AWS_* environment names it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityhall_fm.adapters.s3.connection import connected, stranger
from cityhall_fm.adapters.s3.direct import Access, Answer, Direct
from cityhall_fm.adapters.s3.errors import bucket_errors, local_errors
from cityhall_fm.adapters.s3.headers import AS_HEADERS, condition_of, headers_of
from cityhall_fm.adapters.s3.pace import Pace
from cityhall_fm.adapters.s3.parts import LEAST_PART, PART, abort_unfinished, put_in_parts
from cityhall_fm.production.ports.stored import Listed, StoredFeed
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.keys import Key
from cityhall_fm.show.manifest import MANIFEST_KEY, OURS, read_manifest, written_manifest
from cityhall_fm.show.publication import FEED_KEY, MEDIA, Manifest, PublicFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# ruff: noqa: PLC0415 - boto3 costs a fifth of a second, and only an upload needs it

_PROBE: Final = f"{OURS}probe"
_REFUSED_CONDITION: Final = frozenset({404, 409, 412})
_CLOSED: Final = frozenset({401, 403, 404})
_WELL: Final = frozenset({200, 204})
_NOT_THERE: Final = 404
_NO_HEADERS: Final[Mapping[str, str]] = {}
_TARGET: Final = re.compile(r"s3://([^/]+)/?([!-~]*)")

Told = Callable[[int], None]


def _untold(length: int) -> None:
    pass


class S3Bucket:
    """Fulfils Bucket for a target `s3://bucket/prefix`."""

    def __init__(
        self,
        target: str,
        *,
        bytes_per_second: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target = target
        self._date = ""
        self._pace = Pace(bytes_per_second, clock=clock, sleep=sleep)
        self._part = LEAST_PART if bytes_per_second else PART  # what goes at once goes as fast as it can

    @property
    def where(self) -> str:
        return self._target

    @property
    def endpoint(self) -> str:
        if self._direct:
            return self._direct.endpoint
        with bucket_errors(self.where, MANIFEST_KEY):
            return self._client.meta.endpoint_url

    def clock(self) -> datetime | None:
        try:
            return parsedate_to_datetime(self._date)
        except ValueError:
            return None

    def probe(self) -> Conditions:
        """Find out what the service makes of conditions: some ignore them, RGW wants ETags unquoted."""
        key = Key(f"{_PROBE}-{secrets.token_hex(8)}")  # somebody else may be finding it out at the same time
        with bucket_errors(self.where, key):
            try:
                etag = self._put_bytes(key, b"1", IfNoneMatch="*")
                return self._told_by(key, etag)
            finally:
                self.remove(key)

    def manifest(self) -> Manifest:
        stored = self._get(MANIFEST_KEY)
        if stored is None:
            return Manifest({})
        return read_manifest(stored.content, where=self.where, etag=stored.etag)

    def listing(self) -> Mapping[Key, Listed]:
        found: dict[Key, Listed] = {}
        prefix = self._place[1]
        with bucket_errors(self.where, Key(prefix)):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            for page in pages:
                for each in page.get("Contents", ()):
                    key = Key(each["Key"].removeprefix(prefix))
                    found[key] = Listed(each["Size"], each.get("ETag", "").strip('"'))
        return found

    def read(self, key: Key) -> bytes:
        stored = self._get(key)
        if stored is None:
            raise BucketError("publish.file_gone", where=self.where, key=key)
        return stored.content

    def feed(self) -> StoredFeed | None:
        return self._get(FEED_KEY)

    def put(self, file: PublicFile, source: Path, told: Told = _untold) -> str:
        """Send one file; BucketError where it is no longer what was planned."""
        # Some of boto3's errors are OSErrors as well: they must be told first.
        with local_errors(self.where, file.key), bucket_errors(self.where, file.key):
            with source.open("rb") as opened:
                content = opened.read() if file.fingerprint.length_bytes <= self._part else None
                sha256 = (
                    hashlib.file_digest(opened, "sha256") if content is None else hashlib.sha256(content)
                ).hexdigest()
            if sha256 != file.fingerprint.sha256:
                raise BucketError("publish.changed_meanwhile", retryable=True, key=file.key)
            if content is None:
                return self._put_in_parts(file, source, told)
            self._pace.spend(len(content))
            etag = self._put_bytes(file.key, content, sha256=sha256, **headers_of(file))
            told(len(content))
            return etag

    def put_feed(
        self, file: PublicFile, content: bytes, *, replacing: str | None, conditions: Conditions
    ) -> str:
        with bucket_errors(self.where, file.key):
            return self._put_bytes(
                file.key, content, **headers_of(file), **condition_of(replacing, conditions)
            )

    def put_manifest(self, manifest: Manifest, *, conditions: Conditions) -> None:
        with bucket_errors(self.where, MANIFEST_KEY):
            self._put_bytes(
                MANIFEST_KEY,
                written_manifest(manifest),
                ContentType="application/json",
                CacheControl="no-store",
                **condition_of(manifest.etag, conditions),
            )

    def remove(self, key: Key) -> None:
        with bucket_errors(self.where, key):
            if self._directly("DELETE", key) is None:
                self._client.delete_object(Bucket=self._bucket, Key=self._object(key))

    def abort_unfinished(self, *, before: datetime) -> int:
        with bucket_errors(self.where, MEDIA):
            return abort_unfinished(self._client, self._bucket, self._object(MEDIA), before=before)

    def is_public(self, key: Key) -> bool | None:
        """Ask for a file as a stranger would, without a signature."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            with closing(stranger()) as client:
                client.head_object(Bucket=self._bucket, Key=self._object(key))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return False if status in _CLOSED else None
        except BotoCoreError:
            return None
        return True

    def _get(self, key: Key) -> StoredFeed | None:
        with bucket_errors(self.where, key):
            told = self._directly("GET", key, fine=_WELL | {_NOT_THERE})
            self._date = told.date if told else ""
            if told and told.status in _WELL:
                return StoredFeed(told.content, told.etag)
            if told and b"<Code>NoSuchKey</Code>" in told.content:  # and not: no such bucket
                return None
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._object(key))
                self._date = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
                with closing(answer["Body"]) as body:
                    return StoredFeed(body.read(), answer["ETag"].strip('"'))
            except self._client.exceptions.NoSuchKey:
                return None

    def _put_bytes(self, key: Key, content: bytes, *, sha256: str = "", **headers: str) -> str:
        # No ACL: R2 and buckets with enforced ownership have none.
        if stored := self._directly("PUT", key, content, headers, sha256=sha256):
            return stored.etag
        given: Any = headers
        answer = self._client.put_object(Bucket=self._bucket, Key=self._object(key), Body=content, **given)
        return answer["ETag"].strip('"')

    def _directly(
        self,
        method: str,
        key: Key,
        content: bytes = b"",
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        fine: frozenset[int] = _WELL,
        sha256: str = "",
    ) -> Answer | None:
        """Ask without boto3; None where it is boto3 that must ask, since no status that is `fine` came."""
        if not self._direct:
            return None
        written = {AS_HEADERS[name]: value for name, value in headers.items()}
        if (
            content
        ):  # the server checks what arrives (RFC 1864), whether or not it looks at the signature's hash
            digest = hashlib.md5(content, usedforsecurity=False).digest()
            written["Content-MD5"] = base64.b64encode(digest).decode()
        answer = self._direct.ask(
            method, f"{self._bucket}/{self._object(key)}", content, written, sha256=sha256
        )
        return answer if answer and answer.status in fine else None

    def _put_in_parts(self, file: PublicFile, source: Path, told: Told) -> str:
        def pass_on(length: int) -> None:
            self._pace.spend(length)
            told(length)

        name = self._object(file.key)
        return put_in_parts(
            self._client,
            self._bucket,
            name,
            source,
            headers=headers_of(file),
            told=pass_on,
            part_bytes=self._part,
        )

    def _told_by(self, key: Key, etag: str) -> Conditions:
        """Tell from three puts that must be refused, and one that must not."""
        if self._takes(key, IfNoneMatch="*") or self._takes(key, IfMatch="0" * 32):
            return Conditions.IGNORED
        if self._takes(key, IfMatch=etag):
            return Conditions.UNQUOTED
        return Conditions.QUOTED if self._takes(key, IfMatch=f'"{etag}"') else Conditions.IGNORED

    def _takes(self, key: Key, **condition: str) -> bool:
        if told := self._directly("PUT", key, b"1", condition, fine=_WELL | _REFUSED_CONDITION):
            return told.status in _WELL
        from botocore.exceptions import ClientError

        try:
            self._put_bytes(key, b"1", **condition)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _REFUSED_CONDITION:
                return False
            raise
        return True

    def close(self) -> None:
        """Let the connections go."""
        for each in ("_client", "_direct"):
            if connections := self.__dict__.pop(each, None):
                connections.close()

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
    def _direct(self) -> Direct | None:
        access = Access.told_by(os.environ, Path.home())
        return Direct(access) if access else None

    @cached_property
    def _client(self) -> S3Client:
        try:
            return connected()
        except ValueError as error:  # the one way in which botocore refuses an endpoint
            raise BucketError("publish.bad_endpoint", where=self.where) from error
