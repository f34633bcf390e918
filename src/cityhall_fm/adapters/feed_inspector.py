"""Reads feeds strictly, as apps that do not guess would, and looks at the files that they name."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cityhall_fm.show.errors import InputError
from cityhall_fm.show.feed_check.files import FileFacts, Picture, kind_of
from cityhall_fm.show.feed_check.parsed import NAMESPACES, Element, ParsedFeed, XmlProblem

if TYPE_CHECKING:
    from lxml import etree

_BEGINNING: Final = 64
_MOST_WHOLE: Final = 32 * 1024 * 1024
"""Bytes; artwork, chapters and transcripts are smaller."""
_SOUND: Final = frozenset({".aac", ".flac", ".m4a", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav"})
_PREFIXES: Final = {address: prefix for prefix, address in NAMESPACES.items()}
_OTHER_SPELLINGS: Final = {
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://podlove.org/simple-chapters/": "psc",
}
_LITERAL: Final = frozenset({"itunes", "podcast"})
"""Prefixes that some apps look for without asking what they stand for."""
_PREDEFINED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class LxmlFeedInspector:
    """Fulfils FeedInspector; entities are not expanded, nothing is fetched, a broken document is read on."""

    def parse(self, document: bytes) -> ParsedFeed:
        """Read a feed; what is wrong with its XML is in its problems."""
        problems: list[XmlProblem] = []
        root = _root(document, problems)
        if root is None:
            return ParsedFeed(None, (), tuple(problems))
        problems += _of_document(root)
        channel = next((child for child in root if _name(child) == "channel"), None)
        if _name(root) != "rss" or channel is None:
            values = MappingProxyType({"root": _name(root) or "–"})
            return ParsedFeed(None, (), (*problems, XmlProblem("not_rss", root.sourceline, values)))
        children = [_element(child) for child in channel if isinstance(child.tag, str)]
        return ParsedFeed(
            Element(
                "channel",
                children=tuple(child for child in children if child.name != "item"),
                line=channel.sourceline,
            ),
            tuple(child for child in children if child.name == "item"),
            tuple(problems),
        )

    def facts(self, content: bytes) -> FileFacts:
        """Tell what a file is whose bytes are known."""
        beginning = content[:_BEGINNING]
        picture = _picture(content) if kind_of(beginning).startswith("image/") else None
        return FileFacts(len(content), beginning, content, picture)

    def look(self, path: Path) -> FileFacts | None:
        """Tell what a file on this machine is; None where there is none. Audio is not read whole."""
        try:
            if not path.is_file():
                return None
            length = path.stat().st_size
            if path.suffix.lower() in _SOUND or length > _MOST_WHOLE:
                with path.open("rb") as file:
                    return FileFacts(length, file.read(_BEGINNING))
            return self.facts(path.read_bytes())
        except OSError as error:
            raise InputError("files.unreadable", path=path, reason=error.strerror or "") from error


def _root(document: bytes, problems: list[XmlProblem]) -> etree._Element | None:
    from lxml import etree  # noqa: PLC0415 - 20 ms that most commands need not wait for

    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True, recover=recover,
        )  # fmt: skip
        try:
            root = etree.fromstring(document, parser)
        except etree.XMLSyntaxError as error:
            if not recover:
                values = MappingProxyType({"reason": _plain(error.msg or "")})
                problems.append(XmlProblem("not_well_formed", error.lineno, values))
            continue
        except ValueError:
            break
        return root if isinstance(root, etree._Element) else None  # noqa: SLF001 - lxml's type of an element
    return None


def _of_document(root: etree._Element) -> Iterator[XmlProblem]:
    tree = root.getroottree()
    encoding = tree.docinfo.encoding or "UTF-8"
    if encoding.upper() not in {"UTF-8", "UTF8", "US-ASCII", "ASCII"}:
        yield XmlProblem("not_utf8", 1, MappingProxyType({"encoding": encoding}), fatal=False)
    if tree.docinfo.doctype:
        yield XmlProblem("has_doctype", 1, fatal=False)
    declared = {
        (prefix, address)
        for node in root.iter()
        if isinstance(node.tag, str)
        for prefix, address in node.nsmap.items()
    }
    for prefix, address in sorted(declared, key=str):
        expected = _PREFIXES.get(address)
        if expected in _LITERAL and prefix != expected:
            values = MappingProxyType({"written": prefix or "–", "expected": expected})
            yield XmlProblem("prefix_other", root.sourceline, values)
        other = _spelt(address)
        if expected is None and other:
            values = MappingProxyType({"written": address, "expected": NAMESPACES[other]})
            yield XmlProblem("namespace_spelt", root.sourceline, values)


def _spelt(address: str) -> str | None:
    """Recognise a namespace in another spelling, which XML takes for another one."""
    plain = re.sub(r"^https?:", "", address.strip().lower()).rstrip("/")
    for known, prefix in [*_PREFIXES.items(), *_OTHER_SPELLINGS.items()]:
        if plain == re.sub(r"^https?:", "", known.lower()).rstrip("/"):
            return prefix
    return None


def _element(node: etree._Element) -> Element:
    return Element(
        _name(node),
        _text(node),
        MappingProxyType({str(name): str(value) for name, value in node.attrib.items()}),
        tuple(_element(child) for child in node if isinstance(child.tag, str)),
        node.sourceline,
    )


def _text(node: etree._Element) -> str:
    """Read the text before and between; an entity that nobody declared stands as it is written."""
    if not len(node):
        return str(node.text or "")
    parts = [node.text or ""]
    for child in node:
        if not isinstance(child.tag, str):
            name = (child.text or "").strip("&;")
            parts.append(_PREDEFINED.get(name, f"&{name};"))
        parts.append(child.tail or "")
    return "".join(str(part) for part in parts)


def _name(node: etree._Element) -> str:
    tag = str(node.tag)
    if not tag.startswith("{"):
        return tag
    address, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(address) or _spelt(address)
    return f"{prefix or '?'}:{local}"


def _plain(message: str) -> str:
    """Keep libxml2's first sentence; it is for people who know XML."""
    return message.split(", line ", maxsplit=1)[0][:120]


def _picture(content: bytes) -> Picture | None:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loaded when needed

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(content)) as image:
            return Picture(image.format or "", *image.size, image.mode)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
