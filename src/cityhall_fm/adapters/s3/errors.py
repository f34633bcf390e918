"""What boto3 raises and S3 answers, as our errors: who can mend it, and whether trying again makes sense."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.keys import Key

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# ruff: noqa: PLC0415 - boto3 costs a fifth of a second, and only an upload needs it

_BY_CODE: Final = {
    # AWS, "Error responses"; the last four are what a HEAD or a bare 403 leaves of them
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
    "PreconditionFailed": "conflict",
    "ConditionalRequestConflict": "conflict",
    "NoSuchKey": "conflict",  # If-Match on what is no longer there; a read asks for it by name
    "401": "wrong_key",
    "403": "refused",
    "404": "no_bucket",
    "412": "conflict",
}
_PASSING: Final = frozenset({"busy", "unreachable"})
_BUSY_STATUSES: Final = frozenset({429, 500, 502, 503, 504})


@contextmanager
def bucket_errors(where: str, key: Key) -> Iterator[None]:
    """Turn what boto3 raises into BucketError: it has three roots that know nothing of each other."""
    try:
        yield
    except Exception as error:
        if "botocore" not in sys.modules:  # then it is none of its errors, and need not be loaded for it
            raise
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        if not isinstance(error, Boto3Error | BotoCoreError | ClientError):
            raise
        name, code = _told(error)
        if name == "conflict":
            raise ConflictError("publish.conflict", where=where) from error
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
def local_errors(where: str, key: Key) -> Iterator[None]:
    """Tell a file of this machine that cannot be read."""
    try:
        yield
    except OSError as error:
        raise BucketError(
            "publish.local_unreadable", where=where, key=key, reason=error.strerror or type(error).__name__
        ) from error
