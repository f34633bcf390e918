"""Text that apps can show: long enough to say something, short enough to be shown, in whole letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cityhall_fm.show.clean import clean
from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import APPLE, PSP, THE_SHOW, XML, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element, ParsedFeed, XmlProblem

_LONGEST: Final = 255  # Apple's RSS guide: values in letters
_SHORT: Final = frozenset({
    "title", "link", "guid", "copyright", "language", "category", "itunes:title", "itunes:author",
    "itunes:subtitle", "itunes:new-feed-url",
})  # fmt: skip
_PLAIN: Final = frozenset({"title", "itunes:title", "itunes:author", "copyright"})
_ENTITY: Final = re.compile(r"&(?:amp|lt|gt|quot|#\d+|#x[0-9A-Fa-f]+);")
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BROKEN: Final = "\ufffd"


def xml_rules(problems: Sequence[XmlProblem]) -> Iterator[Finding]:
    """Tell what the reader of XML met."""
    for problem in problems:
        place = Place(line=problem.line)
        tell = place.error if problem.fatal else place.warning
        yield tell(problem.name, "xml", XML, **problem.values)


def text_rules(feed: ParsedFeed) -> Iterator[Finding]:
    """Check the words of the show and of every episode."""
    if feed.channel:
        yield from _of(THE_SHOW, feed.channel)
    for item in feed.items:
        yield from _of(Place.of(item), item)


def _of(place: Place, parent: Element) -> Iterator[Finding]:
    for element in parent.children:
        words = element.text
        if element.name in _SHORT:
            yield from values.letters(place, element, words.strip(), _LONGEST, APPLE)
            if words != words.strip() and element.name != "guid":
                yield place.warning("spaces_around", element, PSP)
        if element.name in _PLAIN and _ENTITY.search(words):
            yield place.warning("escaped_twice", element, XML)
        if element.name in _PLAIN and _TAG.search(words):
            yield place.warning("html_in_plain", element, APPLE)
        if _BROKEN in words:
            yield place.warning("broken_letters", element, XML)
        if clean(words) != words.replace("\r\n", "\n").replace("\r", "\n"):
            yield place.warning("control_characters", element, XML)
        for attribute, value in element.attributes.items():
            if len(value) > _LONGEST and attribute in {"url", "href", "text"}:
                yield from values.letters(place, f"{element.name}@{attribute}", value, _LONGEST, APPLE)
