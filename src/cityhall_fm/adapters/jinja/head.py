"""What a page says about itself, and what tells robots which pages there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from cityhall_fm.adapters.jinja.cards import CardTags
from cityhall_fm.adapters.jinja.structured import Data
from cityhall_fm.show.episode import Key, Show


@dataclass(frozen=True, slots=True)
class Head:
    """A page for browsers, networks and search engines; `path` is its address under the show's."""

    path: str
    title: str
    description: str
    kind: str = "website"
    """OpenGraph's type."""
    data: tuple[Data, ...] = ()
    updated: str = ""
    """When its content last changed, as ISO 8601 has it."""
    card: CardTags | None = None
    """Its own picture, instead of the show's artwork."""
    neighbours: tuple[tuple[str, str], ...] = ()
    """Pages of the same list: `prev` and `next`, as HTML names them, with their paths."""
    listed: bool = True
    """Whether search engines shall show it."""

    @property
    def key(self) -> Key:
        return Key(f"{self.path}index.html" if not self.path or self.path.endswith("/") else self.path)


def sitemap(show: Show, heads: Iterable[Head]) -> bytes:
    """Name every page with its date (sitemaps.org, protocol 0.9)."""
    entries = "".join(
        f"<url><loc>{escape(show.url(head.path))}</loc>"
        + (f"<lastmod>{head.updated}</lastmod>" if head.updated else "")
        + "</url>\n"
        for head in heads
        if head.listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    ).encode()


def robots(show: Show) -> bytes:
    """Let everybody in, and name the sitemap (RFC 9309; counts at the root of a host)."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {show.url('sitemap.xml')}\n".encode()
