"""A feed as plain values: what any reader of XML finds in it, named as podcasters name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "podcast": "https://podcastindex.org/namespace/1.0",
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "psc": "http://podlove.org/simple-chapters",
    }
)
"""The prefixes that podcast apps expect, some of them literally."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag: `name` with the usual prefix (`itunes:image`), `text` as it stands, spaces and all."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    children: tuple[Element, ...] = ()
    line: int | None = None

    def all(self, name: str) -> tuple[Element, ...]:
        return tuple(child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    def words(self, name: str) -> str:
        """Read the first such child that says something, without spaces around."""
        return next(
            (words for child in self.children if child.name == name and (words := child.text.strip())), ""
        )

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class XmlProblem:
    """What is wrong with the XML itself: the name of a sentence in `check`, its values, and the line."""

    name: str
    line: int | None = None
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document: `channel` without its items, or None where there is none."""

    channel: Element | None
    items: tuple[Element, ...] = ()
    problems: tuple[XmlProblem, ...] = ()
