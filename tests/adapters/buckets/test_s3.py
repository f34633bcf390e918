"""S3 as it is spoken: headers, checksums, parts, requests, and every way in which it refuses."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import boto3.exceptions
import botocore.exceptions
import pytest

from cityhall_fm.adapters.s3 import S3Bucket
from cityhall_fm.adapters.s3.errors import bucket_errors
from cityhall_fm.adapters.s3.pace import Pace
from cityhall_fm.production.publish import publish
from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import BucketError, ConflictError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.manifest import MANIFEST_KEY, written_manifest
from cityhall_fm.show.publication import Manifest
from cityhall_fm.texts import LANGUAGES, Catalogue
from cityhall_fm.wiring import Wired
from free_port import free_ports
from show_folder import a_show_folder

from builders import NOON, an_enclosure
from fakes.feeds import FakeFeedArchive
from fakes.public_folder import FakePublicFolder
from torture.proxy import Fault, faulty

AUDIO = b"ID3" + bytes(range(256)) * 300
SHOW = {
    "feed.xml": "<rss>佐久</rss>".encode(),
    "index.html": "<p>髙橋🏔</p>".encode(),
    "42/index.html": b"<p>42</p>",
    "42/chapters.json": b"{}",
    "42/transcript.vtt": b"WEBVTT\n",
    "media/0042-0123456789ab.mp3": AUDIO,
}


class Silent:
    def step(self, text):
        pass

    def advance(self, done, total):
        pass


def watched(bucket):
    """Count the requests that leave, by what they do, by whichever way they go."""
    seen = []
    if bucket._direct:
        asked = bucket._direct._asked

        def tell(method, path, body, headers):
            seen.append((method, path, headers))
            return asked(method, path, body, headers)

        bucket._direct._asked = tell
    bucket._client.meta.events.register(
        "before-send.s3", lambda request, **_: seen.append((request.method, request.url, request.headers))
    )
    return seen


@pytest.fixture
def feeds():
    """An archive that knows how RGW wants its conditions, for any endpoint."""
    archive = FakeFeedArchive()
    archive.conditions = lambda _: Conditions.UNQUOTED
    return archive


@pytest.fixture
def publish_show(feeds, tmp_path):
    return partial(_publish_show, feeds, tmp_path)


def _publish_show(feeds, tmp_path, bucket, **changes):
    contents = {key: content for key, content in {**SHOW, **changes}.items() if content is not None}
    return publish(
        folder=FakePublicFolder(contents, root=tmp_path / "public"),
        enclosures=[
            an_enclosure(
                42,
                key="media/0042-0123456789ab.mp3",
                sha256=hashlib.sha256(AUDIO).hexdigest(),
                length_bytes=len(AUDIO),
            )
        ],
        bucket=bucket,
        feeds=feeds,
        progress=Silent(),
        now=NOON,
    )


@pytest.mark.parametrize("https", [False, True])
def test_a_publication_costs_no_request_too_many(at_s3, publish_show, https):
    bucket = at_s3(https=https)
    seen = watched(bucket)

    publish_show(bucket)
    first = len(seen)
    publish_show(bucket)
    no_change = len(seen) - first
    publish_show(bucket, **{"feed.xml": b"<rss/>", "index.html": b"<p/>"})
    two_changed = len(seen) - first - no_change

    # Every feed is kept: where it changed, its copy is one file more.
    assert (first, no_change, two_changed) == (len(SHOW) + 1 + 2, 1, 2 + 1 + 2)


def test_the_feed_goes_up_after_all_else_and_the_manifest_after_the_feed(at_s3, publish_show):
    bucket = at_s3()
    seen = watched(bucket)

    publish_show(bucket)

    sent = [url.partition("/fm/show/")[2] for method, url, _ in seen if method == "PUT"]
    assert sent[0] == "media/0042-0123456789ab.mp3"
    assert set(sent[1:3]) == {"42/chapters.json", "42/transcript.vtt"}
    assert set(sent[3:5]) == {"42/index.html", "index.html"}
    assert sent[5].startswith("cityhall-fm/feeds/")
    assert sent[6:] == ["feed.xml", MANIFEST_KEY]


def test_every_file_is_stored_with_its_type_and_its_time_in_caches(at_s3, look, publish_show):
    bucket = at_s3()

    publish_show(bucket)

    stored = {key: look(bucket, key)[1:] for key in SHOW}
    short, for_ever = "public, max-age=300", "public, max-age=31536000, immutable"
    assert stored == {
        "feed.xml": ("application/rss+xml; charset=utf-8", short),
        "index.html": ("text/html; charset=utf-8", short),
        "42/index.html": ("text/html; charset=utf-8", short),
        "42/chapters.json": ("application/json+chapters", short),
        "42/transcript.vtt": ("text/vtt; charset=utf-8", short),
        "media/0042-0123456789ab.mp3": ("audio/mpeg", for_ever),
    }
    assert look(bucket, MANIFEST_KEY)[0] == written_manifest(bucket.manifest())


@pytest.mark.parametrize("https", [False, True])
def test_a_large_file_goes_up_in_parts_each_with_its_checksum(at_s3, look, write, https):
    bucket = at_s3(https=https)
    content = os.urandom(1024) * 1024 * 35
    file, path = write("media/0042-0123456789ab.mp3", content)
    seen = watched(bucket)

    etag = bucket.put(file, path)

    parts = [headers for method, url, headers in seen if method == "PUT" and "partNumber" in url]
    assert len(parts) == 3
    assert etag
    assert bucket.listing()[file.key].etag == etag
    assert all(headers["Content-MD5"] for headers in parts)
    assert look(bucket, file.key)[0] == content


def unfinished(bucket, s3):
    with s3.stranger() as client:
        listed = client.list_multipart_uploads(Bucket=bucket.where.split("/")[2]).get("Uploads", ())
        return [each["Key"] for each in listed]


@pytest.mark.parametrize(
    ("fault", "asked"), [(Fault.SLOW_DOWN, "partNumber=2"), (Fault.ERROR_200, "?uploadId=")]
)
def test_a_large_file_that_does_not_arrive_leaves_nothing(at_s3, s3, write, fault, asked):
    file, path = write("media/0042-0123456789ab.mp3", os.urandom(1024) * 1024 * 35)
    with faulty(s3.http) as proxy:
        bucket = at_s3(AWS_ENDPOINT_URL=proxy.url, AWS_MAX_ATTEMPTS="2")
        methods = {"PUT", "POST"}  # whatever gives it up is let through
        proxy.decide = lambda method, url: fault if method in methods and asked in url else Fault.NONE

        with pytest.raises(BucketError) as caught:
            bucket.put(file, path)
        assert file.key not in bucket.listing()

    assert caught.value.retryable
    assert fault in proxy.counted
    assert unfinished(bucket, s3) == []


def test_uploads_that_a_killed_process_left_are_given_up_a_day_later(at_s3, s3):
    bucket = at_s3()
    name = bucket.where.split("/")[2]
    with s3.stranger() as client:
        for key in ("fm/show/media/0042-0123456789ab.mp3", "fm/other/media/0001-0123456789ab.mp3"):
            client.create_multipart_upload(Bucket=name, Key=key)
    now = datetime.now(UTC)

    assert bucket.abort_unfinished(before=now - timedelta(days=1)) == 0
    assert len(unfinished(bucket, s3)) == 2
    assert bucket.abort_unfinished(before=now + timedelta(minutes=5)) == 1
    assert unfinished(bucket, s3) == ["fm/other/media/0001-0123456789ab.mp3"]


def test_small_files_carry_their_checksum_and_no_acl(at_s3, write):
    bucket = at_s3()
    seen = watched(bucket)

    bucket.put(*write("feed.xml", b"feed"))

    headers = {name.lower(): value for name, value in seen[0][2].items()}
    expected = base64.b64encode(hashlib.md5(b"feed", usedforsecurity=False).digest())
    assert headers["content-md5"] in (expected, expected.decode())
    assert not [name for name in headers if name.startswith(("x-amz-acl", "x-amz-checksum", "x-amz-trailer"))]


def test_what_is_damaged_on_its_way_is_not_stored(at_s3, s3, look, write):
    if not s3.is_real:
        pytest.skip("moto accepts a wrong Content-MD5")
    bucket = at_s3(AWS_MAX_ATTEMPTS="1", by_boto=True)
    bucket.put(*write("feed.xml", b"old"))

    def damage(params, **_):
        params["headers"]["Content-MD5"] = base64.b64encode(b"0" * 16).decode()

    bucket._client.meta.events.register_last("before-call.s3.PutObject", damage)
    with pytest.raises(BucketError):
        bucket.put(*write("feed.xml", b"new"))

    assert look(bucket, "feed.xml")[0] == b"old"


@pytest.mark.parametrize("target", ["s3://{bucket}", "s3://{bucket}/", "s3://{bucket}/a/b/"])
def test_a_prefix_may_be_empty_or_end_with_a_slash(at_s3, write, target):
    name = at_s3().where.removeprefix("s3://").partition("/")[0]
    bucket = at_s3(target.format(bucket=name))
    file, path = write("feed.xml", b"feed")

    bucket.put(file, path)
    bucket.put_manifest(Manifest({file.key: file.fingerprint}), conditions=Conditions.UNQUOTED)

    assert list(bucket.manifest().files) == ["feed.xml"]


def test_a_put_that_fails_midway_leaves_the_old_feed_and_the_manifest(at_s3, look, publish_show):
    bucket = at_s3(AWS_MAX_ATTEMPTS="1", by_boto=True)
    publish_show(bucket)
    before = look(bucket, MANIFEST_KEY)[0]
    seen = watched(bucket)

    def break_off(request, **_):
        if request.url.endswith("index.html") and request.method == "PUT":
            raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url)

    bucket._client.meta.events.register("before-send.s3", break_off)
    with pytest.raises(BucketError) as caught:
        publish_show(bucket, **{"feed.xml": b"<new/>", "42/chapters.json": b"{ }", "index.html": b"new"})

    assert caught.value.retryable
    assert not [url for _, url, _ in seen if url.endswith("feed.xml")]
    assert look(bucket, "feed.xml")[0] == SHOW["feed.xml"]
    assert look(bucket, MANIFEST_KEY)[0] == before


def refused(bucket, secret="SKcityhall-never-shown"):  # noqa: S107 - made up
    with pytest.raises(BucketError) as caught:
        bucket.manifest()
    for language in LANGUAGES:
        worded = Catalogue(language).word(caught.value.text)
        assert len(worded.splitlines()) == 2
        assert secret not in worded
    return caught.value.text.name.removeprefix("publish."), caught.value.retryable


def test_a_wrong_secret_is_told_and_never_shown(at_s3, s3):
    if not s3.is_real:
        pytest.skip("moto accepts every secret")

    assert refused(at_s3(AWS_SECRET_ACCESS_KEY="wrong-secret"), "wrong-secret") == ("wrong_key", False)


def test_an_unknown_key_is_told(at_s3, s3):
    if not s3.is_real:
        pytest.skip("moto accepts every key")

    assert refused(at_s3(AWS_ACCESS_KEY_ID="AKnobody")) == ("wrong_key", False)


def test_a_key_without_the_right_is_told(at_s3, s3, write):
    if not s3.is_real:
        pytest.skip("moto checks no rights")
    bucket = at_s3()
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",'
        '"Action":"s3:PutObject","Resource":"arn:aws:s3:::*"}]}'
    )
    bucket._client.put_bucket_policy(Bucket=bucket._bucket, Policy=policy)

    with pytest.raises(BucketError) as caught:
        bucket.put(*write("feed.xml", b"feed"))

    assert caught.value.text.name == "publish.refused"
    assert caught.value.text.values["code"] == "AccessDenied"


def test_a_bucket_that_is_not_there_is_told(at_s3, write):
    bucket = at_s3("s3://nosuch-saku/fm")

    assert refused(bucket) == ("no_bucket", False)
    with pytest.raises(BucketError) as caught:
        bucket.put(*write("feed.xml", b"feed"))
    assert caught.value.text.name == "publish.no_bucket"


def test_a_large_file_into_a_bucket_that_is_not_there_is_told_the_same(at_s3, write):
    with pytest.raises(BucketError) as caught:
        at_s3("s3://nosuch-saku/fm").put(*write("media/a.mp3", bytes(17 * 1024 * 1024)))

    assert caught.value.text.name == "publish.no_bucket"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_endpoint_that_does_not_answer_is_told(at_s3, scheme, write):
    endpoint = f"{scheme}://127.0.0.1:{free_ports(1)[0]}"
    bucket = at_s3("s3://saku/fm", AWS_ENDPOINT_URL=endpoint, AWS_MAX_ATTEMPTS="1")

    assert refused(bucket) == ("unreachable", True)
    with pytest.raises(BucketError) as caught:
        bucket.put(*write("feed.xml", b"feed"))
    assert caught.value.text.name == "publish.unreachable"


def test_a_certificate_that_nobody_vouches_for_is_told(at_s3):
    bucket = at_s3(https=True, AWS_CA_BUNDLE="", AWS_MAX_ATTEMPTS="1")

    assert refused(bucket) == ("tls", False)


def test_a_bundle_of_certificates_that_is_not_there_is_told(at_s3, tmp_path):
    bucket = at_s3(https=True, AWS_CA_BUNDLE=str(tmp_path / "nothing.pem"), AWS_MAX_ATTEMPTS="1")

    assert refused(bucket) == ("tls", False)


def test_missing_credentials_are_told(at_s3):
    bucket = at_s3("s3://saku/fm", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")

    assert refused(bucket) == ("no_credentials", False)


def test_half_a_key_is_told(at_s3):
    bucket = at_s3("s3://saku/fm", AWS_SECRET_ACCESS_KEY="")

    assert refused(bucket) == ("no_credentials", False)


@pytest.mark.parametrize("endpoint", ["nonsense", "http://", "http://bad host/", "ftp//x"])
def test_an_endpoint_that_is_no_url_is_told(at_s3, endpoint):
    bucket = at_s3("s3://saku/fm", AWS_ENDPOINT_URL=endpoint, AWS_MAX_ATTEMPTS="1")

    assert refused(bucket)[0] == "bad_endpoint"


@pytest.mark.parametrize("target", ["s3://", "s3:///fm", "https://saku/fm", "s3://saku/佐久"])
def test_a_target_of_another_form_is_told(at_s3, target):
    assert refused(at_s3(target)) == ("bad_target", False)


@pytest.mark.parametrize("target", ["s3://S_A K U/fm", "s3://sa/fm", "s3://saku..fm/x"])
def test_a_name_that_no_bucket_can_have_is_told(at_s3, target):
    assert refused(at_s3(target, AWS_MAX_ATTEMPTS="1"))[0] in {"failed", "no_bucket"}


def every(root):
    return {root, *(each for child in root.__subclasses__() for each in every(child))}


def made(kind):
    """Make an error of this kind, whatever its message wants to be filled with."""
    error = kind.__new__(kind)
    Exception.__init__(error, "made up")
    if isinstance(error, botocore.exceptions.ClientError):
        error.response = {"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": 503}}
    return error


ROOTS = (boto3.exceptions.Boto3Error, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)


@pytest.mark.parametrize("kind", sorted(set().union(*map(every, ROOTS)), key=lambda kind: kind.__name__))
def test_whatever_boto3_raises_becomes_ours(kind):
    with pytest.raises((BucketError, ConflictError)) as caught, bucket_errors("s3://saku/fm", "feed.xml"):
        raise made(kind)

    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2


def test_boto3_has_no_other_roots():
    outside = [
        name
        for module in (boto3.exceptions, botocore.exceptions)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, (*ROOTS, Warning))
    ]

    assert sorted(outside) == [
        "MissingServiceIdError",
        "UndefinedModelAttributeError",
    ]  # broken installations


@pytest.mark.parametrize(
    ("code", "status", "name", "retryable"),
    [
        ("SlowDown", 503, "busy", True),
        ("InternalError", 500, "busy", True),
        ("Whatever", 429, "busy", True),
        ("Whatever", 403, "refused", False),
        ("RequestTimeTooSkewed", 403, "clock", False),
        ("ExpiredToken", 400, "wrong_key", False),
        ("404", 404, "no_bucket", False),
        ("NoSuchUpload", 404, "failed", False),
    ],
)
def test_what_the_server_answers_is_told_by_who_can_mend_it(code, status, name, retryable):
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    with pytest.raises(BucketError) as caught, bucket_errors("s3://saku/fm", "feed.xml"):
        raise botocore.exceptions.ClientError(answer, "PutObject")

    assert (caught.value.text.name, caught.value.retryable) == (f"publish.{name}", retryable)


def test_at_amazon_the_sdk_keeps_its_own_checksums(at_s3):
    bucket = at_s3("s3://saku/fm", AWS_ENDPOINT_URL="")

    assert bucket._client.meta.config.request_checksum_calculation == "when_supported"


def test_a_bucket_is_told_by_its_target_before_anything_is_opened():
    assert S3Bucket("s3://saku/fm").where == "s3://saku/fm"
    assert {"_client", "_direct", "_place"}.isdisjoint(vars(S3Bucket("s3://saku/fm")))


def test_a_conflict_of_conditions_is_told_as_one():
    answer = {"Error": {"Code": "PreconditionFailed"}, "ResponseMetadata": {"HTTPStatusCode": 412}}

    with pytest.raises(ConflictError), bucket_errors("s3://saku/fm", "feed.xml"):
        raise botocore.exceptions.ClientError(answer, "PutObject")


@pytest.mark.parametrize("mebibytes", [20, 6], ids=["long", "short enough to go at once without a limit"])
def test_a_limit_in_the_settings_holds_for_parts_and_whole_files_together(at_s3, write, tmp_path, mebibytes):
    folder = a_show_folder(tmp_path / "show")
    manifest = folder / "feeds" / "show.toml"
    place, megabits = at_s3().where, 80
    written = re.sub(
        r'(?m)^target = ".*"', f'target = "{place}"\nupload_limit = {megabits}', manifest.read_text()
    )
    manifest.write_text(written)
    settings = read_settings(folder, {})
    given = Wired(settings).bucket
    slept, told = [], []  # at a clock that stands still, each waits as long as all before it take
    rate = settings.publishing.bytes_per_second
    bucket = S3Bucket(place, bytes_per_second=rate, clock=lambda: 0.0, sleep=slept.append)
    large, small = os.urandom(1024) * 1024 * mebibytes, os.urandom(50_000)

    bucket.put(*write("media/0042-0123456789ab.mp3", large), told.append)
    bucket.put(*write("index.html", small), told.append)
    bucket.close()

    assert isinstance(given, S3Bucket)
    assert given._pace._rate == rate == megabits * 1e6 / 8
    assert sum(told) == len(large) + len(small)
    slept.sort()  # several threads send
    assert slept[-1] == pytest.approx(len(large) / rate)
    assert max(later - one for one, later in pairwise(slept)) <= 1024 * 1024 / rate


@pytest.mark.parametrize("by_boto", [False, True])
def test_the_clock_of_the_service_is_told_with_its_answers(at_s3, by_boto):
    bucket = at_s3(by_boto=by_boto)
    bucket.put_manifest(Manifest({}), conditions=Conditions.UNQUOTED)
    assert bucket.clock() is None

    bucket.manifest()

    assert abs(bucket.clock() - datetime.now(UTC)) < timedelta(minutes=2)


def test_no_more_bytes_go_in_a_second_than_were_asked_for():
    now, slept = [0.0], []
    pace = Pace(1000, clock=lambda: now[0], sleep=slept.append)

    for _ in range(3):
        pace.spend(500)
    now[0] = 60.0
    pace.spend(500)

    assert slept == [0.5, 1.0]
    Pace(None, sleep=slept.append).spend(10**12)
    assert slept == [0.5, 1.0]
