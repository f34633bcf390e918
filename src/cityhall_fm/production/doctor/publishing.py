"""What the doctor looks at on the way to listeners: the bucket, the public address, the artwork."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cityhall_fm.production.doctor import Check, Finding, right, skipped, wrong
from cityhall_fm.production.ports.doctor import Machine
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
from cityhall_fm.production.ports.storage import Bucket
from cityhall_fm.show.episode import Enclosure, Key, Show
from cityhall_fm.show.feed_check import Element, Severity
from cityhall_fm.show.feed_check import Finding as FeedFinding
from cityhall_fm.show.feed_check.file_rules import LARGEST_ARTWORK, SMALLEST_ARTWORK
from cityhall_fm.show.feed_check.finding import Place
from cityhall_fm.show.feed_check.web_rules import enclosure_answers, feed_rules
from cityhall_fm.show.manifest import OURS
from cityhall_fm.show.publication import FEED_KEY, public_file
from cityhall_fm.show.text import Text

_PROBE: Final = Key(f"{OURS}doctor.txt")
_PROBED: Final = b"cityhall-fm doctor\n"
_BEGINNING: Final = 64
_FEED_BYTES: Final = 16_000_000
_MOST_DETAILS: Final = 3


def publishing_checks(
    show: Show,
    *,
    bucket: Bucket,
    shelf: EpisodeShelf,
    artwork: Path,
    web: WebProbe,
    inspector: FeedInspector,
    machine: Machine,
) -> Sequence[Check]:
    """List what to look at on the way to listeners."""
    return (
        Check("doctor.bucket", lambda: _bucket(bucket, machine)),
        Check("doctor.public", lambda: _public(show, shelf, web)),
        Check("doctor.artwork", lambda: _artwork(artwork, inspector)),
    )


def _bucket(bucket: Bucket, machine: Machine) -> Finding:
    """Read the manifest, put a file, read it again and remove it: all that a publication does."""
    stored = bucket.manifest()
    file = public_file(_PROBE, sha256=hashlib.sha256(_PROBED).hexdigest(), length_bytes=len(_PROBED))
    with machine.probe_file(_PROBED) as source:
        bucket.put(file, source)
    try:
        kept = bucket.read(_PROBE)
    finally:
        bucket.remove(_PROBE)
    if kept != _PROBED:
        return wrong("doctor.bucket_other", where=bucket.where)
    return right("doctor.bucket_right", where=bucket.where, count=len(stored.files))


def _public(show: Show, shelf: EpisodeShelf, web: WebProbe) -> Finding:
    published = [episode for episode in shelf.episodes() if episode.published_at and episode.enclosure]
    if not published:
        return skipped("doctor.public_nothing", url=show.public_url)
    url = show.url(FEED_KEY)
    answer, head = web.ask(url, most_bytes=_FEED_BYTES), web.ask(url, most_bytes=0, method="HEAD")
    findings = list(feed_rules(answer, head, None, None))
    newest = max(published, key=lambda episode: episode.number).enclosure
    if answer.ok and newest:
        findings += _enclosure(show, newest, web)
    serious = [one for one in findings if one.severity is Severity.ERROR or one.text.name in _ALSO_SERIOUS]
    if serious:
        return wrong("doctor.public_wrong", url=show.public_url, details=_details(serious))
    return right("doctor.public_right", url=show.public_url)


_ALSO_SERIOUS: Final = frozenset({"check.served_as", "check.no_head"})


def _enclosure(show: Show, enclosure: Enclosure, web: WebProbe) -> list[FeedFinding]:
    url = show.url(enclosure.key)
    attributes = {"url": url, "length": str(enclosure.length_bytes), "type": enclosure.media_type}
    head = web.ask(url, most_bytes=0, method="HEAD")
    part = web.ask(url, most_bytes=_BEGINNING, headers={"Range": f"bytes=0-{_BEGINNING - 1}"})
    element = Element("enclosure", attributes=MappingProxyType(attributes))
    return list(enclosure_answers(Place(), element, head, part))


def _details(findings: Sequence[FeedFinding]) -> list[Text]:
    return [Text.of("doctor.about", tag=one.tag, says=one.text) for one in findings[:_MOST_DETAILS]]


def _artwork(path: Path, inspector: FeedInspector) -> Finding:
    facts = inspector.look(path)
    if facts is None:
        return wrong("doctor.artwork_absent", path=path)
    picture = facts.picture
    if picture is None or picture.format not in {"PNG", "JPEG"}:
        return wrong("doctor.artwork_unfit", path=path)
    sides = (picture.width, picture.height)
    fits = all(SMALLEST_ARTWORK <= side <= LARGEST_ARTWORK for side in sides)
    if not fits or picture.width != picture.height or picture.mode != "RGB":
        return wrong(
            "doctor.artwork_wrong",
            path=path,
            width=picture.width,
            height=picture.height,
            mode=picture.mode,
            smallest=SMALLEST_ARTWORK,
            largest=LARGEST_ARTWORK,
        )
    return right("doctor.artwork_right", width=picture.width, height=picture.height)
