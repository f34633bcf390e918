"""What apps download: one file per episode, its address, length and type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import APPLE, PSP, RSS, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.syntax import ending, is_web_address
from cityhall_fm.show.feed_check.vocabulary import ENCLOSURES, OF_APPLE


def enclosure_rules(items: Sequence[Element], *, for_apple: bool) -> Iterator[Finding]:
    """Check every episode's enclosure, and that no two share one; `for_apple` where Apple lists the show."""
    seen: dict[str, Element] = {}
    for item in items:
        place = Place.of(item)
        enclosures = item.all("enclosure")
        if not enclosures:
            yield place.error("missing", "enclosure", PSP)
        elif len(enclosures) > 1:
            yield place.error("repeated", "enclosure", APPLE, count=len(enclosures))
        for enclosure in enclosures:
            yield from _enclosure(place, enclosure, for_apple=for_apple)
            url = enclosure.attribute("url")
            if url and url in seen and seen[url] is not item:
                other = values.shown(seen[url].words("title"))
                yield place.error("enclosure_twice", enclosure, APPLE, other=other)
            seen.setdefault(url, item)


def length_of(enclosure: Element) -> int | None:
    """Read what the feed says an enclosure's length is, in bytes."""
    words = enclosure.attribute("length")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else None  # noqa: PLR2004 - 64 bits


def _enclosure(place: Place, enclosure: Element, *, for_apple: bool) -> Iterator[Finding]:
    yield from values.required(place, enclosure, ("url", "length", "type"), RSS)
    url, written = enclosure.attribute("url"), enclosure.attribute("type").lower()
    yield from values.address(place, enclosure, url, RSS, attribute="url", ascii_only=True)
    if enclosure.attribute("length"):
        yield from values.number(place, enclosure, enclosure.attribute("length"), RSS, attribute="length")
    if not is_web_address(url):
        return
    kind = ending(url)
    expected = ENCLOSURES.get(kind, ())
    if not expected:
        yield place.warning("ending_unknown", enclosure, APPLE, ending=kind or "–")
        return
    if for_apple and kind not in OF_APPLE:
        yield place.warning("not_for_apple", enclosure, APPLE, ending=kind)
    if written and written not in expected:
        yield place.error("wrong_type", enclosure, APPLE, written=values.shown(written), expected=expected[0])
