"""Signed HTTP: what Slack posts to an app's request URL, with its v0 signature."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cityhall_fm.sandbox.people import Json

_JSON_TYPE = "application/json"
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from a request URL; `problem` is Slack's reason for a retry, empty for 2xx."""

    payload: Json = field(default_factory=dict)
    problem: str = ""
    may_retry: bool = True


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request before it is signed; retries say which one they are, and why."""

    kind: str
    body: Json
    attempt: int = 0
    reason: str = ""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Sign a body as Slack does: v0, HMAC-SHA256 over version, time and body."""
    base = b"v0:%d:%s" % (timestamp, body)
    return f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"


def post(url: str, envelope: Envelope, *, secret: str, seconds: float, age_seconds: int = 0) -> Response:
    """Post to a request URL and wait so long; `age_seconds` makes the signature older than it is.

    The signature's time is this machine's: Bolt compares it with its own, not with the world's clock.
    """
    body, content_type = _encoded(envelope)
    timestamp = int(time.time()) - age_seconds
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+sandbox)",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
    if envelope.attempt:
        headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - the app's own address
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return Response(_payload(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return Response(problem="http_error", may_retry=error.headers.get("X-Slack-No-Retry") != "1")
    except TimeoutError:
        return Response(problem="http_timeout")
    except OSError as error:
        timed_out = isinstance(getattr(error, "reason", None), TimeoutError)
        return Response(problem="http_timeout" if timed_out else "connection_failed")


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.body).encode(), _JSON_TYPE
    fields: Mapping[str, Any] = envelope.body
    if envelope.kind == "interactive":
        fields = {"payload": json.dumps(envelope.body)}
    return urlencode(fields).encode(), _FORM_TYPE


def _payload(answer: bytes) -> Json:
    text = answer.decode("utf-8", "replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text} if text.strip() else {}
    return parsed if isinstance(parsed, dict) else {}
