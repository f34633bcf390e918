"""What the doctor finds on this machine, and on the way to listeners."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cityhall_fm.production.doctor import Mark, examine
from cityhall_fm.production.doctor.here import local_checks
from cityhall_fm.production.doctor.publishing import publishing_checks
from cityhall_fm.show.announcement import Posted, told_key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.feed_check.files import FileFacts, Picture
from cityhall_fm.show.feed_check.web import Answer
from cityhall_fm.show.slack_thread import ChannelId, Ts

from builders import NOON, a_published_episode, a_question, a_show, an_episode
from fakes.bucket import FakeBucket
from fakes.checkup import FakeMachine
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger
from fakes.shelf import FakeShelf

GOOD = Picture("PNG", 1500, 1500, "RGB")
FEED = {"content-type": "application/rss+xml", "etag": '"1"'}
AUDIO = {"content-type": "audio/mpeg", "content-length": "1440000", "etag": '"2"'}


class Inspector:
    def __init__(self, picture):
        self.picture = picture

    def look(self, path):  # noqa: ARG002  the port's
        return FileFacts(9, picture=self.picture) if self.picture else None


class Web:
    """Serves well, except what is said; asks are kept."""

    def __init__(self, **otherwise):
        self.otherwise = otherwise
        self.asked = []

    def ask(self, url, *, most_bytes, method="GET", headers=()):  # noqa: ARG002  the port's
        kind = "feed" if url.endswith("feed.xml") else "part" if headers else "head"
        self.asked.append((kind, method))
        if kind in self.otherwise:
            return self.otherwise[kind]
        if kind == "feed":
            return Answer(url, 200, FEED, b"<rss/>", final_url=url)
        if kind == "head":
            return Answer(url, 200, AUDIO, final_url=url)
        ranged = {**AUDIO, "content-length": "64", "content-range": "bytes 0-63/1440000"}
        return Answer(url, 206, ranged, b"ID3" + bytes(61), final_url=url)


def published(*, bucket=None, shelf=None, web=None, picture=GOOD):
    checks = publishing_checks(
        a_show(),
        bucket=bucket or FakeBucket(),
        shelf=shelf or FakeShelf(a_published_episode(7)),
        artwork=Path("artwork.png"),
        web=web or Web(),
        inspector=Inspector(picture),
        machine=FakeMachine(),
    )
    return {one.check.name: one.finding for one in examine(checks)}


def here(*, inbox=None, ledger=None, machine=None):
    checks = local_checks(
        folder=Path(),
        machine=machine or FakeMachine(),
        inbox=inbox or FakeInbox(),
        ledger=ledger or FakeLedger(),
        answer_within=timedelta(days=30),
        clock=lambda: NOON,
    )
    return {one.check.name: one.finding for one in examine(checks)}


def test_all_is_right_where_everything_is():
    assert {one.mark for one in {**published(), **here()}.values()} == {Mark.RIGHT}


def test_the_bucket_is_written_read_and_left_as_it_was():
    bucket = FakeBucket()
    assert published(bucket=bucket)["doctor.bucket"].mark is Mark.RIGHT
    assert bucket.objects == {}
    assert bucket.requests == [
        "get manifest",
        "put cityhall-fm/doctor.txt",
        "get cityhall-fm/doctor.txt",
        "remove cityhall-fm/doctor.txt",
    ]


def test_a_bucket_that_refuses_says_so():
    found = published(bucket=FakeBucket(fails_at="cityhall-fm/doctor.txt"))["doctor.bucket"]
    assert (found.mark, found.text.name) == (Mark.WRONG, "publish.unreachable")


def test_what_cannot_be_read_back_is_still_taken_away():
    class Forgetful(FakeBucket):
        def read(self, key):
            raise BucketError("publish.file_gone", where=self.where, key=key)

    bucket = Forgetful()
    assert published(bucket=bucket)["doctor.bucket"].mark is Mark.WRONG
    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("otherwise", "says"),
    [
        ({"feed": Answer("x", 403)}, "check.needs_password"),
        ({"feed": Answer("x", 200, {"content-type": "text/html", "etag": "1"})}, "check.served_as"),
        ({"part": Answer("x", 200, AUDIO)}, "check.no_ranges"),
        ({"head": Answer("x", 405)}, "check.no_head"),
        ({"feed": Answer("x", 0, failure="unreachable")}, "check.unreachable"),
    ],
)
def test_the_public_address_is_asked_as_apps_ask(otherwise, says):
    found = published(web=Web(**otherwise))["doctor.public"]
    assert found.mark is Mark.WRONG
    assert says in [detail.values["says"].name for detail in found.details]


def test_before_the_first_episode_nobody_is_asked():
    web = Web()
    assert published(shelf=FakeShelf(an_episode(7)), web=web)["doctor.public"].mark is Mark.SKIPPED
    assert web.asked == []


@pytest.mark.parametrize(
    "picture",
    [
        None,
        Picture("WEBP", 1500, 1500, "RGB"),
        Picture("PNG", 1500, 1400, "RGB"),
        Picture("PNG", 1000, 1000, "RGB"),
        Picture("JPEG", 3001, 3001, "RGB"),
        Picture("PNG", 1500, 1500, "RGBA"),
    ],
)
def test_artwork_that_directories_refuse_is_told(picture):
    assert published(picture=picture)["doctor.artwork"].mark is Mark.WRONG


def test_codecs_and_room_are_needed():
    found = here(machine=FakeMachine(missing=["lameenc"], free=10**9))
    assert found["doctor.audio"].text.values["codecs"] == "lameenc"
    assert found["doctor.disk"].text.values["gigabytes"] == "1.0"
    assert {found["doctor.audio"].mark, found["doctor.disk"].mark} == {Mark.WRONG}


def test_a_question_that_waits_too_long_is_told_until_its_asker_was():
    late = a_question(received_at=NOON - timedelta(days=31))
    inbox, ledger = FakeInbox([late]), FakeLedger()
    assert here(inbox=inbox, ledger=ledger)["doctor.answers"].mark is Mark.WRONG
    ledger.remember(Posted(told_key(late.id), ChannelId("D01"), Ts("1.0")), at=NOON)
    assert here(inbox=inbox, ledger=ledger)["doctor.answers"].mark is Mark.RIGHT
