"""How a workspace is set up, and what users, channels and messages may carry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, TypedDict

from cityhall_fm.sandbox.people import Json

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Tell the time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict the workspace is."""

    rate_limits: bool = False
    refuse_pings: bool = True
    """The sandbox's own rule: Slack would deliver a bot's mentions, our bot must never send one."""
    reaction_users_shown: int | None = None
    """How many users a reaction lists before it is cut short; reactions.get full=true lists all."""
    ack_seconds: float = 3.0
    """How long an app has to acknowledge, in real seconds; Slack gives it three."""
    trigger_seconds: float = 3.0
    """How long a trigger_id opens a modal, on the world's clock."""


class UserFields(TypedDict, total=False):
    """What may be said about a new member besides the names."""

    is_bot: bool
    deleted: bool
    is_restricted: bool
    is_stranger: bool
    bot_id: str
    app_id: str
    locale: str
    extra: Mapping[str, Any]


class ChannelFields(TypedDict, total=False):
    """What may be said about a new channel."""

    topic: str
    purpose: str
    creator: str
    created: int
    is_archived: bool
    is_general: bool
    extra: Mapping[str, Any]


class MessageFields(TypedDict, total=False):
    """What a message may carry besides its text."""

    subtype: str
    bot_id: str
    app_id: str
    blocks: tuple[Json, ...]
    attachments: tuple[Json, ...]
    metadata: Mapping[str, Any] | None
    files: tuple[str, ...]
    extra: Mapping[str, Any]


class ClipFields(TypedDict, total=False):
    """What may be said about a file besides its name and content."""

    mimetype: str
    title: str
    subtype: str
    duration_ms: int
    transcript: str
    is_complete: bool


class ProfileFields(TypedDict, total=False):
    """What a member may change about themselves."""

    real_name: str
    display_name: str
    locale: str
    deleted: bool


class Options(TypedDict, total=False):
    """How a workspace is set up."""

    clock: Clock
    rules: Rules | None
    team_id: str
    team_name: str
    zone: tzinfo
    language: str
    ids_from: int
