"""What is really stored, held against the manifest: missing, unknown, broken off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.storage import Bucket, FeedArchive, Listed, PublicFolder
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.kept_feed import as_kept
from cityhall_fm.show.publication import FEED_KEY, Fingerprint, Manifest
from cityhall_fm.show.text import Text

_MOST_TOLD: Final = 5
_UNDER_WAY: Final = timedelta(days=1)
"""So long an upload may still be somebody's who is at it."""


def really_stored(
    stored: Manifest, listed: Mapping[Key, Listed], *, strays: Collection[Key] = ()
) -> Manifest:
    """Leave out of a manifest what a listing does not have, or has otherwise; take its `strays` in."""

    def is_there(key: Key, of: Fingerprint) -> bool:
        found = listed.get(key)
        same_version = not (found and found.etag and of.etag) or found.etag == of.etag
        return found is not None and found.length_bytes == of.length_bytes and same_version

    there = {key: of for key, of in stored.files.items() if is_there(key, of)}
    more = {key: Fingerprint("", listed[key].length_bytes, "", "", listed[key].etag) for key in strays}
    return replace(stored, files={**there, **more})


def told_of_foreign(keys: Sequence[Key], bucket: Bucket) -> list[Text]:
    """Tell of files that somebody else put there."""
    some = ", ".join(keys[:_MOST_TOLD])
    return [Text.of("publish.foreign", count=len(keys), where=bucket.where, keys=some)] if keys else []


def kept_again(
    listed: Collection[Key], folder: PublicFolder, bucket: Bucket, feeds: FeedArchive
) -> Sequence[Text]:
    """Put the kept copy of the public feed back where it is missing: a rollback would find none."""
    live = feeds.live(bucket.where)
    copy = next((one for one in feeds.kept(bucket.where) if live and one.sha256 == live.sha256), None)
    feed = next((file for file in folder.files() if file.key == FEED_KEY), None)
    if not copy or not feed or copy.key in listed or feed.fingerprint.sha256 != copy.sha256:
        return []
    bucket.put(as_kept(copy, feed), folder.path(FEED_KEY))
    return [Text.of("publish.kept_again", where=bucket.where)]


def tidied(kept: Sequence[Key], bucket: Bucket, now: datetime) -> Sequence[Text]:
    """Remove kept feeds that nobody knows of, and uploads that a killed process left."""
    for key in kept:
        bucket.remove(key)
    try:
        count = bucket.abort_unfinished(before=now - _UNDER_WAY)
    except BucketError as error:  # some keys may not ask, and some services do not know the question
        return [Text.of("publish.unfinished_unknown", where=bucket.where), error.text]
    return [Text.of("publish.unfinished_aborted", count=count)] if count else []
