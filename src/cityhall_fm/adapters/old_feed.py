"""Reads podcast feeds as they are in the wild: whatever can be made out, byte for byte where it counts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import TYPE_CHECKING, Final

from cityhall_fm.show.categories import Category
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed, FoundPerson, FoundTranscript, Oddity
from cityhall_fm.show.text import Text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PREFIXES: Final = {  # namespaces are told apart by letter case nowhere but in the standard
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/2005/atom": "atom",
    "http://podlove.org/simple-chapters": "psc",
    "http://podlove.org/simple-chapters/": "psc",
}
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"'][^>]*?\?>")
_PROLOGUE: Final = re.compile(r"^\s*<\?xml[^>]*?\?>")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_FORBIDDEN: Final = re.compile(  # XML 1.0, 2.2: written out, or as a reference
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    "|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|x0*(?:[0-8bcef]|1[\\da-f]));",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(#\d+;|#x[0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?", re.DOTALL
)
_OF_XML: Final = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_OF_AN_ITEM: Final = frozenset({"description", "enclosure", "guid", "item", "link", "pubDate", "title"})
_MAY_SWALLOW: Final = frozenset({"title", "description", "itunes:summary", "itunes:title", "content:encoded"})
"""Where people forget to escape HTML."""
_MOST_TOLD: Final = 5


class LenientFeedReader:
    """Fulfils FeedReader with lxml, which gives the text of guids and addresses as it stands in the file."""

    def read(self, document: bytes, *, url: str, where: str) -> FoundFeed:
        """Read RSS; InputError where `where` holds none, or another format such as Atom."""
        from lxml import etree  # noqa: PLC0415 - 20 ms that most commands need not wait for

        odd: list[Oddity] = []
        text = _mended(_decoded(document, odd), odd)
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            root = None
        channel = (
            None if root is None else next((node for node in root.iter() if _name(node) == "channel"), None)
        )
        if channel is None:
            raise InputError("moving.not_a_feed", path=where)
        odd.extend(
            Oddity(Text.of("moving.broken_xml", line=error.line, reason=error.message))
            for error in list(parser.error_log)[:_MOST_TOLD]
        )
        items = [node for node in channel.iter() if _name(node) == "item"]
        if items and parser.error_log and text.rfind("<item") > text.rfind("</item"):
            items.pop()  # half an item may hold half a guid
            odd.append(Oddity(Text.of("moving.torn")))
        return _channel(channel, items, url=url, oddities=tuple(odd))


def _decoded(document: bytes, odd: list[Oddity]) -> str:
    """Decode as XML 1.0, appendix F, tells: a mark, else the declaration, else UTF-8."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if document.startswith(mark):
            encoding = f"{name}-sig" if name == "utf-8" else name
            break
    else:
        declared = _DECLARATION.match(document)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return document.decode(encoding)
    except (LookupError, ValueError):
        odd.append(Oddity(Text.of("moving.wrong_encoding", encoding=encoding)))
    try:
        return document.decode("utf-8")
    except ValueError:
        pass
    try:
        return document.decode(encoding, "replace")
    except LookupError:
        return document.decode("utf-8", "replace")


def _mended(text: str, odd: list[Oddity]) -> str:
    """Mend what makes XML parsers drop text: HTML's entities, bare ampersands, forbidden characters."""
    text = _DOCTYPE.sub("", _PROLOGUE.sub("", text.lstrip("\ufeff")), count=1)
    mended, forbidden = _FORBIDDEN.subn("", text)
    if forbidden:
        odd.append(Oddity(Text.of("moving.control_characters", count=forbidden)))
    counts = {"entity": 0, "ampersand": 0}

    def mend(match: re.Match[str]) -> str:
        reference = match[1]
        if match[0][0] == "<" or reference in _OF_XML or (reference and reference.startswith("#")):
            return match[0]
        if reference and reference in html5:
            counts["entity"] += 1
            return "".join(f"&#{ord(letter)};" for letter in html5[reference])
        counts["ampersand"] += 1
        return f"&amp;{reference or ''}"

    mended = _REFERENCE.sub(mend, mended)
    for name, count in counts.items():
        if count:
            odd.append(Oddity(Text.of(f"moving.{name}", count=count)))
    return mended


def _channel(channel: Element, items: list[Element], *, url: str, oddities: tuple[Oddity, ...]) -> FoundFeed:
    text = _Texts(channel)
    owner = next((_Texts(node) for node in text.all("itunes:owner")), None)
    links = {node.get("rel", ""): node.get("href", "") for node in text.all("atom:link")}
    self_url = links.get("self", "").strip()
    return FoundFeed(
        url=url or self_url,
        title=text.first("title", "itunes:title"),
        description=text.first("description", "itunes:summary", "itunes:subtitle"),
        language=text.first("language"),
        link=text.first("link"),
        self_url=self_url,
        author=text.first("itunes:author"),
        bare_author=text.first("author"),
        owner_name=owner.first("itunes:name") if owner else "",
        owner_email=owner.first("itunes:email") if owner else "",
        categories=tuple(_categories(text)),
        explicit=text.first("itunes:explicit"),
        kind=text.first("itunes:type"),
        copyright=text.first("copyright"),
        image=_image(text),
        guid=text.first("podcast:guid"),
        locked=text.first("podcast:locked"),
        new_feed_url=text.first("itunes:new-feed-url"),
        updated=text.first("pubDate", "lastBuildDate"),
        people=_people(text),
        funding=tuple(
            (_attribute(node, "url"), _words(node).strip()) for node in text.all("podcast:funding")
        ),
        episodes=tuple(_episode(item) for item in items),
        oddities=oddities,
    )


