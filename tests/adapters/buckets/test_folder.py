"""A folder as bucket: whole files, its own manifest, and what the disk refuses."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.adapters.folder import FolderBucket
from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.manifest import MANIFEST_KEY
from cityhall_fm.show.publication import Manifest
from cityhall_fm.texts import LANGUAGES, Catalogue


@pytest.fixture
def folder(tmp_path):
    return FolderBucket(tmp_path / "site")


def put_all(bucket, *files):
    for file, path in files:
        bucket.put(file, path)
    manifest = Manifest({file.key: file.fingerprint for file, _ in files}, etag=bucket.manifest().etag)
    bucket.put_manifest(manifest, conditions=Conditions.UNQUOTED)


def test_a_file_that_somebody_removed_or_cut_is_no_longer_in_the_manifest(folder, write, tmp_path):
    put_all(folder, *(write(key, b"whole") for key in ("a.html", "b.html", "c.html")))
    (tmp_path / "site" / "a.html").unlink()
    (tmp_path / "site" / "b.html").write_bytes(b"cut")

    assert list(folder.manifest().files) == ["c.html"]


def test_new_times_of_files_mean_nothing(folder, write, tmp_path):
    put_all(folder, write("feed.xml", b"feed"))
    before = folder.manifest()
    os.utime(tmp_path / "site" / "feed.xml", (1, 1))

    assert folder.manifest() == before


def test_nothing_unfinished_stays_behind(folder, write, tmp_path):
    put_all(folder, write("42/index.html", b"page"))
    file, path = write("42/index.html", b"planned")
    path.write_bytes(b"changed")

    with pytest.raises(BucketError):
        folder.put(file, path)

    files = sorted(
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*")
    )
    assert files == ["42/index.html", MANIFEST_KEY]
    assert (tmp_path / "site" / "42" / "index.html").read_bytes() == b"page"


def test_a_web_server_may_read_what_is_published(folder, write, tmp_path):
    before = os.umask(0o022)
    try:
        put_all(folder, write("feed.xml", b"feed"))
    finally:
        os.umask(before)

    assert (tmp_path / "site" / "feed.xml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("key", ["../outside.html", "a/../../outside.html", "/etc/outside.html"])
def test_no_key_leads_out_of_the_folder(folder, write, key):
    file, path = write("inside.html", b"x")
    file = type(file)(key, file.fingerprint, file.stage)

    with pytest.raises(ValueError, match="outside"):
        folder.put(file, path)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b"", "broken"),
        (b"{", "broken"),
        ("佐久".encode(), "broken"),
        (b"\xff\xfe", "broken"),
        (b"[]", "broken"),
        (b'{"version": 1}', "broken"),
        (b'{"version": 1, "files": {"feed.xml": {"sha256": "0"}}}', "broken"),
        (b'{"version": 1, "files": ["feed.xml"]}', "broken"),
        (b"[" * 100_000, "broken"),
        (b'{"version": 3, "files": {}}', "newer"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(folder, tmp_path, written, name):
    place = tmp_path / "site" / MANIFEST_KEY
    place.parent.mkdir(parents=True)
    place.write_bytes(written)

    with pytest.raises(BucketError) as caught:
        folder.manifest()

    assert caught.value.text.name == f"publish.manifest_{name}"
    two_lines(caught.value)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path, write):
    (tmp_path / "site").write_text("なにか")

    with pytest.raises(BucketError) as caught:
        FolderBucket(tmp_path / "site").put(*write("feed.xml", b"feed"))

    assert caught.value.text.name == "publish.folder_failed"
    two_lines(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path, write):
    (tmp_path / "site").mkdir(mode=0o500)

    with pytest.raises(BucketError) as caught:
        FolderBucket(tmp_path / "site").put(*write("feed.xml", b"feed"))

    assert caught.value.text.name == "publish.folder_forbidden"


@pytest.mark.parametrize(
    ("number", "name"),
    [(errno.ENOSPC, "folder_full"), (errno.EROFS, "folder_forbidden"), (errno.EIO, "folder_failed")],
)
def test_a_disk_that_refuses_leaves_the_old_file(folder, write, tmp_path, monkeypatch, number, name):
    put_all(folder, write("feed.xml", b"old"))
    newer = write("feed.xml", b"newer")

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(shutil, "copyfileobj", refuse)
    with pytest.raises(BucketError) as caught:
        folder.put(*newer)

    assert caught.value.text.name == f"publish.{name}"
    assert (tmp_path / "site" / "feed.xml").read_bytes() == b"old"
    two_lines(caught.value)


def two_lines(error):
    for language in LANGUAGES:
        assert len(Catalogue(language).word(error.text).splitlines()) == 2


def test_a_copy_that_a_killed_process_left_is_removed_a_day_later(tmp_path):
    left = tmp_path / "media" / ".new-4711-1"
    left.parent.mkdir()
    left.write_bytes(b"half")
    (tmp_path / "index.html").write_bytes(b"whole")
    bucket, now = FolderBucket(tmp_path), datetime.now(UTC)

    assert bucket.abort_unfinished(before=now - timedelta(days=1)) == 0
    assert left.exists()
    assert bucket.abort_unfinished(before=now + timedelta(days=1)) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["index.html"]
