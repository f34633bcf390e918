"""What we say in Slack about an episode: one announcement, and a receipt to everybody who asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from cityhall_fm.show.episode import Guid
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import ChannelId, Ts

PostKey = NewType("PostKey", str)
"""Names a message before it exists, so that it is posted once; any member can read it: no names in it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that we shall post once; `text` is what notifications and screen readers say."""

    key: PostKey
    channel: ChannelId
    text: str
    blocks: tuple[Mapping[str, object], ...]
    thread_ts: Ts | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a post came to stand."""

    key: PostKey
    channel: ChannelId
    ts: Ts


def announcement_key(guid: Guid) -> PostKey:
    """Name an episode's announcement."""
    return PostKey(f"announcement/{guid}")


def receipt_key(guid: Guid, question: QuestionId) -> PostKey:
    """Name the receipt for one question in one episode."""
    return PostKey(f"receipt/{guid}/{question}")


def told_key(question: QuestionId) -> PostKey:
    """Name the private message that tells an asker what became of their question."""
    return PostKey(f"told/{question}")


def no_key(question: QuestionId) -> PostKey:
    """Name the one that tells of a no after they had been told of another time."""
    return PostKey(f"told/{question}/no")
