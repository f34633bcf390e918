"""What stands before every page: only our own address, only our own forms, and a strict policy."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    # With "no-referrer", browsers send forms from the origin "null" (Fetch, 3.2)
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses requests for another name (DNS rebinding) and changes that another site asks for (CSRF).

    `addresses` are the origins that the studio is reached at, such as `http://127.0.0.1:8430`.
    """

    def __init__(self, app: ASGIApp, *, addresses: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(address.rstrip("/").lower() for address in addresses)
        self._hosts = frozenset(origin.partition("://")[2] for origin in self._origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            await PlainTextResponse("misdirected", 421)(scope, receive, send)
            return
        if scope["method"] not in _SAFE and not self._is_ours(headers):
            await PlainTextResponse("another origin", 403)(scope, receive, send)
            return

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer.setdefault(name, value)
                answer.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_policy)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return origin.lower() in self._origins
        return headers.get("sec-fetch-site") == "same-origin"
