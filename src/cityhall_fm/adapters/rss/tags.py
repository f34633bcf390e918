"""Tags as XML, with every value cleaned on the way."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias
from zoneinfo import ZoneInfo

from lxml import etree

from cityhall_fm.show.clean import clean, cut, in_bytes, one_line
from cityhall_fm.show.feed_check.parsed import NAMESPACES as KNOWN

if TYPE_CHECKING:
    Node: TypeAlias = etree._Element  # noqa: SLF001 - lxml's type of an element

NAMESPACES: Final = {prefix: KNOWN[prefix] for prefix in ("itunes", "podcast")}
ATOM: Final = f"{{{KNOWN['atom']}}}"
CONTENT: Final = f"{{{KNOWN['content']}}}"
ITUNES: Final = f"{{{KNOWN['itunes']}}}"
PODCAST: Final = f"{{{KNOWN['podcast']}}}"
_LONGEST: Final = 255  # Apple's RSS guide: values in letters
_LONGEST_NAME: Final = 128  # Podcasting 2.0: what a tag shows, in letters
_LONGEST_DESCRIPTION: Final = 4000  # Apple's RSS guide: in bytes


def tag(parent: Node, name: str, text: str | None = None, /, **attributes: str) -> Node:
    """Add a tag; its text and attributes are clean already."""
    node = etree.SubElement(parent, name, attributes)
    node.text = text
    return node


def known(**attributes: str | float | None) -> dict[str, str]:
    """Keep the attributes that say something, cleaned; an underscore stands for a hyphen."""
    return {
        name.replace("_", "-"): value(str(written))
        for name, written in attributes.items()
        if written is not None and written != ""
    }


def cdata(html: str) -> etree.CDATA:
    """Make CDATA; lxml splits a `]]>` over two sections."""
    return etree.CDATA(clean(html))


def value(text: str) -> str:
    """Clean a value, and cut it to what Apple takes."""
    return cut(one_line(text), _LONGEST)


def name(text: str) -> str:
    """Clean what a podcast tag shows, and cut it to what apps keep."""
    return cut(one_line(text), _LONGEST_NAME)


def within_limit(description: str) -> str:
    """Clean a description, and cut it to what Apple takes."""
    return cut(clean(description).strip(), _LONGEST_DESCRIPTION, in_bytes)


def true_or_false(explicit: bool) -> str:  # noqa: FBT001 - its name says it
    """Write Apple's yes or no."""
    return "true" if explicit else "false"


def date(moment: datetime, timezone: str) -> str:
    """Write a date as RSS does (RFC 2822), in English everywhere."""
    return format_datetime(moment.astimezone(_zone(timezone)))


@cache
def _zone(timezone: str) -> ZoneInfo:
    return ZoneInfo(timezone)
