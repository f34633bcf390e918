"""The feed before the last one is public again; and what that means for whoever read the announcement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.production.ports.storage import Bucket, FeedArchive
from cityhall_fm.production.replace_feed import conditions_of, put_manifest, replace_feed, told_difference
from cityhall_fm.show.episode import Guid, Key
from cityhall_fm.show.errors import BucketError, NotReadyError
from cityhall_fm.show.feed_difference import difference, named
from cityhall_fm.show.kept_feed import KEPT_FEEDS, Rollback, copies_of, kept_since, previous
from cityhall_fm.show.publication import FEED_KEY, Manifest, comes_back, is_other_feed, public_file
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What is different now, and the episodes that are no longer in the feed."""

    differs: tuple[Text, ...]
    removed: tuple[Guid, ...]
    remarks: tuple[Text, ...] = ()
    """What stays otherwise than it was, and who could not be told."""


def roll_back(
    *,
    bucket: Bucket,
    feeds: FeedArchive,
    public_url: str,
    now: datetime,
    forget_before: datetime | None = None,
) -> RolledBack:
    """Bring the previous feed back; a second time, the one before it.

    The feed that goes is not kept any longer: no later rollback lands on what was taken back on purpose.
    One that was killed when listeners had the earlier feed already is brought to its end, not repeated.
    Pages, media and feeds of other formats stay. Raises NotReadyError where no earlier feed was kept, where
    a question was withdrawn after it (`forget_before`), or where audio, artwork or chapters that it names
    are gone; ConflictError as publishing.
    """
    stored = bucket.manifest()
    current = bucket.feed()
    if current is None:
        raise NotReadyError("publish.no_earlier_feed", where=bucket.where)
    begun, public = feeds.rollback(bucket.where), _sha256(current.content)
    if begun and public not in {begun.away, begun.back}:  # killed, and something else published since
        _forget(begun.away, bucket.listing(), bucket=bucket, feeds=feeds)
    listed, away = bucket.listing(), public
    going = content = current.content
    if ends := begun is not None and begun.back == public:
        away = begun.away
        going = next((bucket.read(key) for key in copies_of(listed, away)), content)
    else:
        content = _earlier(listed, public, bucket=bucket, forget_before=forget_before)
    names = _named(content, public_url)
    absent = sorted(name for name in names if name not in listed)
    gone = [name for name in absent if comes_back(name)]
    if gone and not ends:
        missing = [Text.of("publish.media_gone", key=name) for name in gone]
        raise NotReadyError("publish.earlier_feed_incomplete", count=len(gone), missing=missing)
    back = _sha256(content)
    feeds.begin_rollback(bucket.where, Rollback(away, back))
    conditions = conditions_of(bucket, feeds)
    fingerprint = replace_feed(
        public_file(FEED_KEY, sha256=back, length_bytes=len(content)),
        content,
        source=None,
        replacing=current.etag,
        conditions=conditions,
        bucket=bucket,
        feeds=feeds,
        now=now,
    )

    def changes(manifest: Manifest) -> Manifest:
        unwanted = {key: since for key, since in manifest.unwanted.items() if key not in names}
        return replace(manifest, files={**manifest.files, FEED_KEY: fingerprint}, unwanted=unwanted)

    put_manifest(changes(stored), changes=changes, conditions=conditions, bucket=bucket)
    if away != back:
        _forget(away, listed, bucket=bucket, feeds=feeds)
    feeds.end_rollback(bucket.where)
    differs = difference(going, content)
    others = sorted(key for key in stored.files if is_other_feed(key))
    remarks = [Text.of("publish.rollback_ended")] if ends else []
    remarks += [Text.of("publish.left_out", key=name) for name in absent]
    if others:
        remarks.append(Text.of("publish.other_feeds_stay", feeds=", ".join(others)))
    return RolledBack(
        tuple(told_difference(differs)),
        tuple(Guid(guid) for guid in differs.removed_guids),
        tuple(remarks),
    )


def _earlier(listed: Iterable[Key], public: str, *, bucket: Bucket, forget_before: datetime | None) -> bytes:
    """Read the feed that was public before the one with this hash."""
    key = previous((key for key in listed if key.startswith(KEPT_FEEDS)), public)
    if key is None:
        raise NotReadyError("publish.no_earlier_feed", where=bucket.where)
    since = kept_since(key)
    if forget_before and since and since < forget_before:
        raise NotReadyError("publish.earlier_feed_withdrawn")
    return bucket.read(key)


def _named(feed: bytes, public_url: str) -> Sequence[Key]:
    """List the files that a feed names here; neither its pages nor feeds."""
    ours = (url.removeprefix(f"{public_url}/") for url in named(feed) if url.startswith(f"{public_url}/"))
    return [Key(name) for name in ours if name and not name.endswith(("/", ".html", ".xml"))]


def _forget(sha256: str, listed: Iterable[Key], *, bucket: Bucket, feeds: FeedArchive) -> None:
    """Let go of a feed's kept copies, by their names: some may have been kept by another database."""
    for kept in feeds.kept(bucket.where):
        if kept.sha256 == sha256:
            feeds.forget(bucket.where, kept)
    with suppress(BucketError):  # the feed is back, which must not be denied now
        for key in copies_of(listed, sha256):
            bucket.remove(key)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
