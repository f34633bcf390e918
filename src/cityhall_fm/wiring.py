"""The one place that picks adapters; each is imported and made when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityhall_fm.defaults import defaults
from cityhall_fm.show.errors import CompanionError
from cityhall_fm.texts import LANGUAGES

if TYPE_CHECKING:
    from cityhall_fm.adapters.database import Database
    from cityhall_fm.adapters.erased_file import ErasedFile
    from cityhall_fm.adapters.last_publication import LastPublication
    from cityhall_fm.adapters.slack import SlackDesk, SlackWorkspace
    from cityhall_fm.production.ports.arrivals import Arrivals
    from cityhall_fm.production.ports.audio import MasteringSuite, Transcriber
    from cityhall_fm.production.ports.browsing import Browsing
    from cityhall_fm.production.ports.doctor import Machine, SlackCheckup
    from cityhall_fm.production.ports.episodes import EpisodeShelf
    from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
    from cityhall_fm.production.ports.inbox import Inbox
    from cityhall_fm.production.ports.ledger import Dates, Ledger, Memory, Outbox, Turn
    from cityhall_fm.production.ports.moving import MediaProbe, NewHome, Web
    from cityhall_fm.production.ports.on_air import TapMemory
    from cityhall_fm.production.ports.pictures import CardPainter
    from cityhall_fm.production.ports.privacy import Keeping
    from cityhall_fm.production.ports.slack import ThreadSource
    from cityhall_fm.production.ports.slack_app import AppMemory
    from cityhall_fm.production.ports.storage import Bucket, FeedArchive, Heralds, PublicFolder, Vault
    from cityhall_fm.production.ports.studio import SignIn, StudioMemory
    from cityhall_fm.production.ports.undoing import Undoing
    from cityhall_fm.production.ports.voices import ClipSource, VoiceShelf
    from cityhall_fm.production.ports.words import FeedWriter, Furigana, Renderer
    from cityhall_fm.settings import Settings
    from cityhall_fm.show.collecting import CollectingRules
    from cityhall_fm.show.episode import Show
    from cityhall_fm.show.mastering import MasteringSettings
    from cityhall_fm.show.moving.found import FoundFeed
    from cityhall_fm.show.slack_thread import UserId

_LARGEST_FEED: Final = 100 * 10**6


class Wired:
    """The Companion over the real services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def show(self) -> Show:
        return self.settings.show

    def show_for(self, user: UserId | None) -> Show:
        """Take the show in a member's own language; in its own where Slack cannot be asked."""
        if user is None or not self.settings.slack.token:
            return self.show
        try:
            language = self.workspace.locale(user)[:2].lower()
        except CompanionError:
            return self.show
        return replace(self.show, language=language) if language in LANGUAGES else self.show

    @property
    def rules(self) -> CollectingRules:
        return self.settings.collecting

    @property
    def mastering(self) -> MasteringSettings:
        return self.settings.mastering

    @property
    def artwork(self) -> Path:
        return self.settings.artwork

    @property
    def announce_channel(self) -> str:
        return self.settings.slack.announce_channel

    @cached_property
    def shelf(self) -> EpisodeShelf:
        from cityhall_fm.adapters.episode_folder import EpisodeFolder

        return EpisodeFolder(self.settings.folder / "episodes")

    @cached_property
    def _database(self) -> Database:
        from cityhall_fm.adapters.database import open_database

        return open_database(self.settings.database)

    def close(self) -> None:
        """Let go of the database, if it was asked anything."""
        if "_database" in self.__dict__:
            self._database.close()

    @property
    def inbox(self) -> Inbox:
        return self._database.inbox

    @property
    def ledger(self) -> Ledger:
        return self._database.ledger

    @property
    def feeds(self) -> FeedArchive:
        return self._database.feeds

    @property
    def outbox(self) -> Outbox:
        return self._database.outbox

    @property
    def memory(self) -> Memory:
        return self._database.memory

    @property
    def dates(self) -> Dates:
        return self._database.dates

    @property
    def turn(self) -> Turn:
        return self._database.turn

    @property
    def keeping(self) -> Keeping:
        return self._database.keeping

    @cached_property
    def suite(self) -> MasteringSuite:
        from cityhall_fm.adapters.audio import AvMasteringSuite

        return AvMasteringSuite()

    @cached_property
    def renderer(self) -> Renderer:
        from cityhall_fm.adapters.jinja import JinjaRenderer

        slack = self.settings.slack
        return JinjaRenderer(
            [self.settings.folder / "templates", defaults() / "templates"],
            # Buttons do something only where the Slack app runs.
            interactive=bool(slack.app_token or slack.signing_secret),
        )

    @cached_property
    def painter(self) -> CardPainter:
        from cityhall_fm.adapters.cards import PillowCardPainter

        return PillowCardPainter()

    @cached_property
    def furigana(self) -> Furigana:
        from cityhall_fm.adapters.furigana import SudachiFurigana

        return SudachiFurigana()

    @cached_property
    def feed_writer(self) -> FeedWriter:
        from cityhall_fm.adapters.rss import RssFeedWriter

        return RssFeedWriter()

    @cached_property
    def inspector(self) -> FeedInspector:
        return feed_inspector()

    @cached_property
    def folder(self) -> PublicFolder:
        from cityhall_fm.adapters.public_folder import BuiltFolder

        return BuiltFolder(self.settings.folder / "feeds" / "public", artwork=self.settings.artwork)

    @cached_property
    def bucket(self) -> Bucket:
        return bucket_at(self.settings.target, bytes_per_second=self.settings.publishing.bytes_per_second)

    @property
    def listener(self) -> WebProbe | None:
        return web_probe(seconds=60) if self.settings.publishing.listens else None

    @cached_property
    def heralds(self) -> Heralds:
        from cityhall_fm.adapters.heralds import WebHeralds

        return WebHeralds(self.settings.publishing.heralding)

    @cached_property
    def workspace(self) -> SlackWorkspace:
        from cityhall_fm.adapters.slack import SlackWorkspace

        return SlackWorkspace(self.settings.slack.token, self.settings.slack.api_url)

    @cached_property
    def desk(self) -> SlackDesk:
        from cityhall_fm.adapters.slack import SlackDesk

        return SlackDesk(self.settings.slack.token, self.settings.slack.api_url)

    @cached_property
    def sign_in(self) -> SignIn | None:
        """Whom Slack vouches for; None where the settings do not say where people come back to."""
        from cityhall_fm.adapters.slack import SlackSignIn

        studio, slack = self.settings.studio, self.settings.slack
        if not (studio.address and studio.client_id and studio.client_secret):
            return None
        return SlackSignIn(
            client_id=studio.client_id,
            client_secret=studio.client_secret,
            token=slack.token,
            base_url=slack.api_url,
        )

    @property
    def undoing(self) -> Undoing:
        return self._database.undoing

    @property
    def browsing(self) -> Browsing:
        return self._database.browsing

    @property
    def studio_memory(self) -> StudioMemory:
        return self._database.studio

    @cached_property
    def arrivals(self) -> Arrivals:
        from cityhall_fm.adapters.arrivals import ArrivalFolder

        return ArrivalFolder()

    @property
    def taps(self) -> TapMemory:
        return self._database.taps

    @property
    def app_memory(self) -> AppMemory:
        return self._database.app_memory

    @cached_property
    def voices(self) -> VoiceShelf:
        from cityhall_fm.adapters.voices import VoiceFolder

        return VoiceFolder(self.settings.folder / "feeds" / "voices")

    @cached_property
    def erased_file(self) -> ErasedFile:
        return erased_file(self.settings.folder)

    @cached_property
    def clips(self) -> ClipSource | None:
        """What fetches recordings; None without a token."""
        from cityhall_fm.adapters.slack import SlackClips

        slack = self.settings.slack
        return SlackClips(slack.token, slack.api_url) if slack.token else None

    @cached_property
    def checkup(self) -> SlackCheckup:
        from cityhall_fm.adapters.slack import LiveCheckup

        slack = self.settings.slack
        return LiveCheckup(slack.token, slack.app_token, slack.api_url)

    def source(self, export: Path | None = None) -> ThreadSource:
        """Read from the live workspace, or from an export."""
        if export is None:
            return self.workspace
        from cityhall_fm.adapters.slack_export import SlackExport

        return SlackExport(export, workspace_url=self.settings.slack.workspace_url)

    def transcriber(self, model: Path) -> Transcriber:
        """Load the model of this folder, to write down what is said."""
        from cityhall_fm.adapters.whisper import WhisperTranscriber

        return WhisperTranscriber(model)

    def emoji(self, name: str) -> str | None:
        """Find the character of a shortcode."""
        from cityhall_fm.adapters.emoji import emoji_character

        return emoji_character(name)


