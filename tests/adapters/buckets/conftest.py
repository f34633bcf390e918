"""A bucket of every kind: in memory, a folder, S3 over HTTP and over HTTPS, directly and by boto3."""

from __future__ import annotations

import hashlib
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from cityhall_fm.adapters.folder import FolderBucket
from cityhall_fm.adapters.s3 import S3Bucket
from cityhall_fm.show.episode import Key
from cityhall_fm.show.publication import public_file

from fakes.bucket import FakeBucket

_numbers = count(1)


@pytest.fixture
def at_s3(s3, monkeypatch):
    """Make an S3Bucket with the environment that a user would have set; closed at the end."""
    made = []

    def make(target=None, *, https=False, by_boto=False, **changes):
        for name, value in s3.environment(https=https, **changes).items():
            if value:
                monkeypatch.setenv(name, value)
            else:
                monkeypatch.delenv(name, raising=False)
        if target is None:
            name = f"saku-{next(_numbers)}"
            with s3.stranger() as client:
                client.create_bucket(Bucket=name)
            target = f"s3://{name}/fm/show"
        made.append(S3Bucket(target))
        if by_boto:  # as it is spoken to where a profile or a file has a say in it
            made[-1].__dict__["_direct"] = None
        return made[-1]

    yield make
    for bucket in made:
        bucket.close()


@pytest.fixture
def look(s3):
    """Read an object and its headers as they are stored."""

    def look_at(bucket, key):
        with s3.stranger() as client:
            name, _, prefix = bucket.where.removeprefix("s3://").partition("/")
            answer = client.get_object(Bucket=name, Key=f"{prefix}/{key}".lstrip("/"))
            with closing(answer["Body"]) as body:
                return body.read(), answer["ContentType"], answer["CacheControl"]

    return look_at


@pytest.fixture(params=["memory", "folder", "s3 http", "s3 https", "s3 by boto3"])
def held(request, tmp_path):
    """A bucket, and how a stranger reads the bytes of one of its files."""
    match request.param:
        case "memory":
            fake = FakeBucket()
            return fake, fake.objects.__getitem__
        case "folder":
            root = tmp_path / "公開 site"
            return FolderBucket(root), lambda key: (root / key).read_bytes()
        case kind:
            look_at = request.getfixturevalue("look")
            bucket = request.getfixturevalue("at_s3")(
                https=kind.endswith("https"), by_boto=kind.endswith("boto3")
            )
            return bucket, lambda key: look_at(bucket, key)[0]


@pytest.fixture
def bucket(held):
    return held[0]


@pytest.fixture
def read(held):
    return held[1]


@pytest.fixture
def write(tmp_path):
    """Put a file on this machine and describe it as the public folder would."""

    def write_file(key, content) -> tuple[object, Path]:
        path = tmp_path / "here" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        return public_file(Key(key), sha256=sha256, length_bytes=len(content)), path

    return write_file
