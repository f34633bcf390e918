"""A workspace and a computer as the doctor finds them, in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cityhall_fm.production.ports.doctor import Identity, Reach
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_app import BOT_SCOPES
from cityhall_fm.show.slack_thread import Channel, ChannelId


class FakeCheckup:
    """All is well unless said otherwise; `refuses` and `refuses_socket` are Slack's names for why not."""

    def __init__(
        self,
        channels: Sequence[Channel] = (),
        *,
        scopes: Sequence[str] | None = BOT_SCOPES,
        at: datetime | None = None,
        reach: Reach | None = None,
        refuses: str = "",
        refuses_socket: str = "",
    ) -> None:
        self._channels = channels
        self._identity = Identity("リモート市役所", None if scopes is None else frozenset(scopes), at)
        self._reach = reach or Reach(is_limited=False, beyond=True, up_to_limit=False)
        self._refuses = refuses
        self._refuses_socket = refuses_socket

    def identity(self) -> Identity:
        if self._refuses:
            raise SlackError("slack.bad_token", error=self._refuses)
        return self._identity

    def channels(self) -> Sequence[Channel]:
        return self._channels

    def reach(self, channel: ChannelId, *, now: datetime) -> Reach:  # noqa: ARG002  the port's
        return self._reach

    def open_socket(self) -> None:
        if self._refuses_socket:
            raise SlackError("slack.bad_token", error=self._refuses_socket)


class FakeMachine:
    """Has everything, and room."""

    def __init__(self, *, missing: Sequence[str] = (), free: int = 10**11) -> None:
        self._missing = missing
        self._free = free

    def missing_codecs(self) -> Sequence[str]:
        return self._missing

    def free_bytes(self, folder: Path) -> int:  # noqa: ARG002  the port's
        return self._free

    @contextmanager
    def probe_file(self, content: bytes) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "probe"
            path.write_bytes(content)
            yield path
