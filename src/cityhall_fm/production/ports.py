"""What production asks of the outside: one Protocol per outside thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from cityhall_fm.production.feed_ports import FeedInspector, WebProbe
from cityhall_fm.show.announcement import Post, Posted, PostKey
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Consent
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid, Key, MediaFile, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.kept_feed import Conditions, KeptFeed, LiveFeed
from cityhall_fm.show.loudness import Loudness, LoudnessTarget
from cityhall_fm.show.mastering import (
    Mastered,
    MasteringOrder,
    MasteringSettings,
    StationMaster,
    Tags,
    Written,
)
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.outbox import Delivery, SaidBefore, Waiting
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.publication import Manifest, PublicFile
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.schedule import Date
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Transcribed


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

    def post_privately(self, user: UserId, words: Words, *, key: PostKey) -> Posted:
        """Say something to one member in a direct message."""

    def find_post(self, post: Post, *, since: datetime) -> Posted | None:
        """Find our own message by the key in its metadata, where an answer of Slack got lost."""

    def edit(self, posted: Posted, post: Post) -> None:
        """Bring a message of ours to say this instead."""

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

    def last_withdrawal(self) -> datetime | None:
        """Tell when somebody last took back an answered question, or changed the consent to it."""

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


class Outbox(Protocol):
    """What waits to be said in Slack, in order; in the database."""

    def put(self, deliveries: Sequence[Delivery], *, at: datetime) -> None:
        """Queue them in this order; what is known by its key stays as it is."""

    def waiting(self, episode: EpisodeNumber | None = None) -> Sequence[Waiting]: ...

    def deliveries(self, episode: EpisodeNumber) -> Sequence[Delivery]:
        """List everything that was ever queued about an episode."""

    def said_before(self, key: PostKey) -> SaidBefore | None:
        """Tell how a delivery ended; None where it waits or was never queued."""

    def done(self, delivery: Delivery, *, said: str | None, at: datetime) -> None: ...

    def put_off(self, delivery: Delivery, *, attempts: int, not_before: datetime) -> None: ...

    def give_up(self, delivery: Delivery, *, reason: str, at: datetime) -> None: ...


class Memory(Protocol):
    """Everything that the database remembers, as one."""

    def save(self, to: Path) -> None:
        """Write it into a new file, as of one moment."""

    def load(self, source: Path) -> None:
        """Take it over from such a file; NotReadyError where something is remembered already."""


class Dates(Protocol):
    """When prepared episodes go out; in the database."""

    def note(self, date: Date, *, at: datetime) -> None:
        """Keep an episode's date in place of the one before."""

    def all(self) -> Sequence[Date]: ...

    def of(self, episode: EpisodeNumber) -> Date | None: ...


class Turn(Protocol):
    """Whose turn it is to act on the show."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep all others out, in this process or on another machine; ConflictError where one is at it."""


class EpisodeShelf(Protocol):
    """The episode folders, which people write."""

    def episodes(self) -> Sequence[Episode]:
        """Read all, by number; InputError names every problem of a file."""

    def episode(self, number: EpisodeNumber) -> Episode:
        """Read one; UnknownError where there is none."""

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        """List `recording.*` in the order of their names; none is an empty answer."""

    def place(self, number: EpisodeNumber, name: str) -> Path:
        """Say where a file of that name would lie in the episode's folder."""

    def tracks(self, number: EpisodeNumber) -> Mapping[str, Path]:
        """Find the voices of an episode that were recorded each into a file of its own, by their names."""

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        """Make the folder of the next episode."""

    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        """Put a segment into the rundown: in place of the one at this position (from 1), or as the last."""

    def set_times(self, number: EpisodeNumber, rundown: Rundown) -> Episode:
        """Write a rundown's times over the segments by their place, at once; add those beyond the last."""

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None: ...

    def keep_transcript(self, number: EpisodeNumber, webvtt: str) -> None:
        """Write the episode's transcript, in the recording's times, over the one before."""

    def mark_published(self, number: EpisodeNumber, at: datetime) -> None: ...

    def add(self, episode: Episode) -> None:
        """Make the folder of an episode that comes from elsewhere, under its number."""

    def original(self, number: EpisodeNumber) -> Path | None:
        """Find the finished audio that an episode was brought with: `imported.*`."""

    def bring(self, number: EpisodeNumber, file: Path, name: str) -> Path:
        """Move a file into an episode's folder; tells where it is then."""


class Transcriber(Protocol):
    """What listens to a recording and writes down what is said."""

    def transcribe(self, recording: Path, *, language: str, progress: Progress) -> Transcribed:
        """Write down a recording in one language (BCP 47); InputError where the model will not do."""


