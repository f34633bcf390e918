"""Who is in a Slack workspace, and where they meet: User, App and Channel."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cityhall_fm.sandbox.manifest import Manifest

Kind = Literal["public_channel", "private_channel", "im", "mpim"]
Json = dict[str, Any]

_FORBIDDEN_IN_NAMES = frozenset('/\\:*?"<>|')
_LONGEST_NAME = 80
MINIMAL_SCOPES = frozenset(
    {
        "channels:history",
        "pins:write",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "users:read",
    }
)


@dataclass(frozen=True, slots=True)
class User:
    """A member of the workspace; a bot is one too."""

    id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    bot_id: str = ""
    app_id: str = ""
    locale: str = ""
    """As `ja-JP`; empty is the workspace's own language."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown_name(self) -> str:
        return self.display_name or self.real_name or self.name


@dataclass(frozen=True, slots=True)
class App:
    """An installed app: the tokens it carries, what they may do, and what its manifest asked for."""

    token: str
    user_id: str
    bot_id: str
    app_id: str
    scopes: frozenset[str]
    app_token: str = ""
    app_token_scopes: frozenset[str] = frozenset()
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    manifest: Manifest = field(default_factory=Manifest)


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation: public or private channel, or direct messages."""

    id: str
    name: str
    kind: Kind = "public_channel"
    members: tuple[str, ...] = ()
    topic: str = ""
    purpose: str = ""
    creator: str = ""
    created: int = 0
    is_archived: bool = False
    is_general: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        return self.kind in ("im", "mpim")


@dataclass(frozen=True, slots=True)
class Group:
    """A user group: a handle that stands for several members."""

    id: str
    handle: str
    members: tuple[str, ...] = ()


def next_id(prefix: str, taken: Collection[str]) -> str:
    """Return an id that nobody has yet."""
    number = len(taken) + 1
    while f"{prefix}{number:010d}" in taken:
        number += 1
    return f"{prefix}{number:010d}"


def check_name(name: str) -> None:
    """Refuse what cannot name a channel, nor its folder in an export."""
    if len(name) > _LONGEST_NAME or name.startswith(".") or _FORBIDDEN_IN_NAMES & set(name):
        raise ValueError(f"{name!r} is no channel name")
