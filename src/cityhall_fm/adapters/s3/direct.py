"""S3 spoken without its SDK: signed GET, PUT and DELETE of an object, where the environment says it all.

Loading boto3 takes longer than everything else that a publication without changes does. So what is simple
goes this way, and whatever does not come out well is asked again by boto3, which knows every other case.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Final, Self
from urllib.parse import quote, urlsplit

_CONNECTING, _ANSWERING = 10.0, 60.0
"""Seconds."""
_ELSEWHERE: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
_AMAZON: Final = (".amazonaws.com", ".amazonaws.com.cn")


@dataclass(frozen=True, slots=True)
class Access:
    """Where a service is, and the key to it."""

    endpoint: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    ca_bundle: str = ""

    @classmethod
    def told_by(cls, environment: Mapping[str, str], home: Path) -> Self | None:
        """Read the AWS_* environment; None where a profile, a file, a proxy or Amazon has a say in it."""
        endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""
        key_id, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
        files = (environment.get("AWS_CONFIG_FILE") or home / ".aws" / "config",)
        more = any(environment.get(name) for name in _ELSEWHERE) or any(
            Path(each).is_file() for each in files
        )
        proxied = any(environment.get(name) or environment.get(name.upper()) for name in _PROXIES)
        if not (key_id and secret and _is_plain(endpoint)) or more or proxied:
            return None
        return cls(
            endpoint=endpoint,
            region=environment.get("AWS_DEFAULT_REGION") or "us-east-1",
            key_id=key_id,
            secret=secret,
            token=environment.get("AWS_SESSION_TOKEN", ""),
            ca_bundle=environment.get("AWS_CA_BUNDLE") or environment.get("REQUESTS_CA_BUNDLE") or "",
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    etag: str
    content: bytes
    date: str = ""
    """When, by its own clock (RFC 9110, 6.6.1)."""


class Direct:
    """Connections to one service, kept open; several threads may ask at once."""

    def __init__(self, access: Access, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._access = access
        self._clock = clock
        self._place = urlsplit(access.endpoint)
        self._free: LifoQueue[HTTPConnection] = LifoQueue()
        self._works = True

    @property
    def endpoint(self) -> str:
        return self._access.endpoint

    def ask(
        self,
        method: str,
        name: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        sha256: str = "",
    ) -> Answer | None:
        """Ask about `bucket/key`; None where no answer came, and then never again. `sha256` is the body's."""
        if not self._works:
            return None
        path = f"{self._place.path.rstrip('/')}/{quote(name, safe='/~')}"
        to_sign = {**(headers or {}), "Host": self._host}
        signed = signed_headers(
            self._access,
            method,
            path,
            to_sign,
            sha256=sha256 or hashlib.sha256(body).hexdigest(),
            now=self._clock(),
        )
        try:
            return self._asked(method, path, body, signed)
        except (HTTPException, OSError):
            self._works = False
            return None

    def close(self) -> None:
        """Let the connections go."""
        while True:
            try:
                self._free.get_nowait().close()
            except Empty:
                return

    def __del__(self) -> None:
        self.close()

    def _asked(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        while True:
            try:
                connection, is_new = self._free.get_nowait(), False
            except Empty:
                connection, is_new = self._connected(), True
            try:
                connection.request(method, path, body or None, dict(headers))
                with connection.getresponse() as answer:
                    content = answer.read()
                    etag, date = answer.headers.get("ETag", ""), answer.headers.get("Date", "")
                    told = Answer(answer.status, etag.strip('"'), content, date)
            except (HTTPException, OSError):
                connection.close()
                if is_new:
                    raise
                continue  # servers hang up on those who were silent for long: the next one, or a new one
            self._free.put(connection)
            return told

    def _connected(self) -> HTTPConnection:
        host = self._place.hostname or ""
        if self._place.scheme == "https":
            context = ssl.create_default_context(cafile=self._access.ca_bundle or None)
            connection: HTTPConnection = HTTPSConnection(
                host, self._place.port, timeout=_CONNECTING, context=context
            )
        else:
            connection = HTTPConnection(host, self._place.port, timeout=_CONNECTING)
        connection.connect()
        connection.sock.settimeout(_ANSWERING)
        return connection

    @property
    def _host(self) -> str:
        usual = {"http": 80, "https": 443}[self._place.scheme]
        host = self._place.hostname or ""
        host = f"[{host}]" if ":" in host else host
        return host if self._place.port in {None, usual} else f"{host}:{self._place.port}"


def signed_headers(
    access: Access, method: str, path: str, headers: Mapping[str, str], *, sha256: str, now: datetime
) -> Mapping[str, str]:
    """Sign a request without a query (AWS, "Signature Version 4", S3's way: the path is encoded once)."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{access.region}/s3/aws4_request"
    signed = {**headers, "X-Amz-Date": moment, "X-Amz-Content-SHA256": sha256}
    if access.token:
        signed["X-Amz-Security-Token"] = access.token
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in signed.items())
    names = ";".join(name for name, _ in lines)
    of_headers = "".join(f"{name}:{value}\n" for name, value in lines)
    request = f"{method}\n{path}\n\n{of_headers}\n{names}\n{sha256}"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{access.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    told = f"Credential={access.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**signed, "Authorization": f"AWS4-HMAC-SHA256 {told}"}


def _is_plain(endpoint: str) -> bool:
    try:
        place = urlsplit(endpoint)
        port = place.port
    except ValueError:
        return False
    host = place.hostname or ""
    strange = place.query or place.fragment or place.username or place.password or port == 0
    return place.scheme in {"http", "https"} and bool(host) and not host.endswith(_AMAZON) and not strange
