"""One feed in place of another, and only of the one that was read: kept first, swapped, then noted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.storage import Bucket, FeedArchive
from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.feed_difference import FeedDifference, difference, outline
from cityhall_fm.show.kept_feed import Conditions, LiveFeed, as_kept, kept_feed
from cityhall_fm.show.publication import Fingerprint, Manifest, PublicFile
from cityhall_fm.show.text import Text

_TRIES: Final = 4
_MOST_TOLD: Final = 10


def conditions_of(bucket: Bucket, feeds: FeedArchive) -> Conditions:
    """Tell how the service wants conditions; finds it out the first time, and remembers it."""
    known = feeds.conditions(bucket.endpoint)
    if known is None:
        known = bucket.probe()
        feeds.note_conditions(bucket.endpoint, known)
    return known


def replace_feed(
    wanted: PublicFile,
    content: bytes,
    *,
    source: Path | None,
    replacing: str | None,
    conditions: Conditions,
    bucket: Bucket,
    feeds: FeedArchive,
    now: datetime,
) -> Fingerprint:
    """Make a feed public in place of the version `replacing`, None where there was none.

    It is kept first, from `source`; None where it is kept already. An answer that was lost is no conflict:
    what is there is read and compared. Raises ConflictError with what differs where somebody else published
    meanwhile.
    """
    sha256 = wanted.fingerprint.sha256
    if _sha256(content) != sha256:
        raise BucketError("publish.changed_meanwhile", retryable=True, key=wanted.key)
    before = feeds.live(bucket.where)
    ours = feeds.unsettled(bucket.where) | ({before.sha256} if before else frozenset())
    kept = feeds.intend(bucket.where, kept_feed(sha256, now))
    if source:
        bucket.put(as_kept(kept, wanted), source)
    for _ in range(_TRIES):
        if conditions is Conditions.IGNORED:
            _look_first(replacing, ours | {sha256}, content, bucket)
        try:
            etag = bucket.put_feed(wanted, content, replacing=replacing, conditions=conditions)
            break
        except ConflictError:
            found = bucket.feed()
            if found and _sha256(found.content) == sha256:  # it is ours: only the answer was lost
                etag = found.etag
                break
            if found and _sha256(found.content) not in ours and found.etag != replacing:
                raise conflict_between(found.content, content, bucket) from None
            replacing = found.etag if found else None
    else:
        raise ConflictError("publish.conflict", where=bucket.where)
    feeds.confirm(bucket.where, LiveFeed(sha256, etag), at=now, outline=outline(content))
    return replace(wanted.fingerprint, etag=etag)


def put_manifest(
    manifest: Manifest, *, changes: Callable[[Manifest], Manifest], conditions: Conditions, bucket: Bucket
) -> None:
    """Store a manifest; where another one was stored meanwhile, our changes are made to that one."""
    for _ in range(_TRIES):
        try:
            bucket.put_manifest(manifest, conditions=conditions)
        except ConflictError:
            manifest = changes(bucket.manifest())
        else:
            return
    raise ConflictError("publish.conflict", where=bucket.where)


def told_difference(found: FeedDifference) -> Sequence[Text]:
    """Say what differs, a line for each episode."""
    lines = [
        Text.of(f"publish.feed_{kind}", title=title)
        for kind, titles in (("added", found.added), ("removed", found.removed), ("changed", found.changed))
        for title in titles
    ]
    if found.unreadable:
        lines.append(Text.of("publish.feed_unreadable"))
    if found.is_small:
        lines.append(Text.of("publish.feed_small"))
    more = len(lines) - _MOST_TOLD
    return lines if more <= 0 else [*lines[:_MOST_TOLD], Text.of("publish.feed_more", count=more)]


def _look_first(replacing: str | None, ours: frozenset[str], content: bytes, bucket: Bucket) -> None:
    """Compare before the put where the service would not: all that can be done there."""
    found = bucket.feed()
    if found and found.etag != replacing and _sha256(found.content) not in ours:
        raise conflict_between(found.content, content, bucket)


def conflict_between(there: bytes, ours: bytes, bucket: Bucket) -> ConflictError:
    """Say what differs between the feed that somebody else published and ours."""
    differs = told_difference(difference(there, ours))
    return ConflictError("publish.conflict", where=bucket.where, missing=differs)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
