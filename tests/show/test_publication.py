"""What a publication plans, how files are described, and how the manifest is written."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.errors import BucketError
from cityhall_fm.show.manifest import read_manifest, written_manifest
from cityhall_fm.show.publication import Fingerprint, Manifest, Stage, Why, plan_publication, public_file

from builders import NOON

SHORT, FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"


def a_file(key, sha256="00", **changes):
    return public_file(key, sha256=sha256, length_bytes=9, **changes)


def stored(*files):
    return Manifest({file.key: file.fingerprint for file in files})


def test_the_feed_goes_last_and_media_first():
    wanted = [a_file(key) for key in ("feed.xml", "index.html", "1/chapters.json", "media/0001-abc.mp3")]

    plan = plan_publication(wanted, Manifest({}), NOON)

    assert [str(upload) for upload in plan.uploads] == [
        "upload media/0001-abc.mp3",
        "upload 1/chapters.json",
        "upload index.html",
        "upload feed.xml",
    ]
    assert {upload.why for upload in plan.uploads} == {Why.NEW}
    assert plan.length_bytes == 36


def test_the_order_does_not_depend_on_how_files_were_found():
    wanted = [a_file(f"{number}/index.html") for number in range(20)]

    assert plan_publication(wanted, Manifest({}), NOON) == plan_publication(
        reversed(wanted), Manifest({}), NOON
    )


def test_what_is_stored_as_wanted_is_kept():
    feed, page = a_file("feed.xml"), a_file("index.html")

    plan = plan_publication([feed, page], stored(feed, page), NOON)

    assert (plan.uploads, plan.kept) == ((), 2)


@pytest.mark.parametrize(
    "before",
    [
        Fingerprint("11", 9, "text/html; charset=utf-8", SHORT),
        Fingerprint("00", 8, "text/html; charset=utf-8", SHORT),
        Fingerprint("00", 9, "text/html", SHORT),
        Fingerprint("00", 9, "text/html; charset=utf-8", "no-cache"),
    ],
)
def test_another_content_or_header_is_a_change(before):
    plan = plan_publication([a_file("index.html")], Manifest({"index.html": before}), NOON)

    assert [upload.why for upload in plan.uploads] == [Why.CHANGED]


def test_what_is_neither_here_nor_there_is_missing():
    here, away = a_file("feed.xml"), a_file("media/0001-abc.mp3", here=False)

    plan = plan_publication([here, away], Manifest({}), NOON)

    assert plan.missing == ("media/0001-abc.mp3",)


def test_what_is_not_here_but_there_is_kept():
    away = a_file("media/0001-abc.mp3", here=False)

    plan = plan_publication([away], stored(a_file("media/0001-abc.mp3")), NOON)

    assert (plan.missing, plan.kept) == ((), 1)


@pytest.mark.parametrize(
    ("key", "stage", "content_type", "cache_control"),
    [
        ("feed.xml", Stage.FEED, "application/rss+xml; charset=utf-8", SHORT),
        ("media/0042-0123456789ab.mp3", Stage.MEDIA, "audio/mpeg", FOR_EVER),
        ("media/0042.m4a", Stage.MEDIA, "audio/x-m4a", FOR_EVER),
        ("artwork-0123456789ab.png", Stage.ATTACHMENTS, "image/png", FOR_EVER),
        ("cards/0042-0123456789ab.jpg", Stage.ATTACHMENTS, "image/jpeg", FOR_EVER),
        ("artwork.png", Stage.ATTACHMENTS, "image/png", SHORT),
        ("artwork-0123456789a.png", Stage.ATTACHMENTS, "image/png", SHORT),
        ("artwork-0123456789AB.png", Stage.ATTACHMENTS, "image/png", SHORT),
        ("0123456789ab.png", Stage.ATTACHMENTS, "image/png", SHORT),
        ("42/chapters.json", Stage.ATTACHMENTS, "application/json+chapters", SHORT),
        ("search.json", Stage.PAGES, "application/json", SHORT),
        ("search/words-07.json", Stage.PAGES, "application/json", SHORT),
        ("cover-0123456789ab.webp", Stage.ATTACHMENTS, "image/webp", FOR_EVER),
        ("42/transcript.vtt", Stage.ATTACHMENTS, "text/vtt; charset=utf-8", SHORT),
        ("42/index.html", Stage.PAGES, "text/html; charset=utf-8", SHORT),
        ("feed-m4a.xml", Stage.PAGES, "application/rss+xml; charset=utf-8", SHORT),
        ("sitemap.xml", Stage.PAGES, "application/xml", SHORT),
        ("CNAME", Stage.ATTACHMENTS, "application/octet-stream", SHORT),
    ],
)
def test_a_file_is_described_by_its_key(key, stage, content_type, cache_control):
    file = a_file(key)

    assert (file.stage, file.fingerprint.content_type, file.fingerprint.cache_control) == (
        stage,
        content_type,
        cache_control,
    )


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
files = st.dictionaries(words, st.builds(Fingerprint, words, st.integers(0, 2**60), words, words, words))
moments = st.datetimes(timezones=st.just(UTC))
manifests = st.builds(Manifest, files, st.dictionaries(words, moments))


@given(manifests)
def test_a_manifest_is_read_back_as_it_was_written(manifest):
    read = read_manifest(written_manifest(manifest), where="here", etag="1")

    assert read == manifest
    assert [of.etag for of in read.files.values()] == [manifest.files[key].etag for key in read.files]


def test_a_manifest_of_the_version_before_is_read():
    written = (
        b'{"version": 1, "files": {"a": {"sha256": "0", "length_bytes": 1, "content_type": "x", '
        b'"cache_control": "y"}}}'
    )

    assert read_manifest(written, where="here", etag="") == Manifest({"a": Fingerprint("0", 1, "x", "y")})


@given(manifests)
def test_the_same_manifest_gives_the_same_bytes_in_whatever_order(manifest):
    reversed_ = Manifest(dict(reversed(manifest.files.items())), dict(reversed(manifest.unwanted.items())))

    assert written_manifest(reversed_) == written_manifest(manifest)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(written):
    with pytest.raises(BucketError):
        read_manifest(written, where="here", etag="")
