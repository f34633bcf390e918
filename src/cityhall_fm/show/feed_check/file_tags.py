"""Podcasting 2.0's tags that name files: trailers, pictures, transcripts, chapters, soundbites, formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import PODCASTING, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.vocabulary import CHAPTERS, TRANSCRIPTS

_SHORTEST, _LONGEST_SOUNDBITE = 15, 120  # Podcasting 2.0, soundbite: seconds
_LONGEST_LABEL: Final = 32  # Podcasting 2.0, alternateEnclosure: letters
_INTEGRITY: Final = re.compile(
    r"sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}(?:\s+sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2})*"
)
_SECONDS: Final = re.compile(r"\d{1,7}(?:\.\d+)?")
_DECIMAL: Final = re.compile(r"\d{1,9}(?:\.\d+)?")
_RATIO: Final = re.compile(r"\d+(?:\.\d+)?\s*/\s*\d+(?:\.\d+)?")


def trailer(place: Place, element: Element) -> Iterator[Finding]:
    """Check a trailer, which is an enclosure of the show."""
    yield from values.named(place, element)
    yield from values.linked(place, element, "url")
    yield from values.required(place, element, ("pubdate",))
    if element.attribute("pubdate"):
        yield from values.date(place, element, element.attribute("pubdate"), PODCASTING)
    for attribute in ("length", "season"):
        if written := element.attribute(attribute):
            yield from values.number(place, element, written, PODCASTING, attribute=attribute)


def image(place: Place, element: Element) -> Iterator[Finding]:
    """Check a picture beside the artwork."""
    yield from values.linked(place, element, "href")
    ratio = element.attribute("aspect-ratio")
    if ratio and not _RATIO.fullmatch(ratio):
        yield place.error("not_a_ratio", element, PODCASTING, value=values.shown(ratio))
    for attribute in ("width", "height"):
        if written := element.attribute(attribute):
            yield from values.number(place, element, written, PODCASTING, attribute=attribute)
    if not element.attribute("alt"):
        yield place.warning("no_attribute", element, PODCASTING, attribute="alt")


def transcript(place: Place, element: Element) -> Iterator[Finding]:
    """Check where a transcript is; its file is another matter."""
    yield from values.linked(place, element, "url")
    yield from values.required(place, element, ("type",))
    if kind := element.attribute("type"):
        yield from values.one_of(place, element, kind, TRANSCRIPTS, PODCASTING)
    if rel := element.attribute("rel"):
        yield from values.one_of(place, element, rel, ("captions",), PODCASTING)
        if rel == "captions" and kind in {"text/plain", "text/html"}:
            yield place.warning("captions_without_times", element, PODCASTING, value=kind)


def chapters(place: Place, element: Element) -> Iterator[Finding]:
    """Check where chapters are; their file is another matter."""
    yield from values.linked(place, element, "url")
    yield from values.required(place, element, ("type",))
    kind = element.attribute("type")
    if kind and kind != CHAPTERS:
        yield place.error("wrong_type", element, PODCASTING, written=values.shown(kind), expected=CHAPTERS)


def soundbite(place: Place, element: Element) -> Iterator[Finding]:
    """Check a piece of the audio that is worth hearing by itself."""
    yield from values.named(place, element, must=False)
    yield from values.required(place, element, ("startTime", "duration"))
    for attribute in ("startTime", "duration"):
        written = element.attribute(attribute)
        if written and not _SECONDS.fullmatch(written):
            yield place.error(
                "not_seconds", element, PODCASTING, value=values.shown(written), attribute=attribute
            )
    duration = element.attribute("duration")
    if _SECONDS.fullmatch(duration) and not _SHORTEST <= float(duration) <= _LONGEST_SOUNDBITE:
        yield place.warning(
            "soundbite_length", element, PODCASTING, value=duration, least=_SHORTEST, most=_LONGEST_SOUNDBITE
        )


def alternate_enclosure(place: Place, element: Element) -> Iterator[Finding]:
    """Check another format of an episode."""
    yield from values.required(place, element, ("type",))
    sources = element.all("podcast:source")
    if not sources:
        yield place.error("no_source", element, PODCASTING)
    for source in sources:
        yield from values.required(place, source, ("uri",))
        uri = source.attribute("uri")
        if re.match(r"https?:", uri):
            yield from values.address(place, source, uri, PODCASTING, attribute="uri", ascii_only=True)
    if written := element.attribute("length"):
        yield from values.number(place, element, written, PODCASTING, attribute="length")
    else:
        yield place.warning("no_attribute", element, PODCASTING, attribute="length")
    bitrate = element.attribute("bitrate")
    if bitrate and not _DECIMAL.fullmatch(bitrate):
        yield place.error(
            "not_a_number", element, PODCASTING, value=values.shown(bitrate), least=1, attribute="bitrate"
        )
    for attribute in ("title", "rel"):
        yield from values.letters(
            place, f"{element.name}@{attribute}", element.attribute(attribute), _LONGEST_LABEL, PODCASTING
        )
    for integrity in element.all("podcast:integrity"):
        yield from _integrity(place, integrity)


def _integrity(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.required(place, element, ("type", "value"))
    kind, written = element.attribute("type"), element.attribute("value")
    if kind:
        yield from values.one_of(place, element, kind, ("sri", "pgp-signature"), PODCASTING)
    if kind == "sri" and written and not _INTEGRITY.fullmatch(written):
        yield place.error("not_sri", element, PODCASTING, value=values.shown(written))
