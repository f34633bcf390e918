"""One address in front of several servers, as in front of a web farm: each request goes to the next."""

from __future__ import annotations

import itertools
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def in_turn(ports: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Serve on loopback; gives the address, and where each request went."""
    turns, went = itertools.cycle(ports), []

    class Next(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            port = next(turns)
            went.append(port)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            url = f"http://127.0.0.1:{port}{self.path}"
            given = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            asked = urllib.request.Request(url, data=body, headers=given)
            try:
                with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - same
                    self._answer(answer.status, answer.headers.get_content_type(), answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    self._answer(error.code, error.headers.get_content_type(), error.read())
            except OSError:  # that server has ended, or is late
                self._answer(502, "text/plain", b"")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Next) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", went
        finally:
            server.shutdown()
