"""A new feed, as a podcast app meets it: fetched and compared, and each new enclosure asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from cityhall_fm.production.ports.feed import WebProbe
from cityhall_fm.show.episode import Key, Show
from cityhall_fm.show.feed_check.web import PARTIAL, Answer
from cityhall_fm.show.feed_difference import Offered
from cityhall_fm.show.publication import FEED_KEY
from cityhall_fm.show.text import Text

_MOST_FEED: Final = 50_000_000
_FEEDS: Final = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_TOTAL: Final = re.compile(r"bytes \d+-\d+/(\d+)")
_ATTACHED: Final = re.compile(r"\d+/(?:chapters\.json|transcript\.(?:html|json|srt|vtt))")
_TWO_BYTES: Final = {"Range": "bytes=0-1"}
_NOT_KEPT: Final = {"Cache-Control": "no-cache"}
"""A cache shall look whether what it keeps is still right (RFC 9111, 5.2.1.4)."""
_SCRIPT: Final = {"Origin": "https://player.example"}
"""Players in a browser may read chapters and transcripts only where the server allows it (Fetch, CORS)."""


Pause = Callable[[float], None]
_Question = Callable[[WebProbe], Iterable[Text]]

_PAUSES: Final = (1.0, 4.0, 10.0)
"""Seconds before what did not come out well is asked for again: one time-out says nothing yet."""
_MOST_ILL: Final = 5
"""After so many, a server need not be asked for everything else."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What listeners would not get, and what only some players miss."""

    problems: tuple[Text, ...]
    remarks: tuple[Text, ...]


def listen(
    show: Show,
    feed: bytes,
    *,
    media: Iterable[Offered],
    attached: Mapping[Key, str],
    web: WebProbe,
    pause: Pause | None = None,
) -> Heard:
    """Fetch a feed that was just published, media that it offers, and what is `attached`, with its type.

    What fails is asked for again, with a `pause` in between. That an attachment cannot be read by players
    on other sites, or comes as another type, is a remark only: apps show chapters and transcripts all the
    same.
    """
    short: dict[str, list[str]] = {}
    questions: list[_Question] = [
        partial(_feed, show.url(FEED_KEY), feed),
        *(partial(_enclosure, offer) for offer in media),
        *(partial(_attachment, show.url(key), type_, short) for key, type_ in sorted(attached.items())),
    ]
    problems = _patiently(questions, web, pause)
    remarks = [Text.of(name, url=urls[0], count=len(urls)) for name, urls in short.items()]
    return Heard(problems, tuple(remarks))


def is_attachment(key: Key) -> bool:
    """Tell chapters and transcripts, which players ask for beside the audio."""
    return bool(_ATTACHED.fullmatch(key))


def listen_to_media(media: Iterable[Offered], *, web: WebProbe, pause: Pause | None = None) -> Sequence[Text]:
    """Ask for media only, which no public feed need name yet; gives what listeners would not get."""
    return _patiently([partial(_enclosure, offer) for offer in media], web, pause)


def _patiently(questions: Sequence[_Question], web: WebProbe, pause: Pause | None) -> tuple[Text, ...]:
    for seconds in (*_PAUSES, None):
        left: list[_Question] = []
        problems: list[Text] = []
        for place, question in enumerate(questions):
            if len(left) == _MOST_ILL:
                left += questions[place:]
                break
            if found := list(question(web)):
                left.append(question)
                problems += found
        questions = left
        if not left or seconds is None:
            break
        if pause:
            pause(seconds)
    return tuple(problems)


def _feed(url: str, feed: bytes, web: WebProbe) -> Iterator[Text]:
    answer = web.ask(url, most_bytes=_MOST_FEED, headers=_NOT_KEPT)
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
    if offer.length_bytes and head.length is not None and head.length != offer.length_bytes:
        yield Text.of("publish.heard_length", url=offer.url, found=head.length, wanted=offer.length_bytes)
    if head.media_type != offer.media_type.partition(";")[0].strip().lower():
        yield Text.of("publish.heard_type", url=offer.url, found=head.media_type, wanted=offer.media_type)
    part = web.ask(offer.url, most_bytes=2, headers=_TWO_BYTES)
    total = _TOTAL.fullmatch(part.headers.get("content-range", ""))
    length = offer.length_bytes or head.length
    if part.status != PARTIAL or not total or int(total[1]) != length:
        yield Text.of("publish.heard_no_range", url=offer.url, status=part.status)


def _attachment(url: str, content_type: str, short: dict[str, list[str]], web: WebProbe) -> Iterator[Text]:
    """Ask as a player in a browser does, and note in `short` what only such players would miss."""
    answer = web.ask(url, most_bytes=0, headers=_SCRIPT)
    if not answer.ok:
        yield _no_answer(url, answer)
        return
    if answer.media_type != content_type.partition(";")[0]:
        short.setdefault("publish.heard_attachment_type", []).append(url)
    if answer.headers.get("access-control-allow-origin") not in {"*", _SCRIPT["Origin"]}:
        short.setdefault("publish.heard_no_cors", []).append(url)


def _no_answer(url: str, answer: Answer) -> Text:
    return Text.of("publish.heard_nothing", url=url, status=answer.status or answer.failure)
