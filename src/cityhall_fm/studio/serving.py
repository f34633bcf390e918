"""Running the studio: on loopback, until it is told to end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import uvicorn

from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.studio.app import control_room, create_app
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.wiring import Wired

HOST: Final = "127.0.0.1"
PORT: Final = 8430
_START_SECONDS: Final = 20.0
_STOP_SECONDS: Final = 5


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def studio_at_work(
    companion: Wired, *, port: int = PORT, clock: Callable[[], datetime] = _utc_now
) -> Iterator[tuple[ControlRoom, str]]:
    """Serve on loopback until the block ends; gives the studio and its address on this machine.

    A team reaches it through a web server of their own, which ends TLS, at the address in the settings.
    Port 0 takes a free one. Work that was begun comes to its end first. Raises NotReadyError where
    another program has the port.
    """
    taken = _listen(port)
    port = taken.getsockname()[1]
    here = f"http://{HOST}:{port}"
    public = companion.settings.studio.address
    addresses = [here, f"http://localhost:{port}", *([public] if public else [])]
    room = control_room(companion, clock=clock, address=public or here)
    config = uvicorn.Config(
        create_app(room, addresses=addresses), log_level="warning", access_log=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, name="studio", daemon=True)
    thread.start()
    until = time.monotonic() + _START_SECONDS
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    room.postman.begin()
    try:
        yield room, here
    finally:
        room.postman.end()
        room.live.end()
        server.should_exit = True
        thread.join(_STOP_SECONDS + _START_SECONDS)
        taken.close()
        room.jobs.wait()


def _listen(port: int) -> socket.socket:
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError as error:
        taken.close()
        raise NotReadyError("studio.port_taken", port=port) from error
    return taken
