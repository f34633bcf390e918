"""What servers must do for podcast apps: HEAD, byte ranges, lengths, revalidation, access for scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.feed_check import values
from cityhall_fm.show.feed_check.enclosure_rules import length_of
from cityhall_fm.show.feed_check.file_rules import sorts
from cityhall_fm.show.feed_check.finding import (
    APPLE,
    HTTP,
    PODCASTING,
    PRACTICE,
    PSP,
    THE_SHOW,
    Finding,
    Place,
)
from cityhall_fm.show.feed_check.parsed import Element
from cityhall_fm.show.feed_check.syntax import ending
from cityhall_fm.show.feed_check.vocabulary import ENCLOSURES, PICTURES
from cityhall_fm.show.feed_check.web import NOT_MODIFIED, PARTIAL, PERMANENT, Answer

_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_MOST_HOPS: Final = 5
_ATTACHMENTS: Final = {"podcast:chapters": ("application/json+chapters", "application/json")}


def feed_rules(
    answer: Answer, head: Answer, again: Answer | None, channel: Element | None
) -> Iterator[Finding]:
    """Check how a feed is served: asked for whole, by HEAD, and again with its validators."""
    if not answer.ok:
        yield refused(THE_SHOW, "feed", answer)
        return
    yield from _hops(THE_SHOW, "feed", answer)
    if answer.media_type not in _FEED_TYPES:
        written = values.shown(answer.media_type or "–")
        yield THE_SHOW.warning("served_as", "feed", PSP, written=written, expected="application/rss+xml")
    if not head.ok:
        yield THE_SHOW.warning("no_head", "feed", HTTP, status=head.status)
    if not answer.validators:
        yield THE_SHOW.warning("no_validators", "feed", HTTP)
    elif again and again.status != NOT_MODIFIED:
        yield THE_SHOW.warning("no_304", "feed", HTTP, status=again.status)
    here = (
        {link.attribute("href") for link in channel.all("atom:link") if link.attribute("rel") == "self"}
        if channel
        else set()
    )
    if here and not here & {answer.url, answer.final_url}:
        yield THE_SHOW.warning("self_elsewhere", "atom:link", PSP, url=values.shown(min(here)))


def enclosure_answers(place: Place, enclosure: Element, head: Answer, part: Answer) -> Iterator[Finding]:
    """Check how an enclosure is served: by HEAD, and its first bytes by a range."""
    if not head.ok and not part.ok:
        yield refused(place, enclosure, head if head.status not in {405, 501} else part)
        return
    yield from _hops(place, enclosure, head if head.ok else part)
    if not head.ok:
        yield place.error("no_head", enclosure, APPLE, status=head.status)
    written, actual = length_of(enclosure), _total(head, part)
    if actual is None:
        yield place.error("no_length", enclosure, APPLE)
    elif written is not None and written != actual:
        yield place.error("wrong_length", enclosure, APPLE, written=written, actual=actual)
    kind = ending(enclosure.attribute("url"))
    served, expected = (head if head.ok else part).media_type, ENCLOSURES.get(kind, ())
    if expected and served not in expected:
        yield place.warning("served_as", enclosure, APPLE, written=served or "–", expected=expected[0])
    yield from _ranges(place, enclosure, part)
    known = (head if head.ok else part).validators
    if not known:
        yield place.warning("no_validators", enclosure, HTTP)
    elif "If-Modified-Since" not in known and known.get("If-None-Match", "").startswith("W/"):
        yield place.warning("weak_etag", enclosure, HTTP)
    yield from sorts(place, enclosure, part.content, kind)


def picture_answers(place: Place, image: Element, head: Answer) -> Iterator[Finding]:
    """Check how artwork is served: Apple asks by HEAD."""
    if not head.ok:
        yield refused(place, image, head)
        return
    yield from _hops(place, image, head)
    expected = PICTURES.get(ending(image.attribute("href")))
    if expected and head.media_type != expected:
        yield place.error("served_as", image, APPLE, written=head.media_type or "–", expected=expected)


def attachment_answers(place: Place, element: Element, answer: Answer) -> Iterator[Finding]:
    """Check how chapters and transcripts are served: players in browsers need them open to any page."""
    if not answer.ok:
        yield refused(place, element, answer)
        return
    yield from _hops(place, element, answer)
    if answer.headers.get("access-control-allow-origin", "").strip() != "*":
        yield place.warning("no_cors", element, PSP)
    written = element.attribute("type")
    expected = _ATTACHMENTS.get(element.name, (written,))
    if written and answer.media_type not in expected:
        yield place.warning(
            "served_as", element, PODCASTING, written=answer.media_type or "–", expected=expected[0]
        )


def refused(place: Place, tag: str | Element, answer: Answer) -> Finding:
    """Tell that something could not be fetched, and why."""
    if answer.failure == "out_of_time":
        return place.warning("out_of_time", tag, PRACTICE)
    if answer.failure:
        return place.error(answer.failure, tag, HTTP, url=values.shown(answer.url))
    if answer.status in {401, 403, 407}:
        return place.error("needs_password", tag, APPLE, status=answer.status)
    return place.error("answered", tag, HTTP, status=answer.status, url=values.shown(answer.url))


def _ranges(place: Place, enclosure: Element, part: Answer) -> Iterator[Finding]:
    if part.status != PARTIAL:
        yield place.error("no_ranges", enclosure, APPLE, status=part.status)
        return
    match = _RANGE.fullmatch(part.headers.get("content-range", "").strip())
    if not match or int(match[1]) != 0 or int(match[2]) - int(match[1]) + 1 != len(part.content):
        yield place.error(
            "range_wrong", enclosure, HTTP, value=values.shown(part.headers.get("content-range", "–"))
        )


def _total(head: Answer, part: Answer) -> int | None:
    """Read a file's whole length from either answer."""
    if head.ok and head.length is not None:
        return head.length
    match = _RANGE.fullmatch(part.headers.get("content-range", "").strip())
    if match:
        return int(match[3])
    return part.length if part.ok and part.status != PARTIAL else None


def _hops(place: Place, tag: str | Element, answer: Answer) -> Iterator[Finding]:
    if len(answer.hops) > _MOST_HOPS:
        yield place.warning("many_hops", tag, APPLE, count=len(answer.hops))
    if answer.url.startswith("https:") and answer.final_url.startswith("http:"):
        yield place.error("hops_to_http", tag, APPLE, url=values.shown(answer.final_url))
    if tag == "feed" and answer.hops:
        lasting = all(status in PERMANENT for status in answer.hops)
        name = "feed_moved" if lasting else "feed_elsewhere"
        yield place.warning(name, tag, HTTP, url=values.shown(answer.final_url))