def bucket_at(target: str, *, bytes_per_second: float | None = None) -> Bucket:
    """Open where listeners fetch a show from: `s3://bucket/prefix`, or a folder."""
    if target.startswith("s3://"):
        from cityhall_fm.adapters.s3 import S3Bucket

        return S3Bucket(target, bytes_per_second=bytes_per_second)
    from cityhall_fm.adapters.folder import FolderBucket

    return FolderBucket(Path(target))


def last_publication(folder: Path) -> LastPublication:
    """Open what a show folder remembers of its last publication; with a database of its own only."""
    from cityhall_fm.adapters.last_publication import LastPublication

    return LastPublication(folder, folder / "feeds" / "memory.sqlite3")


def vault(target: str) -> Vault:
    """Open a private place in a bucket, `s3://bucket/prefix`."""
    from cityhall_fm.adapters.s3 import S3Bucket

    return S3Bucket(target)


def erased_file(folder: Path) -> ErasedFile:
    """Open the list of those who were erased, which a show has before it has settings."""
    from cityhall_fm.adapters.erased_file import ErasedFile

    return ErasedFile(folder / "feeds" / "erased.txt")


def new_home(folder: Path) -> NewHome:
    """Open the folder that a show begins in."""
    from cityhall_fm.adapters.new_home import ShowFolder

    return ShowFolder(folder)


