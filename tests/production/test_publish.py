"""Publishing: what is sent, in which order, and what a failure leaves."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from cityhall_fm.production.publish import publish
from cityhall_fm.show.errors import BucketError, NotReadyError
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import an_enclosure
from fakes.bucket import FakeBucket
from fakes.public_folder import FakePublicFolder

AUDIO = b"ID3 made up"
MEDIA = "media/0007-0123456789ab.mp3"
SEVEN = an_enclosure(7, key=MEDIA, sha256=hashlib.sha256(AUDIO).hexdigest(), length_bytes=len(AUDIO))
SHOW = {
    "feed.xml": b"<rss/>",
    "index.html": "<p>佐久</p>".encode(),
    "7/index.html": b"<p>7</p>",
    "7/chapters.json": b"{}",
    "artwork-0123456789ab.png": b"PNG",
    MEDIA: AUDIO,
}


class Told:
    """Keeps what a job told while it ran."""

    def __init__(self):
        self.steps, self.figures = [], []

    def step(self, text):
        self.steps.append(Catalogue("ja").word(text))

    def advance(self, done, total):
        self.figures.append((done, total))


@pytest.fixture
def bucket():
    return FakeBucket()


@pytest.fixture
def send(bucket, tmp_path):
    def send_show(contents=SHOW, *, enclosures=(SEVEN,), progress=None, **options):
        folder = FakePublicFolder(contents, root=tmp_path)
        return publish(
            folder=folder, enclosures=enclosures, bucket=bucket, progress=progress or Told(), **options
        )

    return send_show


def test_media_go_first_the_feed_last_and_then_the_manifest(send, bucket):
    send()

    assert bucket.requests == [
        "get manifest",
        f"put {MEDIA}",
        "put 7/chapters.json",
        "put artwork-0123456789ab.png",
        "put 7/index.html",
        "put index.html",
        "put feed.xml",
        "put manifest",
    ]
    assert bucket.objects == SHOW
    assert bucket.stored == bucket.headers


def test_without_a_change_the_manifest_is_read_and_nothing_else(send, bucket):
    send()
    bucket.requests.clear()

    publication = send()

    assert bucket.requests == ["get manifest"]
    assert (publication.plan.uploads, publication.plan.kept) == ((), len(SHOW))


def test_only_what_changed_is_sent(send, bucket):
    send()
    bucket.requests.clear()

    send({**SHOW, "feed.xml": b"<rss>2</rss>"})

    assert bucket.requests == ["get manifest", "put feed.xml", "put manifest"]


def test_a_plan_sends_nothing_and_tells_everything(send, bucket):
    publication = send(plan_only=True)

    assert bucket.requests == ["get manifest"]
    assert [upload.file.key for upload in publication.plan.uploads][-1] == "feed.xml"
    assert publication.where == bucket.where


def test_media_that_are_in_the_bucket_need_not_be_here(send, bucket):
    send()
    bucket.requests.clear()
    fresh_clone = {key: content for key, content in SHOW.items() if key != MEDIA}

    send(fresh_clone)

    assert bucket.requests == ["get manifest"]


@pytest.mark.parametrize("plan_only", [False, True])
def test_media_that_are_nowhere_are_named_with_the_command_that_makes_them(send, bucket, plan_only):
    eight = an_enclosure(8, key="media/0008-0123456789ab.mp3")
    odd = an_enclosure(9, key="media/odd.mp3")

    with pytest.raises(NotReadyError) as caught:
        send({}, enclosures=[SEVEN, eight, odd], plan_only=plan_only)

    worded = [Catalogue("en").word(missing) for missing in caught.value.missing]
    assert [line.rpartition(": ")[2] for line in worded] == [
        "cityhall-fm master 7",
        "cityhall-fm master 8",
        "put it back into feeds/public",
    ]
    assert bucket.requests == ["get manifest"]
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2


def test_media_that_are_torn_here_are_not_sent(send, bucket):
    with pytest.raises(NotReadyError):
        send({**SHOW, MEDIA: AUDIO[:5]})

    assert bucket.requests == ["get manifest"]


def test_media_of_no_published_episode_stay_here(send, bucket):
    send({**SHOW, "media/0099-ffffffffffff.mp3": b"not yet"})

    assert bucket.objects == SHOW


def test_the_manifest_keeps_what_is_no_longer_wanted(send, bucket):
    send()

    send({"feed.xml": b"<rss/>", MEDIA: AUDIO, "new.html": b"new"})

    assert set(bucket.stored) == {*SHOW, "new.html"}


@pytest.mark.parametrize("fails_at", [MEDIA, "7/chapters.json", "index.html", "feed.xml"])
def test_a_failure_leaves_the_old_feed_and_the_old_manifest(send, bucket, fails_at):
    send()
    feed, stored = bucket.objects["feed.xml"], bucket.stored
    bucket.fails_at = fails_at
    newer = b"ID3 newer"
    enclosure = an_enclosure(7, key=MEDIA, sha256=hashlib.sha256(newer).hexdigest(), length_bytes=len(newer))

    with pytest.raises(BucketError):
        send({**{key: content + b"2" for key, content in SHOW.items()}, MEDIA: newer}, enclosures=[enclosure])

    assert bucket.objects["feed.xml"] == feed
    assert bucket.stored == stored


def test_publishing_again_after_a_failure_ends_as_one_clean_run(send, bucket):
    bucket.fails_at = "index.html"
    with pytest.raises(BucketError):
        send()
    bucket.fails_at = None

    send()

    assert bucket.objects == SHOW
    assert set(bucket.stored) == set(SHOW)


def test_progress_is_told_in_bytes(send):
    told = Told()

    send(progress=told)

    total = sum(map(len, SHOW.values()))
    assert told.figures[-1] == (total, total)
    assert [done for done, _ in told.figures] == sorted(done for done, _ in told.figures)
    assert told.steps == ["6個のファイル(0.0 MB)を送っています"]


def test_planning_leaves_the_sdks_of_services_alone():
    code = (
        "import sys, cityhall_fm.production.publish, cityhall_fm.production.curate, cityhall_fm.adapters.s3,"
        "cityhall_fm.adapters.folder, cityhall_fm.adapters.public_folder\n"
        "cityhall_fm.adapters.s3.S3Bucket('s3://saku/fm').where\n"
        "print(sorted({'boto3', 'botocore', 'sqlalchemy', 'PIL'} & set(sys.modules)))"
    )

    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603

    assert done.stdout == "[]\n"
