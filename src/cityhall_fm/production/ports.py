"""What production asks of the outside: one Protocol per outside thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.announcement import Post, Posted, PostKey
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Consent
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid, Key, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.mastering import Mastered, MasteringOrder, MasteringSettings
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.publication import Manifest, PublicFile
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId
from cityhall_fm.show.text import Text


class Progress(Protocol):
    """Where a long job tells how far it is; silent in a pipe."""

    def step(self, text: Text) -> None:
        """Say that a new part of the job begins, or what it came to."""

    def advance(self, done: float, total: float) -> None:
        """Say how much of the current part is done."""


class ThreadSource(Protocol):
    """Where threads are read from: the live workspace, or its export. Public channels only."""

    @property
    def live(self) -> bool:
        """Whether it shows the present; an export shows the day it was made."""

    def channels(self) -> Sequence[Channel]: ...

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        """Look people up; whoever is unknown is left out."""

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        """Yield the top-level messages page by page, each with its reply count and latest reply."""

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        """Read all replies of one thread, oldest first, without the opening message."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None: ...

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        """Name everybody who put this emoji under the message, also where it lists only some."""


class Workspace(Protocol):
    """The live Slack workspace, as far as we speak in it."""

    def channel_named(self, name: str) -> Channel:
        """Find a public channel by name or id; UnknownError where there is none."""

    def post(self, post: Post) -> Posted: ...

    def find_post(self, post: Post, *, since: datetime) -> Posted | None:
        """Find our own message by the key in its metadata, where an answer of Slack got lost."""

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Put our reaction under a message; fine if it is there already."""


class Inbox(Protocol):
    """Questions and topics with their threads, in the database."""

    def stored_openings(self, channel: ChannelId) -> Mapping[Ts, Message]:
        """Read the channel's opening messages as they were stored, together with all of their replies."""

    def store(self, threads: Sequence[Thread], questions: Sequence[Question]) -> None:
        """Store one page in one transaction; a question that is there keeps its status and its consent."""

    def channels(self) -> Mapping[ChannelId, str]:
        """Name the channels that were collected from."""

    def remember_channel(self, channel: Channel) -> None: ...

    def names(self) -> Mapping[UserId, Member]:
        """Read the members that threads name."""

    def remember_names(self, members: Sequence[Member]) -> None: ...

    def questions(
        self, *, channel: ChannelId | None = None, statuses: frozenset[Status] = frozenset(Status)
    ) -> Sequence[Question]:
        """List questions and topics, oldest first."""

    def question(self, beginning: str) -> Question:
        """Read one by its id or a unique beginning of it; UnknownError otherwise."""

    def set_status(self, id: QuestionId, status: Status, *, at: datetime) -> None: ...  # noqa: A002

    def set_consent(self, id: QuestionId, consent: Consent) -> None:  # noqa: A002
        """Keep a consent beside the earlier ones; the latest counts."""


class Ledger(Protocol):
    """What was done, so that it is done once; in the database."""

    def record(self, episode: EpisodeNumber, step: str, outcome: str, *, at: datetime) -> None: ...

    def steps(self, episode: EpisodeNumber) -> Mapping[str, str]:
        """Read the latest outcome of every step."""

    def posted(self, key: PostKey) -> Posted | None: ...

    def intend(self, key: PostKey, *, at: datetime) -> datetime:
        """Note that a post is about to be made; tells when that was first intended."""

    def remember(self, posted: Posted, *, at: datetime) -> None: ...


class EpisodeShelf(Protocol):
    """The episode folders, which people write."""

    def episodes(self) -> Sequence[Episode]:
        """Read all, by number; InputError names every problem of a file."""

    def episode(self, number: EpisodeNumber) -> Episode:
        """Read one; UnknownError where there is none."""

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        """List `recording.*` in the order of their names; none is an empty answer."""

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        """Make the folder of the next episode."""

    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        """Put a segment into the rundown: in place of the one at this position (from 1), or as the last."""

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None: ...

    def mark_published(self, number: EpisodeNumber, at: datetime) -> None: ...


class MasteringSuite(Protocol):
    """What turns a recording into finished audio."""

    def master(self, order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
        """Write the finished file whole or not at all; AudioError where the input will not do."""

    def measure(self, path: Path) -> Loudness: ...

    def recipe(self, order: MasteringOrder) -> str:
        """Fingerprint everything that decides about the result: the same recipe gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages for listeners show; episodes newest first."""

    show: Show
    artwork: Key
    episodes: tuple[tuple[Episode, ShowNotes], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A message as its template worded it."""

    text: str
    blocks: tuple[Mapping[str, object], ...]


class Renderer(Protocol):
    """What words the show's texts, over the show's own templates and the defaults."""

    def notes_html(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the full show notes: clean HTML."""

    def notes_text(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the show notes as plain text."""

    def description(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the feed's description: the few HTML tags that apps know, at most 4,000 bytes."""

    def pages(self, site: Site) -> Mapping[Key, bytes]:
        """Make every page and what it needs."""

    def announcement(self, show: Show, episode: Episode, notes: ShowNotes, artwork: Key) -> Words: ...

    def receipt(self, show: Show, episode: Episode, part: Part) -> Words: ...


class FeedWriter(Protocol):
    """What writes RSS."""

    def write(self, feed: Feed) -> bytes: ...


class PublicFolder(Protocol):
    """`feeds/public` on this machine: built, and what listeners shall find."""

    def path(self, key: Key) -> Path: ...

    def holds(self, enclosure: Enclosure) -> bool: ...

    def artwork(self) -> tuple[Key, bytes]:
        """Read the show's artwork; its key carries a hash, since new art needs a new name."""

    def build(self, files: Mapping[Key, bytes]) -> Sequence[Key]:
        """Write what changed, remove what is no longer built, leave media; tells what changed."""

    def files(self) -> Sequence[PublicFile]: ...


class Bucket(Protocol):
    """Where podcast apps fetch the show from."""

    @property
    def where(self) -> str:
        """Its name, as people know it."""

    def manifest(self) -> Manifest:
        """Read what the last publication left; empty where there was none."""

    def put(self, file: PublicFile, source: Path) -> None: ...

    def put_manifest(self, manifest: Manifest) -> None: ...


class Companion(Protocol):
    """Everything outside, and what the show's settings say; each made when it is first needed."""

    @property
    def show(self) -> Show: ...
    @property
    def rules(self) -> CollectingRules: ...
    @property
    def mastering(self) -> MasteringSettings: ...
    @property
    def artwork(self) -> Path: ...
    @property
    def announce_channel(self) -> str: ...
    @property
    def shelf(self) -> EpisodeShelf: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def suite(self) -> MasteringSuite: ...
    @property
    def renderer(self) -> Renderer: ...
    @property
    def feed_writer(self) -> FeedWriter: ...
    @property
    def folder(self) -> PublicFolder: ...
    @property
    def bucket(self) -> Bucket: ...
    @property
    def workspace(self) -> Workspace: ...
