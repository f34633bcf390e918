"""What the doctor asks of the outside, beside the ports that every production has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.slack_thread import Channel, ChannelId


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack takes us for: the workspace's name, the token's scopes, and Slack's own clock."""

    workspace: str
    scopes: frozenset[str] | None
    """None where Slack did not tell."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a channel can be read: beyond the limit of a free plan, or only up to it."""

    is_limited: bool
    """Slack itself says that it hides messages."""
    beyond: bool
    """A message older than any such limit can be seen."""
    up_to_limit: bool
    """The oldest messages that can be seen are about as old as the limit."""


class SlackCheckup(Protocol):
    """What looks at the workspace without changing anything in it; each question is one or two calls."""

    def identity(self) -> Identity: ...

    def channels(self) -> Sequence[Channel]: ...

    def reach(self, channel: ChannelId, *, now: datetime) -> Reach: ...

    def open_socket(self) -> None:
        """Have Slack hand out an address of Socket Mode, unused; SlackError where it refuses the token."""


class Machine(Protocol):
    """What this computer has."""

    def missing_codecs(self) -> Sequence[str]:
        """Name what audio needs and is not there."""

    def free_bytes(self, folder: Path) -> int:
        """Tell how much room the disk of a folder has."""

    def probe_file(self, content: bytes) -> AbstractContextManager[Path]:
        """Lay out a small file for as long as it is needed."""