class WiredMovers:
    """What a show needs to move into a folder, which may still be empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def web(self) -> Web:
        from cityhall_fm.adapters.web import UrllibWeb

        return UrllibWeb()

    @cached_property
    def probe(self) -> MediaProbe:
        from cityhall_fm.adapters.media_file import AvMediaProbe

        return AvMediaProbe()

    @cached_property
    def home(self) -> NewHome:
        from cityhall_fm.adapters.new_home import ShowFolder

        return ShowFolder(self._folder)

    @cached_property
    def shelf(self) -> EpisodeShelf:
        from cityhall_fm.adapters.episode_folder import EpisodeFolder

        return EpisodeFolder(self._folder / "episodes")

    def find(self, source: str) -> tuple[FoundFeed, bytes]:
        """Read the feed at an address, or in a file."""
        from cityhall_fm.adapters.old_feed import LenientFeedReader
        from cityhall_fm.reading import read_bytes

        if "://" in source:
            url, document = source, self.web.fetch(source, most_bytes=_LARGEST_FEED).content
        else:
            url, document = "", read_bytes(Path(source))
        return LenientFeedReader().read(document, url=url, where=source), document

    def folder(self, artwork: Path) -> PublicFolder:
        from cityhall_fm.adapters.public_folder import BuiltFolder

        return BuiltFolder(self._folder / "feeds" / "public", artwork=artwork)

    def notes(self, written: str, *, base: str) -> tuple[str, int]:
        """Turn another host's notes into Markdown."""
        from cityhall_fm.adapters.old_notes import as_markdown

        return as_markdown(written, base=base)


def feed_inspector() -> FeedInspector:
    """Make what reads feeds strictly; any feed can be checked without a show."""
    from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector

    return LxmlFeedInspector()


def web_probe(*, seconds: float) -> WebProbe:
    """Make what asks servers as podcast apps do."""
    from cityhall_fm.adapters.web.probe import UrllibProbe

    return UrllibProbe(seconds=seconds)


def machine() -> Machine:
    """Look at this computer."""
    from cityhall_fm.adapters.machine import ThisMachine

    return ThisMachine()


@contextmanager
def memory_of(folder: Path, environment: Mapping[str, str]) -> Iterator[Memory]:
    """Open the memory of a show whose settings are not there yet."""
    from cityhall_fm.adapters.database import open_database
    from cityhall_fm.settings import database_of

    database = open_database(database_of(folder, environment))
    try:
        yield database.memory
    finally:
        database.close()
