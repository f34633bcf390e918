"""What production asks of the outside: one Protocol per outside thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.announcement import Post
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Key, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.loudness import Loudness, LoudnessTarget
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.publication import Manifest, PublicFile
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.rundown import Chapter, Segment
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode


class Progress(Protocol):
    """Where a long job tells how far it is; silent in a pipe."""

    def step(self, text: Text) -> None:
        """Say that a new part of the job begins, or what it came to."""

    def advance(self, done: float, total: float) -> None:
        """Say how much of the current part is done."""


class ThreadSource(Protocol):
    """Where threads are read from: the live workspace, or its export. Public channels only."""

    def channels(self) -> Sequence[Channel]: ...

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        """Look people up; whoever is unknown is left out."""

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        """Yield the channel's top-level messages page by page, each with its reply count and latest reply."""

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        """Read all replies of one thread, oldest first, without the opening message."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None: ...

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        """Everybody who put this emoji under the message, also where the message lists only some."""


class Workspace(Protocol):
    """The live Slack workspace, as far as we speak in it."""

    def channel_named(self, name: str) -> Channel | None:
        """Find a public channel by name or id."""

    def post(self, post: Post) -> Ts: ...

    def find_post(self, post: Post, since: datetime) -> Ts | None:
        """Find our own message by the key in its metadata, where an answer of Slack got lost."""

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Put our reaction under a message; fine if it is there already."""


class Inbox(Protocol):
    """Questions and topics with their threads, in the database."""

    def known_threads(self, channel: ChannelId) -> Mapping[Ts, Message]:
        """Opening messages as they were stored with all of their replies."""

    def store_threads(self, threads: Sequence[Thread], questions: Sequence[Question]) -> int:
        """Store one page in one transaction; a question that exists keeps its status and consent."""

    def questions(
        self, *, channel: ChannelId | None = None, statuses: frozenset[Status] | None = None
    ) -> Sequence[Question]:
        """List questions and topics, oldest first."""

    def question(self, id: QuestionId) -> Question:  # noqa: A002 - the field's word
        """Read one; UnknownError where there is none. A unique beginning of the id is enough."""

    def move(self, id: QuestionId, to: Status, *, at: datetime) -> Question:  # noqa: A002
        """Change a question's status; NotReadyError where its life does not allow that."""
