"""What the feed says of files, against the files: lengths, types, pictures, chapters, transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.chapters_file import chapters_rules
from cityhall_fm.show.feed_check.enclosure_rules import length_of
from cityhall_fm.show.feed_check.files import FileFacts, Surroundings, kind_of
from cityhall_fm.show.feed_check.finding import APPLE, PAGING, PODCASTING, RSS, THE_SHOW, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element, ParsedFeed
from cityhall_fm.show.feed_check.syntax import ending
from cityhall_fm.show.feed_check.transcript_file import transcript_rules
from cityhall_fm.show.feed_check.vocabulary import ENCLOSURES, PICTURES

SMALLEST_ARTWORK, LARGEST_ARTWORK = 1400, 3000  # Apple Podcasts: artwork in pixels


def file_rules(feed: ParsedFeed, around: Surroundings) -> Iterator[Finding]:
    """Look at every file that the feed names and that can be looked at."""
    if feed.channel:
        for image in feed.channel.all("itunes:image"):
            yield from _artwork(THE_SHOW, image, around)
        yield from _merely_there(THE_SHOW, feed.channel, around)
    for item in feed.items:
        place = Place.of(item)
        for enclosure in item.all("enclosure"):
            yield from _enclosure(place, enclosure, around)
        for image in item.all("itunes:image"):
            yield from _artwork(place, image, around)
        for name, rules in (("podcast:chapters", chapters_rules), ("podcast:transcript", transcript_rules)):
            for element in item.all(name):
                facts = _found(around, element.attribute("url"))
                if facts and facts.content is not None:
                    yield from rules(place, element, facts.content)
        yield from _alternates(place, item, around)
        yield from _merely_there(place, item, around)


def _enclosure(place: Place, enclosure: Element, around: Surroundings) -> Iterator[Finding]:
    url = enclosure.attribute("url")
    facts = _found(around, url)
    if facts is None:
        if around.must_hold(url):
            yield place.error("no_file", enclosure, RSS, value=values.shown(url))
        return
    yield from lengths(place, enclosure, facts.length_bytes)
    yield from sorts(place, enclosure, facts.beginning, ending(url))


def lengths(place: Place, element: Element, actual: int) -> Iterator[Finding]:
    """Compare the length that the feed tells with that of the file, in bytes."""
    written = length_of(element)
    if written is not None and written != actual:
        yield place.error("wrong_length", element, RSS, written=written, actual=actual)
    if actual == 0:
        yield place.error("empty_file", element, RSS)


def sorts(place: Place, element: Element, beginning: bytes, kind: str) -> Iterator[Finding]:
    """Compare the type that address and feed tell with the file's first bytes."""
    found = kind_of(beginning)
    if not found:
        return
    expected = ENCLOSURES.get(kind) or (element.attribute("type").lower(),)
    alike = {"audio/x-m4a", "audio/mp4", "video/mp4", "video/x-m4v", "video/quicktime"}
    opus = {"audio/ogg", "audio/opus"}
    if found in expected or {found, *expected} <= alike or {found, *expected} <= opus:
        return
    yield place.error("wrong_content", element, RSS, written=expected[0], actual=found)


def _artwork(place: Place, image: Element, around: Surroundings) -> Iterator[Finding]:
    url = image.attribute("href")
    facts = _found(around, url)
    if facts is None:
        if around.must_hold(url):
            yield place.error("no_file", image, APPLE, value=values.shown(url))
        return
    picture = facts.picture
    if picture is None:
        if facts.content is not None:
            yield place.error("not_a_picture", image, APPLE)
        return
    expected = PICTURES.get(ending(url), "")
    found = f"image/{picture.format.lower()}"
    if found not in PICTURES.values() or (expected and found != expected):
        yield place.error("picture_kind", image, APPLE, actual=found, ending=ending(url) or "–")
    if picture.width != picture.height:
        yield place.error("picture_square", image, APPLE, width=picture.width, height=picture.height)
    if not SMALLEST_ARTWORK <= max(picture.width, picture.height) <= LARGEST_ARTWORK:
        yield place.error(
            "picture_size", image, APPLE, width=picture.width, height=picture.height,
            smallest=SMALLEST_ARTWORK, largest=LARGEST_ARTWORK,
        )  # fmt: skip
    if picture.mode != "RGB":
        yield place.error("picture_colour", image, APPLE, mode=picture.mode)


def _alternates(place: Place, item: Element, around: Surroundings) -> Iterator[Finding]:
    for alternate in item.all("podcast:alternateEnclosure"):
        for source in alternate.all("podcast:source"):
            url = source.attribute("uri")
            facts = _found(around, url)
            if facts is None:
                if around.must_hold(url):
                    yield place.error("no_file", source, PODCASTING, value=values.shown(url))
                continue
            yield from lengths(place, alternate, facts.length_bytes)
            yield from sorts(place, alternate, facts.beginning, ending(url))


_NAMED: Final = (
    ("podcast:chapters", "url"), ("podcast:transcript", "url"), ("podcast:image", "href"),
    ("podcast:trailer", "url"),
)  # fmt: skip


def _merely_there(place: Place, parent: Element, around: Surroundings) -> Iterator[Finding]:
    for name, attribute in _NAMED:
        for element in parent.all(name):
            url = element.attribute(attribute)
            if url and around.must_hold(url) and around.file(url) is None:
                yield place.error("no_file", element, PODCASTING, value=values.shown(url))
    for link in parent.all("atom:link"):
        url = link.attribute("href")
        pages = link.attribute("rel") in {"first", "prev", "next", "last"}
        if pages and around.must_hold(url) and around.file(url) is None:
            yield place.error("no_file", link, PAGING, value=values.shown(url))


def _found(around: Surroundings, url: str) -> FileFacts | None:
    return around.file(url) if url else None
