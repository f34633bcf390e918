"""The companion over the real services: an adapter for each of its ports."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityhall_fm.defaults import defaults
from cityhall_fm.show.errors import CompanionError
from cityhall_fm.texts import LANGUAGES
from cityhall_fm.wiring.parts import bucket_at, erased_file, feed_inspector, web_probe

if TYPE_CHECKING:
    from cityhall_fm.adapters.database import Database
    from cityhall_fm.adapters.erased_file import ErasedFile
    from cityhall_fm.adapters.slack import SlackDesk, SlackWorkspace
    from cityhall_fm.production.ports.arrivals import Arrivals
    from cityhall_fm.production.ports.audio import MasteringSuite, Transcriber
    from cityhall_fm.production.ports.browsing import Browsing
    from cityhall_fm.production.ports.doctor import SlackCheckup
    from cityhall_fm.production.ports.episodes import EpisodeShelf
    from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
    from cityhall_fm.production.ports.inbox import Inbox
    from cityhall_fm.production.ports.ledger import Dates, Ledger, Memory, Outbox, Turn
    from cityhall_fm.production.ports.on_air import TapMemory
    from cityhall_fm.production.ports.pictures import CardPainter
    from cityhall_fm.production.ports.privacy import Keeping
    from cityhall_fm.production.ports.slack import ThreadSource
    from cityhall_fm.production.ports.slack_app import AppMemory
    from cityhall_fm.production.ports.storage import Bucket, FeedArchive, Heralds, PublicFolder
    from cityhall_fm.production.ports.studio import SignIn, StudioMemory
    from cityhall_fm.production.ports.undoing import Undoing
    from cityhall_fm.production.ports.voices import ClipSource, VoiceShelf
    from cityhall_fm.production.ports.words import FeedWriter, Furigana, Renderer
    from cityhall_fm.settings import Settings
    from cityhall_fm.show.collecting import CollectingRules
    from cityhall_fm.show.episode import Show
    from cityhall_fm.show.mastering import MasteringSettings
    from cityhall_fm.show.slack_thread import UserId

_LISTENING: Final = 1800.0
"""Seconds for all that is asked about one publication: a first one may offer hundreds of episodes."""


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
        return web_probe(seconds=_LISTENING) if self.settings.publishing.listens else None

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
