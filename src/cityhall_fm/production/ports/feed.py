"""What checking a feed asks of the outside, beside the ports that every production has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.feed_check import FileFacts, ParsedFeed
from cityhall_fm.show.feed_check.web import Answer


class FeedInspector(Protocol):
    """What reads feeds strictly, and tells what files are."""

    def parse(self, document: bytes) -> ParsedFeed:
        """Read a feed, hostile ones too; what is wrong with its XML is in its problems."""

    def facts(self, content: bytes) -> FileFacts:
        """Tell what a file is whose bytes are known."""

    def look(self, path: Path) -> FileFacts | None:
        """Tell what a file on this machine is; None where there is none."""


class WebProbe(Protocol):
    """What asks servers as podcast apps do, within the time it was given."""

    def ask(
        self, url: str, *, most_bytes: int, method: str = "GET", headers: Mapping[str, str] = ...
    ) -> Answer:
        """Ask, and follow redirections; a failure is an answer of status 0."""
