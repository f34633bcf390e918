"""What an episode's own tags must say, and what must differ from one episode to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import APPLE, PRACTICE, PSP, RSS, THE_SHOW, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.show_rules import LONGEST_DESCRIPTION
from cityhall_fm.show.feed_check.syntax import is_web_address, rfc2822
from cityhall_fm.show.feed_check.vocabulary import DESCRIPTION_TAGS, EPISODE_KINDS

_ONCE: Final = (
    "title", "guid", "pubDate", "description", "link", "content:encoded", "itunes:duration", "itunes:season",
    "itunes:episode", "itunes:episodeType", "itunes:explicit", "itunes:image", "itunes:title",
)  # fmt: skip
_NUMBERED: Final = re.compile(
    r"^\s*(?:第\s*\d+\s*[回話]|#\s*\d+|ep(?:isode)?\.?\s*\d+|vol\.?\s*\d+)", re.IGNORECASE
)
_TAG: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^<>]*>")
_DURATION: Final = re.compile(r"\d{1,7}|(?:\d{1,3}:)?[0-5]?\d:[0-5]\d")


def item_rules(items: Sequence[Element], channel: Element) -> Iterator[Finding]:
    """Check every `<item>`, without enclosures and podcast tags."""
    if not items:
        yield THE_SHOW.warning("no_items", "item", PSP)
    serial = channel.words("itunes:type") == "serial"
    for item in items:
        place = Place.of(item)
        yield from values.once(place, item, _ONCE, RSS)
        yield from _titles(place, item, channel.words("title"))
        yield from _guid(place, item)
        yield from _dates(place, item)
        yield from _words(place, item)
        yield from _of_apple(place, item, serial=serial)
    yield from _guids(items)
    yield from _numbers(items)
    yield from _order(items)


def _titles(place: Place, item: Element, show: str) -> Iterator[Finding]:
    title = item.words("title")
    if not title:
        yield place.error("missing", "title", RSS)
    elif _NUMBERED.match(title):
        yield place.warning("number_in_title", "title", APPLE)
    elif show and show in title:
        yield place.warning("show_in_title", "title", APPLE)


def _guid(place: Place, item: Element) -> Iterator[Finding]:
    for element in item.all("guid"):
        words = element.text.strip()
        permalink = element.attributes.get("isPermaLink", "true")
        if permalink not in {"true", "false"}:
            yield place.error("true_or_false", element, RSS, value=values.shown(permalink))
        elif words and permalink == "true" and not is_web_address(words):
            yield place.error("guid_not_an_address", element, RSS)
        if words != element.text:
            yield place.warning("spaces_around", element, RSS)
    if not item.words("guid"):
        yield place.error("missing", "guid", PSP)


def _dates(place: Place, item: Element) -> Iterator[Finding]:
    dates = item.all("pubDate")
    if not dates:
        yield place.warning("missing", "pubDate", PSP)
    for element in dates:
        yield from values.date(place, element, element.text.strip())


def _words(place: Place, item: Element) -> Iterator[Finding]:
    description = item.words("description")
    if not description:
        yield place.warning("missing", "description", PSP)
    yield from values.bytes_at_most(place, "description", description, LONGEST_DESCRIPTION, APPLE)
    unknown = sorted({match[1].lower() for match in _TAG.finditer(description)} - DESCRIPTION_TAGS)
    if unknown:
        yield place.warning("html_unknown", "description", APPLE, tags=", ".join(unknown[:8]))
    for link in item.all("link"):
        yield from values.address(place, link, link.text.strip(), RSS)


def _of_apple(place: Place, item: Element, *, serial: bool) -> Iterator[Finding]:
    for explicit in item.all("itunes:explicit"):
        yield from values.true_or_false(place, explicit)
    for image in item.all("itunes:image"):
        yield from values.required(place, image, ("href",), APPLE)
        yield from values.picture(place, image, image.attribute("href"))
    yield from _duration(place, item)
    for name in ("itunes:season", "itunes:episode"):
        for element in item.all(name):
            yield from values.number(place, element, element.text.strip(), APPLE)
    for kind in item.all("itunes:episodeType"):
        yield from values.one_of(place, kind, kind.text.strip(), EPISODE_KINDS, APPLE)
    if serial and _kind(item) == "full" and not item.words("itunes:episode"):
        yield place.error("serial_without_number", "itunes:episode", APPLE)
    for element in item.all("itunes:block"):
        if element.text.strip() != "Yes":
            yield place.warning("only_yes", element, APPLE, value=values.shown(element.text))


def _duration(place: Place, item: Element) -> Iterator[Finding]:
    durations = item.all("itunes:duration")
    if not durations and item.first("enclosure"):
        yield place.warning("missing", "itunes:duration", APPLE)
    for element in durations:
        words = element.text.strip()
        if not _DURATION.fullmatch(words):
            yield place.error("not_a_duration", element, APPLE, value=values.shown(words))
        elif not words.strip("0:"):
            yield place.warning("no_duration", element, APPLE)


def _guids(items: Sequence[Element]) -> Iterator[Finding]:
    seen: dict[str, Element] = {}
    for item in items:
        guid = item.words("guid")
        if guid and guid in seen:
            other = seen[guid].words("title")
            yield Place.of(item).error("guid_twice", "guid", RSS, other=values.shown(other))
        seen.setdefault(guid, item)


def _numbers(items: Sequence[Element]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Element] = {}
    for item in items:
        number = item.words("itunes:episode")
        if not number or _kind(item) != "full":
            continue
        key = (item.words("itunes:season"), number)
        if key in seen:
            other = seen[key].words("title")
            yield Place.of(item).warning(
                "number_twice",
                "itunes:episode",
                APPLE,
                number=values.shown(number),
                other=values.shown(other),
            )
        seen.setdefault(key, item)


def _order(items: Sequence[Element]) -> Iterator[Finding]:
    """Newest first, which simple readers rely on; told once."""
    dated = [(item, date) for item in items if (date := rfc2822(item.words("pubDate"))) and date.tzinfo]
    for (_, newer), (item, date) in pairwise(dated):
        if date > newer:
            yield Place.of(item).warning("not_newest_first", "pubDate", PRACTICE)
            return


def _kind(item: Element) -> str:
    return item.words("itunes:episodeType") or "full"
