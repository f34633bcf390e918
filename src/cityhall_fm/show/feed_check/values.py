"""Rules that many tags share: said once, an address, a number, a date, one of a list, not too long."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from cityhall_fm.show.clean import in_bytes
from cityhall_fm.show.feed_check.finding import APPLE, PODCASTING, PSP, RSS, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.syntax import ending, is_web_address, rfc2822
from cityhall_fm.show.feed_check.vocabulary import PICTURES

_SHOWN = 60


def shown(value: str) -> str:
    """Show a value in a sentence: one line, not too long."""
    value = " ".join(value.split())
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"


def once(place: Place, parent: Element, names: Iterable[str], source: str) -> Iterator[Finding]:
    """Find tags that stand several times where they may stand once."""
    counts: dict[str, int] = {}
    for child in parent.children:
        counts[child.name] = counts.get(child.name, 0) + 1
    for name in names:
        if counts.get(name, 0) > 1:
            yield place.error("repeated", name, source, count=counts[name])


def address(
    place: Place, tag: str | Element, url: str, source: str, *, attribute: str = "", ascii_only: bool = False
) -> Iterator[Finding]:
    """Check an address; one that is empty is somebody else's finding."""
    if not url:
        return
    if not is_web_address(url):
        yield place.error("not_an_address", tag, source, value=shown(url), attribute=attribute)
    elif ascii_only and not url.isascii():
        yield place.error("not_ascii", tag, PSP, value=shown(url))
    elif not url.isascii():
        yield place.warning("not_ascii", tag, PSP, value=shown(url))
    elif url.startswith("http:") and "//127.0.0.1" not in url and "//localhost" not in url:
        yield place.warning("not_https", tag, APPLE, value=shown(url))


def picture(place: Place, element: Element, url: str) -> Iterator[Finding]:
    """Check the address of a picture: JPEG or PNG by its ending too."""
    yield from address(place, element, url, APPLE, attribute="href", ascii_only=True)
    if is_web_address(url) and ending(url) not in PICTURES:
        yield place.error("picture_ending", element, APPLE, value=shown(url))


def date(place: Place, element: Element, words: str, source: str = RSS) -> Iterator[Finding]:
    """Check a date of RSS."""
    if rfc2822(words) is None:
        yield place.error("not_a_date", element, source, value=shown(words))


def true_or_false(place: Place, element: Element) -> Iterator[Finding]:
    """`yes`, `no` and `clean` were Apple's words until 2019."""
    words = element.text.strip()
    if words not in {"true", "false"}:
        yield place.error("true_or_false", element, APPLE, value=shown(words))


def number(
    place: Place, element: Element, words: str, source: str, *, least: int = 1, attribute: str = ""
) -> Iterator[Finding]:
    """Check a whole number."""
    if not re.fullmatch(r"[0-9]{1,18}", words) or int(words) < least:
        yield place.error(
            "not_a_number", element, source, value=shown(words), least=least, attribute=attribute
        )


def one_of(
    place: Place, element: Element, words: str, known: Collection[str], source: str, *, strict: bool = True
) -> Iterator[Finding]:
    """Check a word of a list; where the list may grow, another one is not an error."""
    if words in known:
        return
    near = difflib.get_close_matches(words.lower()[:_SHOWN], list(known), n=1, cutoff=0.7)
    choices = near or sorted(known)[:8]
    tell = place.error if strict else place.warning
    yield tell("not_one_of", element, source, value=shown(words), known=", ".join(choices))


def required(
    place: Place, element: Element, attributes: Iterable[str], source: str = PODCASTING
) -> Iterator[Finding]:
    """Find attributes that are missing."""
    for attribute in attributes:
        if not element.attribute(attribute):
            yield place.error("no_attribute", element, source, attribute=attribute)


def letters(place: Place, tag: str | Element, words: str, most: int, source: str) -> Iterator[Finding]:
    """Check a length in letters; longer text is cut by apps, not refused."""
    if len(words) > most:
        yield place.warning("too_many_letters", tag, source, length=len(words), limit=most)


def bytes_at_most(place: Place, tag: str | Element, words: str, most: int, source: str) -> Iterator[Finding]:
    """Check a length in bytes of UTF-8, as Apple does."""
    if in_bytes(words) > most:
        yield place.error("too_many_bytes", tag, source, length=in_bytes(words), limit=most)


def named(place: Place, element: Element, *, most: int = 128, must: bool = True) -> Iterator[Finding]:
    """Check the text that a podcast tag shows people."""
    words = element.text.strip()
    if must and not words:
        yield place.error("empty", element, PODCASTING)
    yield from letters(place, element, words, most, PODCASTING)


def linked(place: Place, element: Element, attribute: str) -> Iterator[Finding]:
    """Check an attribute that must be an address."""
    yield from required(place, element, (attribute,))
    yield from address(place, element, element.attribute(attribute), PODCASTING, attribute=attribute)
