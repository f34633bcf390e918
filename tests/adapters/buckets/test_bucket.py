"""What every bucket does: the fake, a folder, S3 over HTTP and HTTPS."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import FEED_KEY, Manifest, Stage

from builders import NOON

PAGE = "<!doctype html><p>佐久の髙橋です🏔</p>".encode()


def test_where_nothing_was_published_the_manifest_is_empty(bucket):
    assert bucket.manifest() == Manifest({})


@pytest.mark.parametrize("content", [PAGE, b"", b"\0" * 70_000])
def test_a_file_arrives_byte_for_byte(bucket, read, write, content):
    file, path = write("42/index.html", content)

    bucket.put(file, path)

    assert read(file.key) == content


def test_a_file_takes_the_place_of_the_older_one(bucket, read, write):
    bucket.put(*write("feed.xml", b"old and longer"))

    bucket.put(*write("feed.xml", b"new"))

    assert read("feed.xml") == b"new"


def test_the_manifest_comes_back_as_it_was_left(bucket, write):
    files = [write(f"{number}/index.html", f"{number} 髙橋".encode())[0] for number in (1, 2)]
    for file in files:
        bucket.put(*write(file.key, f"{file.key[0]} 髙橋".encode()))
    manifest = Manifest({file.key: file.fingerprint for file in files}, {"old.css": NOON})

    bucket.put_manifest(manifest, conditions=Conditions.UNQUOTED)

    assert bucket.manifest() == manifest


def test_putting_files_leaves_the_manifest_alone(bucket, write):
    file, path = write("feed.xml", b"feed")
    bucket.put(file, path)
    bucket.put_manifest(Manifest({file.key: file.fingerprint}), conditions=Conditions.UNQUOTED)

    bucket.put(*write("42/index.html", PAGE))

    assert list(bucket.manifest().files) == ["feed.xml"]


def test_a_file_that_is_no_longer_what_was_planned_is_not_sent(bucket, read, write):
    file, path = write("feed.xml", b"as planned")
    bucket.put(file, path)
    path.write_bytes(b"something else")

    with pytest.raises(BucketError) as caught:
        bucket.put(file, path)

    assert caught.value.text.name == "publish.changed_meanwhile"
    assert read("feed.xml") == b"as planned"


def test_a_file_that_is_not_here_is_told(bucket, write):
    file, path = write("42/index.html", PAGE)
    path.unlink()

    with pytest.raises(BucketError) as caught:
        bucket.put(file, path)

    assert caught.value.text.name == "publish.local_unreadable"
    assert replace(file, here=False).stage is Stage.PAGES


def test_a_file_that_was_removed_is_gone_and_removing_it_again_is_fine(bucket, read, write):
    page, path = write("qa/q-7k2m9x4p/index.html", PAGE)
    other, other_path = write("qa/index.html", PAGE)
    bucket.put(page, path)
    bucket.put(other, other_path)

    bucket.remove(page.key)
    bucket.remove(page.key)

    with pytest.raises(Exception, match=r"q-7k2m9x4p|NoSuchKey"):
        read(page.key)
    assert read(other.key) == PAGE


def test_the_feed_is_read_with_its_version(bucket, write):
    assert bucket.feed() is None
    etag = bucket.put(*write(FEED_KEY, "佐久".encode()))

    found = bucket.feed()

    assert (found.content, found.etag) == ("佐久".encode(), etag)
    assert bucket.read(FEED_KEY) == found.content


def test_a_feed_takes_the_place_of_the_one_that_was_read_and_of_no_other(bucket, write):
    conditions = bucket.probe()
    assert conditions in {Conditions.UNQUOTED, Conditions.QUOTED}
    file, _ = write(FEED_KEY, b"1")

    first = bucket.put_feed(file, b"1", replacing=None, conditions=conditions)
    with pytest.raises(ConflictError):
        bucket.put_feed(file, b"2", replacing=None, conditions=conditions)
    second = bucket.put_feed(file, b"2", replacing=first, conditions=conditions)
    with pytest.raises(ConflictError):
        bucket.put_feed(file, b"3", replacing=first, conditions=conditions)

    assert bucket.feed().content == b"2"
    assert bucket.feed().etag == second
    bucket.remove(FEED_KEY)
    with pytest.raises(ConflictError):
        bucket.put_feed(file, b"3", replacing=second, conditions=conditions)


def test_of_many_first_feeds_at_once_one_wins(bucket, write):
    conditions = bucket.probe()
    file, _ = write(FEED_KEY, b"")

    def try_it(number):
        try:
            bucket.put_feed(file, str(number).encode(), replacing=None, conditions=conditions)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_it, range(8))) == 1


def test_a_manifest_that_was_replaced_meanwhile_is_not_replaced_again(bucket, write):
    conditions = bucket.probe()
    file = write("a.html", PAGE)
    bucket.put(*file)
    files = {file[0].key: file[0].fingerprint}
    bucket.put_manifest(Manifest({}), conditions=conditions)
    read = bucket.manifest()
    bucket.put_manifest(replace(read, files=files), conditions=conditions)

    with pytest.raises(ConflictError):
        bucket.put_manifest(read, conditions=conditions)

    assert list(bucket.manifest().files) == ["a.html"]


def test_two_that_find_out_about_conditions_at_once_are_not_told_of_each_other(bucket):
    with ThreadPoolExecutor(8) as threads:
        told = set(threads.map(lambda _: bucket.probe(), range(8)))

    assert len(told) == 1
    assert Conditions.IGNORED not in told


def test_a_listing_tells_what_is_there_and_finds_nothing_of_a_probe(bucket, write):
    etag = bucket.put(*write("42/index.html", PAGE))
    bucket.probe()

    listed = {key: of for key, of in bucket.listing().items() if key != "cityhall-fm/lock"}

    assert list(listed) == ["42/index.html"]
    assert (listed["42/index.html"].length_bytes, listed["42/index.html"].etag) == (len(PAGE), etag)


def test_how_many_bytes_went_is_told(bucket, write):
    told = []
    bucket.put(*write("42/index.html", PAGE), told.append)
    assert sum(told) == len(PAGE)
