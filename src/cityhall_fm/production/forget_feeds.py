"""Kept feeds that no longer come back: too old, or older than a withdrawal."""

from __future__ import annotations

from datetime import datetime

from cityhall_fm.production.ports.storage import Bucket, FeedArchive
from cityhall_fm.show.clock import is_odd
from cityhall_fm.show.kept_feed import outlived


def newest_kept(bucket: Bucket, feeds: FeedArchive) -> datetime | None:
    """Tell when the last feed was kept."""
    return max((feed.at for feed in feeds.kept(bucket.where)), default=None)


def forget_feeds(
    bucket: Bucket,
    feeds: FeedArchive,
    *,
    withdrawn_at: datetime | None,
    now: datetime,
    newest: datetime | None,
) -> None:
    """Delete what was kept before the last withdrawal, or has outlived its time.

    Only once the feed that is public now was heard: where it has to be taken back, an earlier one comes.
    `newest` is when the last feed before it was kept: by a clock that cannot be right, nothing is too old.
    """
    live = feeds.live(bucket.where)
    kept = feeds.kept(bucket.where)
    current = live.sha256 if live else ""
    withdrawn = [one for one in kept if withdrawn_at and one.at < withdrawn_at and one.sha256 != current]
    odd = is_odd(now, server=bucket.clock(), newest=newest)
    old = () if odd else outlived(kept, live=current, now=now)
    for feed in {feed.key: feed for feed in (*old, *withdrawn)}.values():
        bucket.remove(feed.key)
        feeds.forget(bucket.where, feed)
