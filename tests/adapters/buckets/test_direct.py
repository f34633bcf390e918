"""S3 spoken directly: signed as Amazon's own SDK signs, and only where nothing else has a say."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.adapters.s3 import S3Bucket
from cityhall_fm.adapters.s3.direct import Access, Direct, signed_headers
from cityhall_fm.show.errors import BucketError
from commands import QUIET
from free_port import free_ports

from torture.proxy import Fault, faulty

TOLD = {
    "AWS_ENDPOINT_URL": "https://s3.example.jp",
    "AWS_ACCESS_KEY_ID": "AK",
    "AWS_SECRET_ACCESS_KEY": "SK-never-shown",
    "AWS_CONFIG_FILE": "/nowhere",
}
AT = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


@given(
    path=st.text(st.sampled_from("abcXYZ019-_.~/"), min_size=1, max_size=60),
    method=st.sampled_from(["GET", "PUT", "DELETE"]),
    etag=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    token=st.sampled_from(["", "session+token/=="]),
)
def test_it_signs_as_amazons_own_sdk_does(path, method, etag, token):
    sha256 = "ab" * 32
    headers = {"Content-Type": "text/html;  charset=utf-8", "If-Match": etag, "Host": "s3.example.jp:9000"}
    request = AWSRequest(method, f"https://s3.example.jp:9000/{path}", headers=headers)
    request.headers["X-Amz-Content-SHA256"] = sha256
    with (
        patch("botocore.auth.get_current_datetime", return_value=AT),
        patch.object(S3SigV4Auth, "payload", return_value=sha256),
        patch.object(S3SigV4Auth, "_should_sha256_sign_payload", return_value=True),
    ):
        S3SigV4Auth(Credentials("AK", "SK", token or None), "s3", "jp-north-1").add_auth(request)

    access = Access("https://s3.example.jp:9000", "jp-north-1", "AK", "SK", token)
    ours = signed_headers(access, method, f"/{path}", headers, sha256=sha256, now=AT)

    assert ours["Authorization"] == request.headers["Authorization"]


def test_the_environment_alone_is_enough(tmp_path):
    access = Access.told_by(TOLD, tmp_path)

    assert access == Access("https://s3.example.jp", "us-east-1", "AK", "SK-never-shown")
    assert "never-shown" not in repr(access)


@pytest.mark.parametrize(
    "more",
    [
        {"AWS_PROFILE": "saku"},
        {"AWS_ENDPOINT_URL": "https://s3.ap-northeast-1.amazonaws.com"},
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL": "https://s3.example.jp:port"},
        {"AWS_ENDPOINT_URL": "https://user:word@s3.example.jp"},
        {"AWS_SECRET_ACCESS_KEY": ""},
        {"HTTPS_PROXY": "http://proxy.example.jp:8080"},
        {"AWS_CONFIG_FILE": __file__},
    ],
)
def test_where_anything_else_has_a_say_boto3_speaks(tmp_path, more):
    assert Access.told_by({**TOLD, **more}, tmp_path) is None


def test_a_configuration_at_its_usual_place_has_a_say(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nregion = jp-north-1\n")

    assert Access.told_by({**TOLD, "AWS_CONFIG_FILE": ""}, tmp_path) is None


def test_who_does_not_answer_is_not_asked_again():
    direct = Direct(Access(f"http://127.0.0.1:{free_ports(1)[0]}", "us-east-1", "AK", "SK"))

    assert direct.ask("GET", "saku/feed.xml") is None
    assert not direct._works
    direct.close()


def test_a_connection_that_the_server_has_closed_is_opened_anew(at_s3, s3, write):
    with faulty(s3.http) as proxy:  # it closes after every answer
        bucket = at_s3(AWS_ENDPOINT_URL=proxy.url)
        for content in (b"one", b"two", b"three"):
            bucket.put(*write("feed.xml", content))

        assert bucket._direct._works
        assert [method for method, _ in proxy.requests] == ["PUT", "PUT", "PUT"]
        assert bucket.feed().content == b"three"


def test_what_comes_out_badly_boto3_asks_again(at_s3, s3, write):
    with faulty(s3.http) as proxy:
        faults = iter([Fault.SLOW_DOWN, Fault.LOST_ANSWER])
        proxy.decide = lambda *_: next(faults, Fault.NONE)
        bucket = at_s3(AWS_ENDPOINT_URL=proxy.url)
        bucket.put(*write("feed.xml", b"feed"))

        assert bucket.feed().content == b"feed"
        assert proxy.counted[Fault.SLOW_DOWN] == proxy.counted[Fault.LOST_ANSWER] == 1


def test_a_wrong_key_is_told_as_boto3_tells_it(at_s3, s3):
    if not s3.is_real:
        pytest.skip("moto accepts every secret")
    with pytest.raises(BucketError) as caught:
        at_s3(AWS_SECRET_ACCESS_KEY="wrong-secret").manifest()

    assert caught.value.text.name == "publish.wrong_key"
    assert "wrong-secret" not in repr(caught.value)


def test_what_is_damaged_on_its_way_is_not_stored(at_s3, s3, look, write):
    if not s3.is_real:
        pytest.skip("moto looks at no hash")
    bucket = at_s3()
    bucket.put(*write("feed.xml", b"old"))
    asked = bucket._direct._asked

    def damage(method, path, body, headers):
        return asked(method, path, body.replace(b"new", b"nEw"), headers)

    bucket._direct._asked = damage
    told = bucket._direct.ask("PUT", f"{bucket._bucket}/fm/show/feed.xml", b"new")

    assert told.status == 400
    assert look(bucket, "feed.xml")[0] == b"old"


def test_boto3_stays_unloaded_where_all_goes_well(at_s3, s3):
    bucket: S3Bucket = at_s3()
    script = (
        "import sys\n"
        "from cityhall_fm.adapters.s3 import S3Bucket\n"
        f"print(len(S3Bucket({bucket.where!r}).manifest().files))\n"
        "print('boto3' in sys.modules, 'botocore' in sys.modules)\n"
    )
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script],
        env={**QUIET, **s3.environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["0", "False", "False"]
