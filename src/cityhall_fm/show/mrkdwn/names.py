"""What mrkdwn only refers to: who is meant by an id, which channel, which emoji."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cityhall_fm.show.consent import Private
from cityhall_fm.show.slack_thread import ChannelId, UserId

Emoji = Callable[[str], str | None]
"""Finds the character of a shortcode (`radio`, `wave::skin-tone-3`); None where there is none."""

NOBODY: Final = "…"
"""Stands for a person whose name is unknown or withheld."""


class Names(Protocol):
    """Resolves references; None keeps the label that Slack stored, or else the typed shortcode."""

    def member(self, id: UserId) -> str | None: ...  # noqa: A002

    def channel(self, id: ChannelId) -> str | None: ...  # noqa: A002

    def emoji(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Everybody by name: for the host, never for the public."""

    members: Mapping[UserId, Private] = field(default_factory=dict)
    channels: Mapping[ChannelId, str] = field(default_factory=dict)
    characters: Emoji = field(default=lambda _: None)

    def member(self, id: UserId) -> str | None:  # noqa: A002
        name = self.members.get(id)
        return name.for_host() if name else None

    def channel(self, id: ChannelId) -> str | None:  # noqa: A002
        return self.channels.get(id)

    def emoji(self, name: str) -> str | None:
        return self.characters(name)


@dataclass(frozen=True, slots=True)
class WithheldNames:
    """Channels and emoji, but of every mentioned person only `@…`.

    The asker's consent releases the asker's words; it cannot release the names of others in them.
    """

    channels: Mapping[ChannelId, str] = field(default_factory=dict)
    characters: Emoji = field(default=lambda _: None)

    def member(self, id: UserId) -> str | None:  # noqa: A002, ARG002
        return NOBODY

    def channel(self, id: ChannelId) -> str | None:  # noqa: A002
        return self.channels.get(id)

    def emoji(self, name: str) -> str | None:
        return self.characters(name)
