"""Socket Mode: the WebSockets that apps hold open, and what goes over them."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from cityhall_fm.sandbox.people import Json

MOST_SOCKETS = 10
_TRY_AGAIN_LATER = 1013
_NO_SUCH_TICKET = 4004


@dataclass(eq=False, slots=True)
class Socket:
    """One connection of one app; `outgoing` is written from any thread, None ends it."""

    app_id: str
    loop: asyncio.AbstractEventLoop
    outgoing: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)

    def send(self, message: Json) -> None:
        self.loop.call_soon_threadsafe(self.outgoing.put_nowait, json.dumps(message))

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.outgoing.put_nowait, None)


class Sockets:
    """All open connections; any one of an app's gets a payload, in turn."""

    def __init__(self, admit: Callable[[str], str], on_ack: Callable[[str, Json], None]) -> None:
        self._admit_ticket = admit
        self._on_ack = on_ack
        self._open: dict[str, list[Socket]] = {}
        self._changed = threading.Condition()

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until at least so many connections are open; tell whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: sum(map(len, self._open.values())) >= count, seconds)

    def send(self, app_id: str, message: Json) -> bool:
        """Hand a message to one of the app's connections; False if it has none."""
        with self._changed:
            sockets = self._open.get(app_id)
            if not sockets:
                return False
            sockets.append(sockets.pop(0))
            sockets[-1].send(message)
            return True

    def announce_end(self, reason: str) -> None:
        """Tell every connection to come back on a new one (`warning`, `refresh_requested`), and hang up."""
        with self._changed:
            for socket in (one for sockets in self._open.values() for one in sockets):
                socket.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
                socket.close()
            self._open.clear()

    def drop(self, app_id: str = "", *, most: int | None = None) -> int:
        """Cut connections without a word, of one app or of all; return how many."""
        with self._changed:
            chosen = [one for sockets in self._open.values() for one in sockets if app_id in ("", one.app_id)]
            chosen = chosen[:most]
            for socket in chosen:
                self._open[socket.app_id].remove(socket)
                socket.close()
            self._changed.notify_all()
            return len(chosen)

    async def serve(self, websocket: WebSocket) -> None:
        """Hold one connection until either side ends it."""
        app_id = self._admit_ticket(websocket.query_params.get("ticket", ""))
        await websocket.accept()
        if not app_id:
            await websocket.close(_NO_SUCH_TICKET)
            return
        socket = Socket(app_id, asyncio.get_running_loop())
        if not self._admit(socket):
            refusal = {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}}
            await websocket.send_text(json.dumps(refusal))
            await websocket.close(_TRY_AGAIN_LATER)
            return
        writing = asyncio.create_task(_write(websocket, socket))
        reading = asyncio.create_task(self._read(websocket))
        try:
            await asyncio.wait((writing, reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._forget(socket)
            for task in (writing, reading):
                task.cancel()
            await asyncio.gather(writing, reading, return_exceptions=True)

    async def _read(self, websocket: WebSocket) -> None:
        try:
            while True:
                heard = json.loads(await websocket.receive_text())
                if isinstance(heard, dict) and isinstance(heard.get("envelope_id"), str):
                    self._on_ack(heard["envelope_id"], heard.get("payload") or {})
        except (WebSocketDisconnect, RuntimeError, ValueError):
            return  # gone, or no JSON: Slack hangs up

    def _admit(self, socket: Socket) -> bool:
        with self._changed:
            sockets = self._open.setdefault(socket.app_id, [])
            if len(sockets) >= MOST_SOCKETS:
                return False
            sockets.append(socket)
            info = {"host": "sandbox", "approximate_connection_time": 18060}
            hello = {"type": "hello", "num_connections": len(sockets), "debug_info": info}
            socket.send({**hello, "connection_info": {"app_id": socket.app_id}})
            self._changed.notify_all()
            return True

    def _forget(self, socket: Socket) -> None:
        with self._changed:
            sockets = self._open.get(socket.app_id, [])
            if socket in sockets:
                sockets.remove(socket)
            self._changed.notify_all()


async def _write(websocket: WebSocket, socket: Socket) -> None:
    try:
        while (message := await socket.outgoing.get()) is not None:
            await websocket.send_text(message)
        await websocket.close()
    except (WebSocketDisconnect, RuntimeError):
        return  # the other side was quicker
