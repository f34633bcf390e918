"""A publication that has nothing to do is told by one look; all else is left to a whole one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.production.already_public import Known, Remembered, look_once
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import Manifest, public_file

from builders import NOON
from fakes.bucket import FakeBucket


def a_file(key, sha256="ab" * 32, *, here=True):
    return public_file(Key(key), sha256=sha256, length_bytes=9, here=here)


HERE = [a_file("feed.xml"), a_file("index.html"), a_file("media/0001-0123456789ab.mp3")]
MEDIA = (a_file("media/0001-0123456789ab.mp3", here=False),)
TOLD = Remembered("s3://saku/fm", MEDIA, until=NOON + timedelta(days=9))


class Memory:
    """What a folder remembers, in memory."""

    def __init__(self, told=TOLD, here=HERE):
        self.told, self.files, self.renewed = told, here, []

    def remembered(self):
        return self.told

    def here(self):
        if isinstance(self.files, Exception):
            raise self.files
        return self.files

    def keep(self, remembered):
        self.told = remembered

    def renew(self, remembered):
        self.renewed.append(remembered)


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    bucket.put_manifest(
        Manifest({file.key: file.fingerprint for file in HERE}), conditions=Conditions.UNQUOTED
    )
    return bucket


def look(memory, bucket, *, now=NOON):
    return look_once(memory, lambda _: bucket, now=now)


def test_where_all_is_as_it_was_nothing_is_left_to_do(bucket):
    memory = Memory()

    publication, known = look(memory, bucket)

    assert (publication.plan.kept, publication.plan.uploads, publication.where) == (3, (), bucket.where)
    assert known.remembered == TOLD
    assert memory.renewed == [TOLD]


@pytest.mark.parametrize(
    "here",
    [
        [HERE[0], a_file("index.html", "cd" * 32), HERE[2]],
        [*HERE, a_file("2/index.html")],
        [HERE[0], HERE[2]],
    ],
    ids=["changed", "new", "gone"],
)
def test_what_changed_is_known_and_left_to_a_whole_publication(bucket, here):
    last = Memory(here=here)
    publication, known = look(last, bucket)

    assert publication is None
    assert known == Known(here, bucket.manifest(), TOLD, last)


def test_media_that_are_not_stored_and_not_here_are_left_to_a_whole_publication(bucket):
    told = replace(TOLD, media=(*MEDIA, a_file("media/0002-0123456789ab.mp3", here=False)))

    assert look(Memory(told), bucket)[0] is None


@pytest.mark.parametrize(
    "memory",
    [Memory(None), Memory(replace(TOLD, until=NOON)), Memory(here=PermissionError("feeds/public"))],
    ids=["nothing remembered", "a kept feed has outlived its time", "an unreadable file"],
)
def test_where_little_is_known_nothing_is_said(bucket, memory):
    assert look(memory, bucket) == (None, None)


def test_a_bucket_that_does_not_answer_is_left_to_those_who_tell_why(bucket):
    def refuse():
        raise BucketError("publish.refused", where="s3://saku/fm", key="x", code="AccessDenied")

    bucket.manifest = refuse

    assert look(Memory(), bucket) == (None, None)