def _episode(item: Element) -> FoundEpisode:
    text = _Texts(item)
    enclosures = text.all("enclosure")
    enclosure = next((one for one in enclosures if one.get("url", "").strip()), None)
    return FoundEpisode(
        title=text.first("title", "itunes:title"),
        guid=text.exactly("guid"),
        published=text.first("pubDate"),
        enclosure_url=enclosure.get("url", "") if enclosure is not None else "",
        enclosure_length=enclosure.get("length", "") if enclosure is not None else "",
        enclosure_type=enclosure.get("type", "") if enclosure is not None else "",
        enclosures=len(enclosures),
        duration=text.first("itunes:duration"),
        season=text.first("itunes:season", "podcast:season"),
        number=text.first("itunes:episode", "podcast:episode"),
        kind=text.first("itunes:episodeType"),
        explicit=text.first("itunes:explicit"),
        subtitle=text.first("itunes:subtitle"),
        summary=text.first("itunes:summary"),
        description=text.first("description"),
        content=text.first("content:encoded"),
        link=text.first("link"),
        image=_image(text),
        chapters=tuple(
            (node.get("start", ""), node.get("title", ""))
            for chapters in text.all("psc:chapters")
            for node in chapters
            if _name(node) == "psc:chapter"
        ),
        chapters_url=next((_attribute(node, "url") for node in text.all("podcast:chapters")), ""),
        transcripts=tuple(
            FoundTranscript(_attribute(node, "url"), _attribute(node, "type"))
            for node in text.all("podcast:transcript")
        ),
        people=_people(text),
        season_name=next((_attribute(node, "name") for node in text.all("podcast:season")), ""),
        number_shown=next((_attribute(node, "display") for node in text.all("podcast:episode")), ""),
    )


class _Texts:
    """The children of one element by name.

    What lies deeper belongs to somebody else, except what a tag that was never closed has swallowed.
    """

    def __init__(self, node: Element) -> None:
        self._children: dict[str, list[Element]] = {}
        self._swallowed: dict[str, list[Element]] = {}
        for child in node:
            if name := _name(child):
                self._children.setdefault(name, []).append(child)
            if name in _MAY_SWALLOW:
                for inner in child.iterdescendants():
                    self._swallowed.setdefault(_name(inner), []).append(inner)

    def all(self, name: str) -> list[Element]:
        return self._children.get(name) or self._swallowed.get(name, [])

    def exactly(self, name: str) -> str:
        """Give the text as it is, spaces and all; CDATA is a spelling of it, not a part."""
        return next((words for node in self.all(name) if (words := _words(node))), "")

    def first(self, *names: str) -> str:
        """Give the first text that says something."""
        return next(
            (words for name in names for node in self.all(name) if (words := _words(node).strip())), ""
        )


def _people(text: _Texts) -> tuple[FoundPerson, ...]:
    return tuple(
        FoundPerson(
            _words(node).strip(),
            *(_attribute(node, name) for name in ("role", "group", "href", "img")),
        )
        for node in text.all("podcast:person")
    )


def _categories(text: _Texts) -> Iterator[Category]:
    for node in text.all("itunes:category"):
        main = _attribute(node, "text")
        subs = [_attribute(child, "text") for child in node if _name(child) == "itunes:category"]
        if main:
            yield from ((main, sub) for sub in subs if sub)
        if main and not any(subs):
            yield main, None


def _image(text: _Texts) -> str:
    for node in text.all("itunes:image"):
        if address := _attribute(node, "href") or _words(node).strip():
            return address
    return next((_Texts(node).first("url") for node in text.all("image")), "")


def _attribute(node: Element, name: str) -> str:
    return " ".join(node.get(name, "").split())


def _words(node: Element) -> str:
    """Gather an element's text, up to what it swallowed."""
    pieces = [node.text or ""]
    for child in node:
        if (name := _name(child)) in _OF_AN_ITEM or ":" in name:
            break
        pieces += [_words(child) if name else "", child.tail or ""]
    return "".join(pieces)


def _name(node: Element) -> str:
    """Name an element as podcasters do; an undeclared prefix counts like a declared one."""
    tag = node.tag
    if not isinstance(tag, str):
        return ""
    if not tag.startswith("{"):
        return tag
    address, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(address.lower(), "?")
    return f"{prefix}:{local}"
