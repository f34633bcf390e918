"""What a show needs to move into a folder, which may still be empty."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cityhall_fm.production.ports.episodes import EpisodeShelf
    from cityhall_fm.production.ports.moving import MediaProbe, NewHome, Web
    from cityhall_fm.production.ports.storage import PublicFolder
    from cityhall_fm.show.moving.found import FoundFeed

_LARGEST_FEED: Final = 100 * 10**6


class WiredMovers:
    """Made for the folder that the show moves into."""

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
