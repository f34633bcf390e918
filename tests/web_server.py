"""Another host's web server on loopback, which can do everything wrong that hosts do."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = "<!DOCTYPE html><html><title>佐久</title>見つかりません</html>".encode()


@dataclass
class Served:
    """What lies under a path; the faults are those of real hosts."""

    content: bytes = b""
    media_type: str = "application/octet-stream"
    etag: str | None = '"one"'
    ranges: bool = True
    breaks_after: list[int] = field(default_factory=list)
    """The connection breaks after so many bytes of each of the next answers."""
    claims: int | None = None
    """A Content-Length that is not true."""
    without_length: bool = False
    wrong_range: bool = False
    redirect: str | None = None
    status: int = 200
    statuses: list[int] = field(default_factory=list)
    """What the next answers are instead."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class WebServer:
    """Where it is, what it serves, and what it was asked: path and range, byte for byte."""

    url: str
    served: dict[str, Served] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    request_headers: list[dict[str, str]] = field(default_factory=list)

    def serve(self, path: str, content: bytes = b"", media_type: str = "", **faults) -> str:
        self.served[path] = Served(content, media_type or "application/octet-stream", **faults)
        return self.url + path

    def asked_for(self, path: str) -> list[str | None]:
        """Tell which ranges of a path were asked for, in their order."""
        return [wanted for asked, wanted in self.asked if asked == path]


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Serve on a free port of loopback until the test is over."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    web = WebServer(f"http://127.0.0.1:{server.server_address[1]}")
    server.web = web
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        web: WebServer = self.server.web
        wanted = self.headers.get("Range")
        web.asked.append((self.path, wanted))
        web.request_headers.append(dict(self.headers))
        served = web.served.get(self.path)
        if served is None:
            self._answer(404, PAGE, {"Content-Type": "text/html"})
            return
        status = served.statuses.pop(0) if served.statuses else served.status
        if served.redirect is not None:
            self._answer(
                status if status != 200 else 301, b"", {"Location": served.redirect, **served.headers}
            )
            return
        if status >= 400:
            self._answer(status, PAGE, {"Content-Type": "text/html", **served.headers})
            return
        self._send(served, wanted)

    def _send(self, served: Served, wanted: str | None) -> None:
        content, status = served.content, 200
        headers = {"Content-Type": served.media_type, **served.headers}
        if served.etag:
            headers["ETag"] = served.etag
        match = re.fullmatch(r"bytes=(\d+)-", wanted or "")
        same = self.headers.get("If-Range") in (None, served.etag, served.headers.get("Last-Modified"))
        if match and served.ranges and same:
            start = int(match[1])
            if start >= len(content):
                self._answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            told = start + 1 if served.wrong_range else start
            headers["Content-Range"] = f"bytes {told}-{len(content) - 1}/{len(content)}"
            content, status = content[start:], 206
        length = served.claims if served.claims is not None and status == 200 else len(content)
        if served.breaks_after:
            content = content[: served.breaks_after.pop(0)]
        if not served.without_length:
            headers["Content-Length"] = str(length)
        self._answer(status, content, headers, length_told=True)

    def _answer(
        self, status: int, content: bytes, headers: dict[str, str], *, length_told: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not length_told:
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
