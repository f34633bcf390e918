"""Rolling back: what the earlier feed names must be there, and what is told."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from cityhall_fm.production.publish import PublishingWishes, publish
from cityhall_fm.production.roll_back import roll_back
from cityhall_fm.show.errors import BucketError, NotReadyError

from builders import NOON, an_enclosure
from fakes.bucket import FakeBucket
from fakes.feeds import FakeFeedArchive
from fakes.progress import FakeProgress
from fakes.public_folder import FakePublicFolder

URL = "https://fm.example.jp"
AUDIO = b"ID3 made up"
MEDIA = "media/0007-0123456789ab.mp3"
SEVEN = an_enclosure(7, key=MEDIA, sha256=hashlib.sha256(AUDIO).hexdigest(), length_bytes=len(AUDIO))
WITH_IT = f"""<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
 <image><url>{URL}/artwork-0123456789ab.png</url></image>
 <item><guid>7</guid><title>髙橋さんと 🏔</title><enclosure url="{URL}/{MEDIA}" length="11" type="audio/mpeg"/>
 <podcast:chapters url="{URL}/7/chapters.json" type="application/json+chapters"/>
 <podcast:transcript url="{URL}/7/transcript.vtt" type="text/vtt"/>
 <podcast:transcript url="{URL}/7/transcript.html" type="text/html"/>
 <link>{URL}/7/</link></item></channel></rss>""".encode()
WITHOUT = b"<rss><channel></channel></rss>"
SHOW = {
    "feed.xml": WITH_IT,
    "feed-opus.xml": b"<rss/>",
    "index.html": "<p>佐久</p>".encode(),
    "7/chapters.json": b"{}",
    "7/transcript.vtt": b"WEBVTT",
    "artwork-0123456789ab.png": b"PNG",
    MEDIA: AUDIO,
}
LATER = {"feed.xml": WITHOUT, "feed-opus.xml": b"<rss/>", "index.html": b"<p/>"}


@pytest.fixture
def bucket():
    return FakeBucket()


@pytest.fixture
def feeds():
    return FakeFeedArchive()


@pytest.fixture
def send(bucket, feeds, tmp_path):
    def send_show(contents, *, now, enclosures=()):
        return publish(
            folder=FakePublicFolder(contents, root=tmp_path),
            enclosures=enclosures,
            bucket=bucket,
            feeds=feeds,
            progress=FakeProgress(),
            now=now,
            wishes=PublishingWishes(),
        )

    return send_show


@pytest.fixture
def back(bucket, feeds):
    def go_back(*, days, forget_before=None):
        return roll_back(
            bucket=bucket,
            feeds=feeds,
            public_url=URL,
            now=NOON + timedelta(days=days),
            forget_before=forget_before,
        )

    return go_back


def test_all_that_an_earlier_feed_names_is_there_as_long_as_the_feed_is(send, back, bucket):
    send(SHOW, now=NOON, enclosures=[SEVEN])
    for days in (1, 100, 182):  # nothing names it any more; whatever is over is deleted
        send(LATER, now=NOON + timedelta(days=days))

    rolled = back(days=182)

    assert bucket.objects["feed.xml"] == WITH_IT
    assert {MEDIA, "7/chapters.json", "artwork-0123456789ab.png"} <= bucket.public.keys()
    assert [text.name for text in rolled.differs] == ["publish.feed_added"]
    told = [(text.name, *text.values.values()) for text in rolled.remarks]
    assert told == [("publish.left_out", "7/transcript.vtt"), ("publish.other_feeds_stay", "feed-opus.xml")]
    assert bucket.stored.unwanted == {}


@pytest.mark.parametrize("gone", [MEDIA, "7/chapters.json", "artwork-0123456789ab.png"])
def test_a_feed_without_what_it_names_does_not_come_back(send, back, bucket, gone):
    send(SHOW, now=NOON, enclosures=[SEVEN])
    send(LATER, now=NOON + timedelta(days=1))
    del bucket.objects[gone]

    with pytest.raises(NotReadyError) as caught:
        back(days=2)

    assert caught.value.text.name == "publish.earlier_feed_incomplete"
    assert [text.values["key"] for text in caught.value.missing] == [gone]
    assert bucket.objects["feed.xml"] == WITHOUT


def test_a_feed_from_before_a_withdrawal_does_not_come_back_whether_or_not_it_is_remembered(
    send, back, bucket, feeds
):
    send(SHOW, now=NOON, enclosures=[SEVEN])
    send(LATER, now=NOON + timedelta(days=2))
    for feed in feeds.kept(bucket.where):
        feeds.forget(bucket.where, feed)

    with pytest.raises(NotReadyError) as caught:
        back(days=3, forget_before=NOON + timedelta(days=1))

    assert caught.value.text.name == "publish.earlier_feed_withdrawn"
    assert bucket.objects["feed.xml"] == WITHOUT


@pytest.mark.parametrize("remembers", [True, False])
def test_no_rollback_lands_on_a_feed_that_was_taken_back_before(send, back, bucket, feeds, remembers):
    old, failed, again = (
        f"<rss><channel><title>佐久 {n} 🏔</title></channel></rss>".encode() for n in (1, 2, 3)
    )
    send({"feed.xml": old}, now=NOON)
    for days, feed in ((1, failed), (2, again), (3, failed)):
        send({"feed.xml": feed}, now=NOON + timedelta(days=days))
        if not remembers:
            for kept in feeds.kept(bucket.where):
                feeds.forget(bucket.where, kept)

        back(days=days)

        assert bucket.objects["feed.xml"] == old
    assert [kept.sha256 for kept in feeds.kept(bucket.where)] == [hashlib.sha256(old).hexdigest()]
    with pytest.raises(NotReadyError) as caught:
        back(days=4)
    assert caught.value.text.name == "publish.no_earlier_feed"


def test_a_rollback_counts_though_the_copy_of_what_went_could_not_be_removed(send, back, bucket, monkeypatch):
    send({"feed.xml": WITHOUT}, now=NOON)
    send(
        LATER | {"feed.xml": b"<rss><channel><title>2</title></channel></rss>"}, now=NOON + timedelta(days=1)
    )

    def refused(key):
        raise BucketError("publish.busy", retryable=True, where="佐久", key=key, code="503")

    monkeypatch.setattr(bucket, "remove", refused)

    assert not back(days=2).removed
    assert bucket.objects["feed.xml"] == WITHOUT
    assert bucket.stored.files["feed.xml"].sha256 == hashlib.sha256(WITHOUT).hexdigest()


class KilledError(BaseException):
    """As SIGKILL: no handler of ours comes after it."""


@pytest.fixture
def killed_at(bucket, feeds, monkeypatch):
    """Have the process killed at a moment: right before or after a call that changes something."""
    left = [0]

    def moment():
        left[0] -= 1
        if not left[0]:
            raise KilledError

    def watched(port, name):
        change = getattr(port, name)

        def call(*given, **named):
            moment()
            done = change(*given, **named)
            moment()
            return done

        monkeypatch.setattr(port, name, call)

    for name in ("put_feed", "put_manifest", "remove"):
        watched(bucket, name)
    for name in ("begin_rollback", "intend", "confirm", "forget", "end_rollback"):
        watched(feeds, name)

    def at(number):
        left[0] = number

    return at


MOMENTS = 16
OLD, GOOD, FAILED, NEXT = (
    f"<rss><channel><title>佐久 {n} 🏔</title></channel></rss>".encode() for n in range(4)
)


@pytest.fixture
def three(send):
    for days, feed in enumerate((OLD, GOOD, FAILED)):
        send({"feed.xml": feed}, now=NOON + timedelta(days=days))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("number", range(1, MOMENTS + 1))
def test_killed_at_any_moment_and_done_again_it_goes_back_by_one_feed(back, bucket, feeds, killed_at, number):
    killed_at(number)
    with pytest.raises(KilledError):
        back(days=3)
    was_back = bucket.objects["feed.xml"] == GOOD
    ended = feeds.rollback(bucket.where) is None and was_back

    if not ended:
        again = back(days=3)
        assert ("publish.rollback_ended" in {text.name for text in again.remarks}) is was_back

    assert bucket.objects["feed.xml"] == GOOD
    assert bucket.stored.files["feed.xml"].sha256 == hashlib.sha256(GOOD).hexdigest()
    kept = [bucket.objects[key] for key in sorted(bucket.objects) if key.startswith("cityhall-fm/feeds/")]
    assert kept == [OLD, GOOD]
    assert [hashlib.sha256(feed).hexdigest() for feed in kept] == [
        each.sha256 for each in feeds.kept(bucket.where)
    ]
    assert feeds.rollback(bucket.where) is None


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("number", range(2, MOMENTS + 1))
def test_killed_and_something_else_published_since_no_rollback_lands_on_what_was_taken_back(
    send, back, bucket, killed_at, number
):
    killed_at(number)
    with pytest.raises(KilledError):
        back(days=3)
    send({"feed.xml": NEXT}, now=NOON + timedelta(days=4))

    back(days=5)

    assert bucket.objects["feed.xml"] == GOOD


@pytest.mark.usefixtures("three")
def test_a_rollback_that_nobody_kills_has_these_moments_and_no_more(back, killed_at):
    killed_at(MOMENTS + 1)
    assert [text.name for text in back(days=3).remarks] == []
    with pytest.raises(KilledError):
        back(days=4)
