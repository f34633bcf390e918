"""What is different between two feeds, as a producer would say it: episodes added, removed, changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET  # our own feeds; expat bounds entities by itself

_LONGEST: Final = 120
_RECOGNISED: Final = frozenset({"guid", "title", "link", "pubDate", "enclosure"})
_ADDRESSES: Final = frozenset({"url", "href", "uri", "img"})
_PODCAST: Final = "{https://podcastindex.org/namespace/1.0}"


@dataclass(frozen=True, slots=True)
class FeedDifference:
    """Titles of episodes, by what happened to them from the one feed to the other."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed_guids: tuple[str, ...] = ()
    unreadable: bool = False
    """Where the older of the two is no feed."""

    @property
    def is_small(self) -> bool:
        """Whether only what is said about the show itself differs."""
        return not (self.added or self.removed or self.changed or self.unreadable)


def difference(before: bytes, after: bytes) -> FeedDifference:
    """Compare two feeds by the guids of their episodes.

    >>> feed = b"<rss><channel><item><guid>1</guid><title>One</title></item></channel></rss>"
    >>> difference(feed, feed.replace(b"One", b"Two")).changed
    ('Two',)
    >>> difference(b"nonsense", feed)
    FeedDifference(added=('One',), removed=(), changed=(), removed_guids=(), unreadable=True)
    """
    old, new = _items(before), _items(after) or {}
    known = old or {}
    return FeedDifference(
        added=tuple(title for guid, (title, _) in new.items() if guid not in known),
        removed=tuple(title for guid, (title, _) in known.items() if guid not in new),
        changed=tuple(item[0] for guid, item in new.items() if guid in known and known[guid] != item),
        removed_guids=tuple(guid for guid in known if guid not in new),
        unreadable=old is None,
    )


def outline(feed: bytes) -> str:
    """Write a feed with no more than what its episodes are recognised by; empty where it is no feed.

    >>> item = b"<item><guid>1</guid><title>One</title><description>Long</description></item>"
    >>> outline(b"<rss><channel><link>https://a/</link>" + item + b"</channel></rss>")
    '<rss><channel><item><guid>1</guid><title>One</title></item></channel></rss>'
    """
    root = _root(feed)
    channel = None if root is None else root.find("channel")
    if channel is None:
        return ""
    rss = ET.Element("rss")
    short = ET.SubElement(rss, "channel")
    short.extend(channel.findall(f"{_PODCAST}guid"))
    for item in channel.iter("item"):
        ET.SubElement(short, "item").extend(part for part in item if part.tag in _RECOGNISED)
    return ET.tostring(rss, encoding="unicode")


def names(feed: bytes, guid: str) -> bool:
    """Tell whether an episode is in a feed.

    >>> names(b"<rss><channel><item><guid>1</guid></item></channel></rss>", "1"), names(b"nonsense", "1")
    (True, False)
    """
    return guid in (_items(feed) or {})


@dataclass(frozen=True, slots=True)
class Offered:
    """An enclosure as a feed offers it; `length_bytes` is 0 where it does not say."""

    url: str
    length_bytes: int
    media_type: str


def offered(feed: bytes) -> tuple[Offered, ...]:
    """List a feed's enclosures, then its alternate ones; empty where it is no feed.

    >>> offered(b'<rss><enclosure url="https://a/1.mp3" length="9" type="audio/mpeg"/></rss>')
    (Offered(url='https://a/1.mp3', length_bytes=9, media_type='audio/mpeg'),)
    """
    root = _root(feed)
    if root is None:
        return ()
    found = [_offered(each.get("url", ""), each) for each in root.iter("enclosure")]
    for alternate in root.iter(f"{_PODCAST}alternateEnclosure"):
        found += [_offered(each.get("uri", ""), alternate) for each in alternate.iter(f"{_PODCAST}source")]
    first: dict[str, Offered] = {}
    for each in found:
        first.setdefault(each.url, each)
    return tuple(first.values())


def named(feed: bytes) -> tuple[str, ...]:
    """List every address that a feed names, its audio first; empty where it is no feed.

    >>> named(b'<rss><image><url> https://a/1.png </url></image><enclosure url="https://a/1.mp3"/></rss>')
    ('https://a/1.mp3', 'https://a/1.png')
    """
    root = _root(feed)
    if root is None:
        return ()
    found = [offer.url for offer in offered(feed)]
    for each in root.iter():
        found += [value for name, value in each.attrib.items() if name in _ADDRESSES]
        if each.tag == "url":
            found.append((each.text or "").strip())
    return tuple(dict.fromkeys(url for url in found if url))


def _offered(url: str, described: ET.Element) -> Offered:
    length = described.get("length", "")
    known = length.isascii() and length.isdigit()
    return Offered(url, int(length) if known else 0, described.get("type", ""))


def _items(feed: bytes) -> Mapping[str, tuple[str, bytes]] | None:
    root = _root(feed)
    if root is None:
        return None
    return {
        item.findtext("guid", "").strip(): (_title(item), ET.tostring(item)) for item in root.iter("item")
    }


def _root(feed: bytes) -> ET.Element | None:
    try:
        root = ET.fromstring(feed)  # noqa: S314 - see above
    except (ET.ParseError, ValueError):
        return None
    return root if root.tag == "rss" else None


def _title(item: ET.Element) -> str:
    title = " ".join(item.findtext("title", "").split()) or item.findtext("guid", "").strip()
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
