"""The demo's own web server on a free port of loopback, watched, and made to fail where a test wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from cityhall_fm.demo.serving import create_app
from free_port import free_ports

Headers = dict[str, str]
Change = Callable[[str, int, Headers, bytes], tuple[int, Headers, bytes]]
"""method, status, headers and body of an answer -> what is sent instead."""


@dataclass
class Request:
    """What a client asked, and the status that it got."""

    method: str
    path: str
    headers: Headers
    status: int = 0


@dataclass
class PodcastHost:
    """Where a site is served, what was asked of it, and which answers are changed."""

    url: str
    asked: list[Request] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)
    breaks_after: dict[str, list[int]] = field(default_factory=dict)
    """The connection breaks after so many bytes of each of a path's next answers."""

    def asked_for(self, path: str) -> list[Request]:
        return [request for request in self.asked if request.path == path]

    def without(self, path: str, header: str) -> None:
        """Leave a header out of the answers for a path."""

        def change(_: str, status: int, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
            return status, {name: value for name, value in headers.items() if name != header}, body

        self.changes[path] = change

    def with_header(self, path: str, header: str, value: str) -> None:
        self.changes[path] = lambda _, status, headers, body: (status, {**headers, header: value}, body)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.changes[path] = lambda *_: (status, {"location": to, "content-length": "0"}, b"")


@contextmanager
def podcast_host(site: Path) -> Iterator[PodcastHost]:
    """Serve a published folder until the test is over."""
    port = free_ports(1)[0]
    host = PodcastHost(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(
        _watched(create_app(site), host), host="127.0.0.1", port=port, log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield host
    finally:
        server.should_exit = True
        thread.join()


def _watched(app, host: PodcastHost):
    async def answer(scope, receive, send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]
        request = Request(scope["method"], path, _headers(scope["headers"]))
        host.asked.append(request)
        start, body = {}, b""

        async def gather(message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body += message.get("body", b"")

        await app({**scope, "extensions": {}}, receive, gather)
        status, headers = start["status"], _headers(start["headers"])
        if path in host.changes:
            status, headers, body = host.changes[path](request.method, status, headers, body)
        request.status = status
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        if request.method == "GET" and host.breaks_after.get(path):
            await send(
                {
                    "type": "http.response.body",
                    "body": body[: host.breaks_after[path].pop(0)],
                    "more_body": True,
                }
            )
            raise ConnectionError
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})

    return answer


def _headers(raw) -> Headers:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
