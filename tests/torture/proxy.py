"""A proxy between boto3 and the S3 server that answers late, wrongly, or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

SLOW_DOWN = (
    b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>"
    b"</Error>"
)

FAILED = SLOW_DOWN.replace(b"SlowDown", b"InternalError").replace(b"reduce your request rate", b"try again")


class Fault(StrEnum):
    """What happens to one request."""

    NONE = "none"
    SLOW_DOWN = "503"
    RESET_BEFORE = "reset before it arrived"
    LOST_ANSWER = "stored, and the answer lost"
    LATE = "late"
    ERROR_200 = "200 with an error in it"


@dataclass
class Faulty:
    """Where the proxy is; `decide` chooses what happens to a request of a method and a path."""

    url: str = ""
    decide: Callable[[str, str], Fault] = lambda method, path: Fault.NONE  # noqa: ARG005
    counted: dict[Fault, int] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def faulty(upstream: str) -> Iterator[Faulty]:
    """Serve on loopback until the block ends."""
    target = urlsplit(upstream)
    proxy = Faulty()
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                    while await _one(reader, writer, proxy, target.hostname, target.port):
                        pass
            finally:  # also where this task is cancelled, since its connection was kept
                writer.close()
            with suppress(Exception):
                await writer.wait_closed()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=2**20)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


async def _one(reader, writer, proxy, host, port) -> bool:
    """Pass one request on; tells whether another may follow on this connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if "100-continue" in headers.get("expect", "").lower():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    fault = proxy.decide(method, path)
    proxy.counted[fault] = proxy.counted.get(fault, 0) + 1
    proxy.requests.append((method, path))
    if fault is Fault.RESET_BEFORE:
        return False
    if fault is Fault.SLOW_DOWN:
        length = f"Content-Length: {len(SLOW_DOWN)}\r\n\r\n".encode()
        answer = b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\n" + length
        writer.write(answer + (b"" if method == "HEAD" else SLOW_DOWN))
        await writer.drain()
        return True
    if fault is Fault.ERROR_200:
        length = f"Content-Length: {len(FAILED)}\r\n\r\n".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n" + length + FAILED)
        await writer.drain()
        return True
    if fault is Fault.LATE:
        await asyncio.sleep(0.3)
    up_reader, up_writer = await asyncio.open_connection(host, port, limit=2**20)
    kept = [line for line in lines[1:] if line and not line.lower().startswith(("connection:", "expect:"))]
    up_writer.write("\r\n".join([lines[0], *kept, "Connection: close", "", ""]).encode("latin-1") + body)
    await up_writer.drain()
    answer = await up_reader.read(-1)
    up_writer.close()
    if fault is Fault.LOST_ANSWER:
        return False
    writer.write(answer)
    await writer.drain()
    return False
