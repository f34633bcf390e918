"""Which public feed ours may take the place of, and why it may not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from cityhall_fm.production.ports.storage import Bucket, FeedArchive
from cityhall_fm.production.replace_feed import conflict_between
from cityhall_fm.show.errors import ConflictError, NotReadyError
from cityhall_fm.show.publication import FEED_KEY, Fingerprint, Manifest, PublicFile
from cityhall_fm.show.text import Text


def base_of(
    feed: PublicFile,
    content: bytes,
    stored: Manifest,
    *,
    bucket: Bucket,
    feeds: FeedArchive,
    compare: Callable[[bytes], None] | None,
    adopt: bool,
) -> str | None:
    """Tell which version of the public feed is replaced, None where there is none; `compare` may refuse it.

    Raises ConflictError where it is somebody else's, unless that is to be replaced (`adopt`).
    """
    of = stored.files.get(FEED_KEY)
    # Where somebody deleted the manifest, the feed that this show made public is there all the same.
    if compare and (of or feeds.live(bucket.where)) and (public := _public(of, bucket, feeds)):
        compare(public)
    if adopt:
        found = bucket.feed()
        return found.etag if found else None
    return _agreed_base(feed, of, content=content, bucket=bucket, feeds=feeds)


def refusal_of(base: Callable[[], object]) -> Sequence[Text]:
    """Tell why a planned feed would be refused, were it published now."""
    try:
        base()
    except (ConflictError, NotReadyError) as error:
        return [Text.of("publish.would_be_refused"), error.text, *error.missing]
    return ()


def is_somebody_elses(stored: Manifest, bucket: Bucket) -> bool:
    """Tell whether another feed is public than the manifest says."""
    found, of = bucket.feed(), stored.files.get(FEED_KEY)
    return found is not None and of is not None and _sha256(found.content) != of.sha256


def _agreed_base(
    wanted: PublicFile, stored: Fingerprint | None, *, content: bytes, bucket: Bucket, feeds: FeedArchive
) -> str | None:
    """Tell which version of the feed may be replaced: the one that this show made public last.

    `stored` is the feed as the manifest knows it. A database that knows of none takes what is there.
    Raises ConflictError where somebody else's feed is there, with the difference.
    """
    live = feeds.live(bucket.where)
    if stored is None:
        return None
    ours = {wanted.fingerprint.sha256, *feeds.unsettled(bucket.where)} | ({live.sha256} if live else set())
    if live and stored.sha256 not in ours:
        found = bucket.feed()
        if found and _sha256(found.content) not in ours:
            raise conflict_between(found.content, content, bucket)
        return found.etag if found else None
    if not stored.etag:
        found = bucket.feed()
        return found.etag if found else None
    return stored.etag


def _public(of: Fingerprint | None, bucket: Bucket, feeds: FeedArchive) -> bytes:
    """Give the public feed, in outline where it is the one that we made public last: no request is due."""
    live = feeds.live(bucket.where)
    is_ours = live and of and (live.sha256, live.etag) == (of.sha256, of.etag)
    if is_ours and (known := feeds.outline(bucket.where)):
        return known.encode()
    found = bucket.feed()
    return found.content if found else b""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
