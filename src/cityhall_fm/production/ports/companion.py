"""Everything that a job may ask for, as one."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from cityhall_fm.production.ports.audio import MasteringSuite
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Dates, Ledger, Outbox, Turn
from cityhall_fm.production.ports.pictures import CardPainter
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.storage import Bucket, FeedArchive, Heralds, PublicFolder
from cityhall_fm.production.ports.words import FeedWriter, Renderer
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.episode import Show
from cityhall_fm.show.mastering import MasteringSettings


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
    def painter(self) -> CardPainter: ...
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
