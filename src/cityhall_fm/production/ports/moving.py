"""What a move asks of the outside, beside the ports that every production has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Show
from cityhall_fm.show.moving.found import FoundFeed
from cityhall_fm.show.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document, and where it was found in the end."""

    url: str
    content: bytes


class Web(Protocol):
    """What other hosts have under an address; the address is sent as it is written."""

    def fetch(self, url: str, *, most_bytes: int) -> Fetched:
        """Fetch a document whole; WebError where it cannot be had."""

    def download(self, url: str, *, to: Path, most_bytes: int, progress: Progress) -> None:
        """Put a file at `to`, whole or not at all, going on where an earlier download broke off."""


class FeedReader(Protocol):
    """What makes out a feed, right or wrong."""

    def read(self, document: bytes, *, url: str, where: str) -> FoundFeed:
        """Read a feed that subscribers have from `url`; InputError, naming `where`, if it is none."""


@dataclass(frozen=True, slots=True)
class Media:
    """What a media file is: its ending and type as feeds write them, and how long it plays."""

    ending: str
    media_type: str
    duration: Timecode


class MediaProbe(Protocol):
    """What looks into a media file."""

    def look(self, path: Path) -> Media:
        """Tell what it is; AudioError where podcast apps could not play it."""


class NewHome(Protocol):
    """The show folder that a show moves into."""

    def furnish(self, show: Show, *, artwork: str) -> None:
        """Write `feeds/show.toml` where there is none; `artwork` is the name of a file beside it."""

    def begin(self, show: Show, *, artwork: str, target: str) -> None:
        """Write `feeds/show.toml` for a show that is new, with what it needs of Slack."""

    def path(self, name: str) -> Path:
        """Name a file under the folder."""

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file under the folder, in place of an earlier one."""

    def waiting(self, what: str) -> Path:
        """Name the place where a download waits until it is whole and looked at."""

    def tidy(self) -> None:
        """Remove the waiting place once nothing waits there."""


class Movers(Protocol):
    """Everything that a show needs to move here."""

    @property
    def web(self) -> Web: ...
    @property
    def probe(self) -> MediaProbe: ...
    @property
    def home(self) -> NewHome: ...
    @property
    def shelf(self) -> EpisodeShelf: ...

    def find(self, source: str) -> tuple[FoundFeed, bytes]:
        """Read the feed at an address, or in a file."""

    def folder(self, artwork: Path) -> PublicFolder: ...

    def notes(self, written: str, *, base: str) -> tuple[str, int]:
        """Turn another host's notes into Markdown; tells how many pictures were left out."""
