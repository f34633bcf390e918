"""What the show's own tags must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.categories import is_category, nearest
from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.finding import APPLE, PAGING, PRACTICE, PSP, RSS, THE_SHOW, Finding
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.syntax import is_email, is_language, is_web_address
from cityhall_fm.show.feed_check.vocabulary import SHOW_KINDS

_LONGEST_NAME: Final = 100
"""Letters; no category is as long, and hostile ones are longer."""
LONGEST_DESCRIPTION: Final = 4000  # Apple's RSS guide: in bytes
_ONCE: Final = (
    "title", "link", "description", "language", "copyright", "lastBuildDate", "pubDate", "itunes:author",
    "itunes:image", "itunes:explicit", "itunes:type", "itunes:owner", "itunes:new-feed-url",
    "itunes:complete", "itunes:block",
)  # fmt: skip
_PAGES: Final = frozenset(
    {"first", "prev", "previous", "next", "last", "prev-archive", "next-archive", "current"}
)


def show_rules(channel: Element) -> Iterator[Finding]:
    """Check what stands in `<channel>` but outside of items and podcast tags."""
    yield from values.once(THE_SHOW, channel, _ONCE, RSS)
    for name, source in (("title", RSS), ("description", RSS), ("link", RSS), ("language", APPLE)):
        if not channel.words(name):
            yield THE_SHOW.error("missing", name, source)
    yield from values.bytes_at_most(
        THE_SHOW, "description", channel.words("description"), LONGEST_DESCRIPTION, APPLE
    )
    for element in channel.all("language"):
        words = element.text.strip()
        if words and not is_language(words):
            yield THE_SHOW.error("not_a_language", element, APPLE, value=values.shown(words))
    for name in ("lastBuildDate", "pubDate"):
        for element in channel.all(name):
            yield from values.date(THE_SHOW, element, element.text.strip())
    for element in channel.all("copyright"):
        if re.match(r"\s*copyright\b", element.text, re.IGNORECASE):
            yield THE_SHOW.warning("copyright_word", element, PSP)
    for element in channel.all("author"):
        yield THE_SHOW.warning("not_of_a_channel", element, RSS)
    yield from _addresses(channel)
    yield from _of_apple(channel)


def _addresses(channel: Element) -> Iterator[Finding]:
    links = channel.all("atom:link")
    here = {link.attribute("href") for link in links if link.attribute("rel") == "self"} - {""}
    selves = sum(link.attribute("rel") == "self" for link in links)
    if not selves:
        yield THE_SHOW.error("no_self", "atom:link", PSP)
    elif selves > 1:
        yield THE_SHOW.error("repeated", "atom:link rel=self", PSP, count=selves)
    for link in links:
        rel, href = link.attribute("rel"), link.attribute("href")
        yield from values.required(THE_SHOW, link, ("href",), PSP)
        yield from values.address(THE_SHOW, link, href, PSP, attribute="href")
        if rel == "self" and link.attribute("type") not in {"", "application/rss+xml"}:
            yield THE_SHOW.warning(
                "wrong_type", link, PSP, written=link.attribute("type"), expected="application/rss+xml"
            )
        if rel in _PAGES and rel != "current" and rel not in {"first", "last"} and href in here:
            yield THE_SHOW.error("pages_in_a_circle", link, PAGING, rel=rel)
    for link in channel.all("link"):
        words = link.text.strip()
        yield from values.address(THE_SHOW, link, words, RSS)
        if words and words.rstrip("/") in {url.rstrip("/") for url in here}:
            yield THE_SHOW.error("link_is_feed", link, PSP)
    for element in channel.all("itunes:new-feed-url"):
        url = element.text.strip()
        yield from values.address(THE_SHOW, element, url, APPLE)
        if is_web_address(url) and here and url not in here:
            yield THE_SHOW.warning("moves_on", element, APPLE, url=values.shown(url))


def _of_apple(channel: Element) -> Iterator[Finding]:
    if not any(image.attribute("href") for image in channel.all("itunes:image")):
        yield THE_SHOW.error("missing", "itunes:image", APPLE)
    for image in channel.all("itunes:image"):
        yield from values.picture(THE_SHOW, image, image.attribute("href"))
    if channel.first("itunes:explicit") is None:
        yield THE_SHOW.error("missing", "itunes:explicit", APPLE)
    for explicit in channel.all("itunes:explicit"):
        yield from values.true_or_false(THE_SHOW, explicit)
    for kind in channel.all("itunes:type"):
        yield from values.one_of(THE_SHOW, kind, kind.text.strip(), SHOW_KINDS, APPLE)
    for name in ("itunes:complete", "itunes:block"):
        for element in channel.all(name):
            if element.text.strip() != "Yes":
                yield THE_SHOW.warning("only_yes", element, APPLE, value=values.shown(element.text))
    yield from _people(channel)
    yield from _categories(channel)


def _people(channel: Element) -> Iterator[Finding]:
    if not channel.words("itunes:author"):
        yield THE_SHOW.warning("missing", "itunes:author", APPLE)
    owner = channel.first("itunes:owner")
    email = owner.words("itunes:email") if owner else ""
    if not email:
        yield THE_SHOW.warning("no_owner_email", "itunes:owner", PRACTICE)
    elif not is_email(email):
        yield THE_SHOW.error("not_an_email", "itunes:email", APPLE, value=values.shown(email))


def _categories(channel: Element) -> Iterator[Finding]:
    found = channel.all("itunes:category")
    if not found:
        yield THE_SHOW.error("missing", "itunes:category", APPLE)
    for element in found:
        main = element.attributes.get("text", "")
        if not is_category(main):
            yield _category(element, main, None)
            continue
        for inner in element.all("itunes:category"):
            sub = inner.attributes.get("text", "")
            if not is_category(main, sub):
                yield _category(inner, main, sub)


def _category(element: Element, main: str, sub: str | None) -> Finding:
    near = nearest(main[:_LONGEST_NAME], sub and sub[:_LONGEST_NAME])
    written = values.shown(sub if sub is not None else main)
    if near is None:
        return THE_SHOW.error("category", element, APPLE, value=written)
    return THE_SHOW.error(
        "category_near", element, APPLE, value=written, near=" > ".join(part for part in near if part)
    )