class MasteringSuite(Protocol):
    """What turns a recording into finished audio."""

    def master(self, order: MasteringOrder, *, to: Path, progress: Progress) -> Mastered:
        """Write the finished file whole or not at all; AudioError where the input will not do."""

    def for_station(
        self,
        order: MasteringOrder,
        *,
        to: Path,
        target: LoudnessTarget,
        bits: Literal[16, 24],
        progress: Progress,
    ) -> StationMaster:
        """Write the same programme as a WAV for a radio station, whole or not at all."""

    def clip(
        self,
        source: Path,
        *,
        at: Timecode,
        length: Timecode,
        settings: MasteringSettings,
        tags: Tags,
        to: Path,
        progress: Progress,
    ) -> Written:
        """Cut a soundbite out of a finished file, whose times `at` and `length` are."""

    def pauses(
        self, order: MasteringOrder, *, least: float, progress: Progress
    ) -> tuple[Sequence[Pause], Timecode]:
        """Find the pauses of at least `least` seconds, and how long the recording is."""

    def measure(self, path: Path) -> Loudness: ...

    def recipe(self, order: MasteringOrder) -> str:
        """Fingerprint everything that decides about the result: the same recipe gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages for listeners show; episodes newest first."""

    show: Show
    artwork: Key
    episodes: tuple[tuple[Episode, ShowNotes], ...]
    picture: bytes = b""
    """The artwork itself, for smaller pictures of it."""


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

    def declined(self, show: Show, *, later: bool, first: bool, reason: str, permalink: str | None) -> Words:
        """Word the private message to whoever's question is not in the show this time."""


class FeedWriter(Protocol):
    """What writes RSS."""

    def write(self, feed: Feed) -> bytes: ...


class PublicFolder(Protocol):
    """`feeds/public` on this machine: built, and what listeners shall find."""

    def path(self, key: Key) -> Path: ...

    def holds(self, enclosure: Enclosure) -> bool:
        """Tell whether the finished audio is here, in all its formats; not its clips."""

    def has(self, file: MediaFile) -> bool: ...

    def adopt(self, file: Path, key: Key) -> None:
        """Put finished audio that is kept elsewhere under its key, without a second copy where disks can."""

    def artwork(self) -> tuple[Key, bytes]:
        """Read the show's artwork; its key carries a hash, since new art needs a new name."""

    def build(self, files: Mapping[Key, bytes]) -> Sequence[Key]:
        """Write what changed, remove what is no longer built, leave media; tells what changed."""

    def files(self) -> Sequence[PublicFile]: ...


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A feed as it is public, and what the bucket calls this version of it."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored file as a listing tells of it; the ETag is empty where the listing has none."""

    length_bytes: int
    etag: str = ""


class Bucket(Protocol):
    """Where podcast apps fetch the show from; several threads may put at once."""

    @property
    def where(self) -> str:
        """Its name, as people know it."""

    @property
    def endpoint(self) -> str:
        """The service behind it, whose behaviour is found out once."""

    def probe(self) -> Conditions:
        """Find out whether the service puts under a condition only."""

    def manifest(self) -> Manifest:
        """Read what the last publication left; empty where there was none."""

    def listing(self) -> Mapping[Key, Listed]:
        """List what is really there."""

    def read(self, key: Key) -> bytes: ...

    def feed(self) -> StoredFeed | None:
        """Read the feed that is public now."""

    def put(self, file: PublicFile, source: Path, told: Callable[[int], None] = ...) -> str:
        """Send one file, telling how many bytes more have gone; gives its ETag, empty where unknown."""

    def put_feed(
        self, file: PublicFile, content: bytes, *, replacing: str | None, conditions: Conditions
    ) -> str:
        """Put a feed in place of the version that was read, None for the first; gives the new version.

        ConflictError where another feed is there, which may be our own when an answer was lost.
        """

    def put_manifest(self, manifest: Manifest, *, conditions: Conditions) -> None:
        """Put a manifest in place of the one that it was made from; ConflictError as with a feed."""

    def remove(self, key: Key) -> None:
        """Take a file away; fine if it is gone already."""


class Heralds(Protocol):
    """Who is told that a feed is new: a hub, an index, a cache that must forget the old one."""

    def tell(self, feed_url: str) -> Sequence[Text]:
        """Tell all of them; gives what did not work, which stops nothing."""


class FeedArchive(Protocol):
    """Which feeds were meant to be public and which became it, place by place; in the database."""

    def conditions(self, endpoint: str) -> Conditions | None: ...

    def note_conditions(self, endpoint: str, conditions: Conditions) -> None: ...

    def intend(self, where: str, feed: KeptFeed) -> KeptFeed:
        """Note that a feed is about to become public; tells under which key it was kept at first."""

    def confirm(self, where: str, feed: LiveFeed, *, at: datetime) -> None:
        """Note that a feed has become public; intentions before it are settled."""

    def live(self, where: str) -> LiveFeed | None:
        """Tell which feed we made public last."""

    def unsettled(self, where: str) -> frozenset[str]:
        """Name the hashes of feeds that we meant to publish since, and may have."""

    def kept(self, where: str) -> Sequence[KeptFeed]: ...

    def forget(self, where: str, feed: KeptFeed) -> None: ...


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
    def inspector(self) -> FeedInspector: ...
    @property
    def folder(self) -> PublicFolder: ...
    @property
    def bucket(self) -> Bucket: ...
    @property
    def feeds(self) -> FeedArchive: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def turn(self) -> Turn: ...
    @property
    def dates(self) -> Dates: ...
    @property
    def listener(self) -> WebProbe | None:
        """What fetches the show as listeners do; None where nobody could, as with a folder or a preview."""

    @property
    def heralds(self) -> Heralds: ...
    @property
    def workspace(self) -> Workspace: ...
