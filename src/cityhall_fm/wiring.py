"""The one place that picks adapters; each is imported and made when it is first needed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cityhall_fm.defaults import defaults
from cityhall_fm.settings import Settings
from cityhall_fm.show.episode import Show
from cityhall_fm.show.mastering import MasteringSettings

if TYPE_CHECKING:
    from cityhall_fm.adapters.database import Database
    from cityhall_fm.adapters.slack import SlackWorkspace
    from cityhall_fm.production.ports import (
        Bucket,
        EpisodeShelf,
        FeedWriter,
        Inbox,
        Ledger,
        MasteringSuite,
        PublicFolder,
        Renderer,
        ThreadSource,
    )
    from cityhall_fm.show.collecting import CollectingRules


class Wired:
    """The Companion over the real services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def show(self) -> Show:
        return self.settings.show

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

    @property
    def inbox(self) -> Inbox:
        return self._database.inbox

    @property
    def ledger(self) -> Ledger:
        return self._database.ledger

    @cached_property
    def suite(self) -> MasteringSuite:
        from cityhall_fm.adapters.audio import AvMasteringSuite

        return AvMasteringSuite()

    @cached_property
    def renderer(self) -> Renderer:
        from cityhall_fm.adapters.jinja import JinjaRenderer

        return JinjaRenderer([self.settings.folder / "templates", defaults() / "templates"])

    @cached_property
    def feed_writer(self) -> FeedWriter:
        from cityhall_fm.adapters.rss import RssFeedWriter

        return RssFeedWriter()

    @cached_property
    def folder(self) -> PublicFolder:
        from cityhall_fm.adapters.public_folder import BuiltFolder

        return BuiltFolder(self.settings.folder / "feeds" / "public", artwork=self.settings.artwork)

    @cached_property
    def bucket(self) -> Bucket:
        if self.settings.target.startswith("s3://"):
            from cityhall_fm.adapters.s3 import S3Bucket

            return S3Bucket(self.settings.target)
        from cityhall_fm.adapters.folder import FolderBucket

        return FolderBucket(Path(self.settings.target))

    @cached_property
    def workspace(self) -> SlackWorkspace:
        from cityhall_fm.adapters.slack import SlackWorkspace

        return SlackWorkspace(self.settings.slack.token, self.settings.slack.api_url)

    def source(self, export: Path | None = None) -> ThreadSource:
        """Read from the live workspace, or from an export."""
        if export is None:
            return self.workspace
        from cityhall_fm.adapters.slack_export import SlackExport

        return SlackExport(export, workspace_url=self.settings.slack.workspace_url)

    def emoji(self, name: str) -> str | None:
        """Find the character of a shortcode."""
        from cityhall_fm.adapters.emoji import emoji_character

        return emoji_character(name)
