"""What every bucket does: the fake, a folder, S3 over HTTP and HTTPS."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.publication import Stage

PAGE = "<!doctype html><p>佐久の髙橋です🏔</p>".encode()


def test_where_nothing_was_published_the_manifest_is_empty(bucket):
    assert bucket.manifest() == {}


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
    manifest = {file.key: file.fingerprint for file in files}

    bucket.put_manifest(manifest)

    assert bucket.manifest() == manifest


def test_putting_files_leaves_the_manifest_alone(bucket, write):
    file, path = write("feed.xml", b"feed")
    bucket.put(file, path)
    bucket.put_manifest({file.key: file.fingerprint})

    bucket.put(*write("42/index.html", PAGE))

    assert list(bucket.manifest()) == ["feed.xml"]


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
