"""A new feed, as a podcast app meets it: fetched and compared, and each new enclosure asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from cityhall_fm.production.ports.feed import WebProbe
from cityhall_fm.show.episode import Key, Show
from cityhall_fm.show.feed_check.web import PARTIAL, Answer
from cityhall_fm.show.feed_difference import Offered, offered
from cityhall_fm.show.publication import FEED_KEY
from cityhall_fm.show.text import Text

_MOST_FEED: Final = 50_000_000
_FEEDS: Final = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_TOTAL: Final = re.compile(r"bytes \d+-\d+/(\d+)")
_TWO_BYTES: Final = {"Range": "bytes=0-1"}
_SCRIPT: Final = {"Origin": "https://player.example"}
"""Players in a browser may read chapters and transcripts only where the server allows it (Fetch, CORS)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What listeners would not get, and what only some players miss."""

    problems: tuple[Text, ...]
    remarks: tuple[Text, ...]


def listen(show: Show, feed: bytes, *, new: Collection[Key], web: WebProbe) -> Heard:
    """Fetch what was just published, `new` being its keys."""
    problems = list(_feed(show.url(FEED_KEY), feed, web))
    for offer in offered(feed):
        key = Key(offer.url.removeprefix(f"{show.public_url}/"))
        if key in new:
            problems += _enclosure(offer, web)
    attached = sorted(key for key in new if key.endswith(("chapters.json", ".vtt")))
    remarks = _attachment(show.url(attached[0]), web) if attached else ()
    return Heard(tuple(problems), tuple(remarks))


def _feed(url: str, feed: bytes, web: WebProbe) -> Iterator[Text]:
    answer = web.ask(url, most_bytes=_MOST_FEED)
    if not answer.ok:
        yield _no_answer(url, answer)
    elif answer.content != feed:
        yield Text.of("publish.heard_another_feed", url=url)
    elif answer.media_type not in _FEEDS:
        yield Text.of("publish.heard_type", url=url, found=answer.media_type, wanted="application/rss+xml")


def _enclosure(offer: Offered, web: WebProbe) -> Iterator[Text]:
    """Ask as Apple Podcasts does: HEAD, then a Range, which it demands (podcasters.apple.com, "RSS feed")."""
    head = web.ask(offer.url, most_bytes=0, method="HEAD")
    if not head.ok:
        yield _no_answer(offer.url, head)
        return
    if head.length is not None and head.length != offer.length_bytes:
        yield Text.of("publish.heard_length", url=offer.url, found=head.length, wanted=offer.length_bytes)
    if head.media_type != offer.media_type:
        yield Text.of("publish.heard_type", url=offer.url, found=head.media_type, wanted=offer.media_type)
    part = web.ask(offer.url, most_bytes=2, headers=_TWO_BYTES)
    total = _TOTAL.fullmatch(part.headers.get("content-range", ""))
    if part.status != PARTIAL or not total or int(total[1]) != offer.length_bytes:
        yield Text.of("publish.heard_no_range", url=offer.url, status=part.status)


def _attachment(url: str, web: WebProbe) -> Iterator[Text]:
    answer = web.ask(url, most_bytes=0, headers=_SCRIPT)
    if not answer.ok:
        yield _no_answer(url, answer)
    elif answer.headers.get("access-control-allow-origin") not in {"*", _SCRIPT["Origin"]}:
        yield Text.of("publish.heard_no_cors", url=url)


def _no_answer(url: str, answer: Answer) -> Text:
    return Text.of("publish.heard_nothing", url=url, status=answer.status or answer.failure)
