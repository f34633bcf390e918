"""Kept feeds that no longer come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.production.forget_feeds import forget_feeds, newest_kept
from cityhall_fm.show.kept_feed import LiveFeed, kept_feed

from builders import NOON
from fakes.bucket import FakeBucket
from fakes.feeds import FakeFeedArchive

DAY = timedelta(days=1)


@pytest.fixture
def feeds():
    """An archive of three feeds, of which the last is public."""
    archive = FakeFeedArchive()
    for day, letter in enumerate("abc"):
        archive.intend(FakeBucket.where, kept_feed(letter * 64, NOON + day * DAY))
    archive.confirm(FakeBucket.where, LiveFeed("c" * 64, "3"), at=NOON + 2 * DAY)
    return archive


@pytest.fixture
def bucket(feeds):
    bucket = FakeBucket()
    bucket.objects = {one.key: b"<rss/>" for one in feeds.kept(bucket.where)}
    return bucket


def left(bucket, feeds):
    """Name what is kept; the bucket and the archive agree."""
    assert {one.key for one in feeds.kept(bucket.where)} == bucket.objects.keys()
    return "".join(one.sha256[0] for one in feeds.kept(bucket.where))


def test_what_was_kept_before_a_withdrawal_goes_but_for_what_is_public(bucket, feeds):
    forget_feeds(bucket, feeds, withdrawn_at=NOON + DAY / 2, now=NOON + 3 * DAY, newest=NOON)
    assert left(bucket, feeds) == "bc"
    forget_feeds(bucket, feeds, withdrawn_at=NOON + 5 * DAY, now=NOON + 5 * DAY, newest=NOON)
    assert left(bucket, feeds) == "c"


def test_what_is_half_a_year_old_goes_but_for_what_is_public(bucket, feeds):
    for days, kept in ((183, "bc"), (200, "c")):
        forget_feeds(bucket, feeds, withdrawn_at=None, now=NOON + days * DAY, newest=NOON)
        assert left(bucket, feeds) == kept


def test_by_a_clock_that_cannot_be_right_nothing_is_too_old(bucket, feeds):
    far = NOON + 4000 * DAY
    forget_feeds(bucket, feeds, withdrawn_at=None, now=far, newest=newest_kept(bucket, feeds))
    bucket.time = NOON + 3 * DAY
    forget_feeds(bucket, feeds, withdrawn_at=None, now=far, newest=far)
    assert left(bucket, feeds) == "abc"
