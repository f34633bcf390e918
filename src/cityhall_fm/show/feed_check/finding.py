"""What a check of a feed finds: where, how bad, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.text import Text

XML: Final = "XML 1.0"
RSS: Final = "RSS 2.0"
APPLE: Final = "Apple Podcasts RSS"
PSP: Final = "PSP-1"
PODCASTING: Final = "Podcasting 2.0"
HTTP: Final = "RFC 9110"
PAGING: Final = "RFC 5005"
PRACTICE: Final = "practice"


class Severity(StrEnum):
    """An error keeps an app from taking the show or an episode; a warning costs it something."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing; `title` and `guid` are of the episode, empty where it is about the show."""

    severity: Severity
    text: Text
    source: str
    tag: str
    title: str = ""
    guid: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The show, or one of its episodes: what findings are about."""

    title: str = ""
    guid: str = ""
    line: int | None = None

    @classmethod
    def of(cls, item: Element) -> Place:
        title = item.words("title") or item.words("itunes:title")
        return cls(title, item.words("guid"), item.line)

    def error(self, name: str, tag: str | Element, source: str, **values: object) -> Finding:
        return self._finding(Severity.ERROR, name, tag, source, values)

    def warning(self, name: str, tag: str | Element, source: str, **values: object) -> Finding:
        return self._finding(Severity.WARNING, name, tag, source, values)

    def _finding(
        self, severity: Severity, name: str, tag: str | Element, source: str, values: dict[str, object]
    ) -> Finding:
        label = tag.name if isinstance(tag, Element) else tag
        if attribute := values.get("attribute"):
            label = f"{label}@{attribute}"
        line = (tag.line if isinstance(tag, Element) else None) or self.line
        text = Text.of(f"check.{name}", **values)
        return Finding(severity, text, source, label, self.title, self.guid, line)


THE_SHOW: Final = Place()
