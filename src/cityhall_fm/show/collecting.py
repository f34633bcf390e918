"""What is collected from Slack, and whether a thread is a question, a topic or neither."""

from __future__ import annotations

from dataclasses import dataclass

from cityhall_fm.show.slack_thread import ChannelId


@dataclass(frozen=True, slots=True)
class CollectingRules:
    """Channels by name or id; `marker` is the emoji that makes an opening message a question."""

    channels: tuple[str, ...]
    question_channels: tuple[str, ...] = ()
    marker: str = "radio"
    consent_wording: str = ""
    """What askers are told: the purpose, and that it airs."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collection came to, for one channel."""

    channel: ChannelId
    channel_name: str
    questions: int
    topics: int
    changed: int
    withdrawn: int
