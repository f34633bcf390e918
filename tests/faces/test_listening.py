"""After a publication the show is fetched as apps do; what they would not get is taken back."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest
from sqlalchemy import text

from cityhall_fm.production.go_public import build, publish_all
from cityhall_fm.production.hear import take_back
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import announcing_channel, correct, master_episode, release
from cityhall_fm.production.say import announce_all
from cityhall_fm.production.scheduling import keep_dates, prepare
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.outbox import Kind
from cityhall_fm.show.schedule import State
from cityhall_fm.wiring import Wired
from commands import cityhall_fm

from torture.scene import collect_questions, lay_out

ONE, TWO = EpisodeNumber(1), EpisodeNumber(2)
BUCKET = "listening"
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def place(s3):
    """A bucket for all tests, so that what is made for its address is made once."""
    if not s3.is_real:
        pytest.skip("moto knows no policies")
    with s3.stranger() as client:
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Where the show is kept, mastered and built as it is on the evening of its first release."""
    return tmp_path_factory.mktemp("made") / "番組"


@pytest.fixture
def public(s3, slack, monkeypatch, tmp_path, place, made):
    """A show whose bucket everybody may read; gives its companion's maker, and how to close the bucket."""
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    if not made.exists():
        _make(made, tmp_path / "once", s3, slack)
    _empty(place)
    folder = tmp_path / "番組"
    shutil.copytree(made, folder)
    return folder, place, BUCKET, lambda: Wired(read_settings(folder, slack))


def _make(folder, once, s3, slack):
    """Lay the show out, and let it have what a release of its first episode makes."""
    lay_out(folder, f"s3://{BUCKET}/fm", listens=False)
    manifest = folder / "feeds" / "show.toml"
    written = manifest.read_text("utf-8").replace("https://fm.example.jp", f"{s3.http}/{BUCKET}/fm")
    manifest.write_text(written, "utf-8")
    companion = Wired(read_settings(folder, slack))
    collect_questions(companion)
    for number in (ONE, TWO):
        master_episode(number, companion, progress=Silence())
    companion.close()
    shutil.copytree(folder, once)
    released = Wired(read_settings(once, slack))
    release(ONE, released, now=NOW, progress=Silence(), quietly=True)
    released.close()
    shutil.copytree(once / "feeds" / "public", folder / "feeds" / "public", dirs_exist_ok=True)
    shutil.copy2(once / "feeds" / ".public.json", folder / "feeds")
    manifest.write_text(written.replace("listen = false", "listen = true"), "utf-8")


def _empty(client):
    """Leave nothing of another test in the bucket, and let everybody read it."""
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])
    client.put_bucket_policy(Bucket=BUCKET, Policy=_readable(BUCKET))


def _readable(bucket, *what):
    """Let everybody read what begins so; the bucket's owner may in any case."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": [f"arn:aws:s3:::{bucket}/fm/{beginning}*" for beginning in what or [""]],
                }
            ],
        }
    )


def _feed(client, bucket):
    return client.get_object(Bucket=bucket, Key="fm/feed.xml")["Body"].read()


def _keys(client, bucket):
    return [each["Key"] for each in client.list_objects_v2(Bucket=bucket).get("Contents", ())]


def _said(sandbox):
    """What was posted with a key, by it."""
    return {
        message.metadata["event_payload"]["key"]: (message.ts, json.dumps(message.blocks))
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    }


def _announce(companion, number=ONE):
    channel = announcing_channel(number, companion)
    return announce_all(number, companion, channel, now=LATER, progress=Silence())


def _change(folder, words):
    path = next(folder.glob("episodes/0001-*")) / "episode.md"
    written = path.read_text("utf-8")
    path.write_text(written.replace("summary: ", f"summary: {words}", 1), "utf-8")


@contextmanager
def hub():
    """A WebSub hub that keeps what it is told."""
    told = []

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_everybody_can_fetch_stays_and_what_nobody_can_is_taken_back(public):
    folder, client, bucket, companion = public
    released = release(ONE, companion(), now=NOW, progress=Silence())
    assert [remark.name for remark in released.publication.remarks] == ["publish.heard_no_cors"]
    before = _feed(client, bucket)

    _change(folder, "髙橋さんと。")
    build(companion(), progress=Silence())
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1"))
    with pytest.raises(NotReadyError) as caught:
        publish_all(companion(), now=LATER, progress=Silence())

    assert [line.name for line in caught.value.missing] == ["publish.heard_nothing", "publish.taken_back"]
    assert _feed(client, bucket) == before
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket))
    publish_all(companion(), now=LATER, progress=Silence())
    assert "髙橋さんと。".encode() in _feed(client, bucket)


def test_audio_that_nobody_may_fetch_goes_into_no_feed_however_often_it_is_tried(public, sandbox):
    _, client, bucket, companion = public
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "feed", "1"))

    for _ in range(2):
        with pytest.raises(NotReadyError) as caught:
            release(ONE, companion(), now=NOW, progress=Silence())

        assert caught.value.text.name == "publish.media_not_heard"
        assert [line.name for line in caught.value.missing] == ["publish.heard_nothing"]
        assert "fm/feed.xml" not in _keys(client, bucket)
    assert _said(sandbox) == {}


def test_a_first_feed_that_nobody_can_fetch_stays_and_is_announced_only_once_it_is_heard(public, sandbox):
    _, client, bucket, companion = public
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1"))

    for _ in range(2):
        with pytest.raises(NotReadyError) as caught:
            release(ONE, companion(), now=NOW, progress=Silence())
        names = [line.name for line in caught.value.missing]
        assert names == ["publish.heard_nothing", "publish.nothing_to_take_back"]
    with pytest.raises(NotReadyError) as caught:
        _announce(companion())
    assert caught.value.text.name == "release.not_heard"
    assert _said(sandbox) == {}

    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket))
    publish_all(companion(), now=NOW, progress=Silence())
    assert _announce(companion()).count(Kind.ANNOUNCEMENT) == 1
    release(ONE, companion(), now=NOW, progress=Silence())
    assert len([key for key in _said(sandbox) if key.startswith("announcement/")]) == 1
    assert "fm/feed.xml" in _keys(client, bucket)


def test_an_episode_that_was_taken_back_is_not_announced_and_the_one_before_it_is(public, sandbox):
    _, _, _, companion = public
    release(ONE, companion(), now=NOW, progress=Silence(), quietly=True)
    release(TWO, companion(), now=LATER, progress=Silence(), quietly=True)
    take_back(companion(), now=LATER)

    with pytest.raises(NotReadyError) as caught:
        _announce(companion(), TWO)

    assert caught.value.text.name == "release.not_in_feed"
    assert _said(sandbox) == {}
    assert _announce(companion(), ONE).count(Kind.ANNOUNCEMENT) == 1


def test_at_its_hour_an_episode_does_not_go_out_while_nobody_can_fetch_its_audio(public):
    _, client, bucket, companion = public
    at = NOW + timedelta(hours=3)
    prepare(ONE, companion(), at=at, now=NOW, token="0123456789abcdef", progress=Silence())
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "feed", "1", "index"))
    now, told, out = at - timedelta(minutes=1), [], []

    def sleep(seconds):
        nonlocal now
        now += timedelta(seconds=seconds)
        if now > at + timedelta(minutes=2):
            client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket))

    keep_dates(
        companion(), clock=lambda: now, sleep=sleep, progress=Silence(), told=told.append, out=out.append
    )

    assert [text.name for text in told][:1] == ["publish.media_not_heard"]
    assert now > at + timedelta(minutes=2)
    assert [released.announced for released in out] == [True]


def test_whoever_prepares_hears_days_before_that_nobody_can_fetch_the_audio(public):
    _, client, bucket, companion = public
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "feed", "1", "index"))
    at = NOW + timedelta(days=3)

    for _ in range(2):
        with pytest.raises(NotReadyError) as caught:
            prepare(ONE, companion(), at=at, now=NOW, token="0123456789abcdef", progress=Silence())
        assert caught.value.text.name == "publish.media_not_heard"
    assert companion().dates.of(ONE).state is State.CANCELLED


def test_a_feed_that_was_taken_back_is_heard_again_with_everything_that_it_offers_anew(public, sandbox):
    _, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    before, said = _feed(client, bucket), _said(sandbox)
    open_ = _readable(bucket, "media", "1", "2", "index", "feed")
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1", "2", "index"))
    with pytest.raises(NotReadyError):  # the feed is closed: taken back
        release(TWO, companion(), now=LATER, progress=Silence())
    assert _feed(client, bucket) == before

    client.put_bucket_policy(Bucket=bucket, Policy=open_.replace("fm/media*", "fm/media/0001*"))
    with pytest.raises(NotReadyError) as caught:  # now its audio is
        release(TWO, companion(), now=LATER, progress=Silence())

    assert caught.value.text.name == "publish.media_not_heard"
    assert _feed(client, bucket) == before
    assert _said(sandbox) == said


def test_a_feed_that_a_killed_process_left_unheard_is_heard_by_the_next_publication(public, monkeypatch):
    folder, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    before = _feed(client, bucket)
    _change(folder, "髙橋さんと。")
    build(companion(), progress=Silence())

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cityhall_fm.production.hear.listen", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_all(companion(), now=LATER, progress=Silence())
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1"))

    with pytest.raises(NotReadyError) as caught:
        publish_all(companion(), now=LATER, progress=Silence())

    assert [line.name for line in caught.value.missing] == ["publish.heard_nothing", "publish.taken_back"]
    assert _feed(client, bucket) == before


def test_a_second_feed_that_nobody_can_fetch_does_not_bring_the_first_one_back(public):
    folder, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    before = _feed(client, bucket)
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1"))

    for hours, words in enumerate(("髙橋さんと。", "佐久で 🏔。")):
        _change(folder, words)
        build(companion(), progress=Silence())
        with pytest.raises(NotReadyError) as caught:
            publish_all(companion(), now=LATER + timedelta(hours=hours), progress=Silence())

        assert [line.name for line in caught.value.missing] == ["publish.heard_nothing", "publish.taken_back"]
        assert _feed(client, bucket) == before


def test_an_earlier_feed_that_has_outlived_its_time_stays_until_the_new_one_was_heard(public):
    folder, client, bucket, companion = public
    now = datetime.now(UTC)  # a bucket whose clock is far from ours deletes nothing
    release(ONE, companion(), now=now - timedelta(hours=1), progress=Silence())
    before = _feed(client, bucket)
    with companion()._database.store.writing() as connection:
        long_ago = (now - timedelta(days=200)).isoformat()
        connection.execute(text("UPDATE feeds SET kept_at = :at"), {"at": long_ago})
    _change(folder, "髙橋さんと。")
    build(companion(), progress=Silence())
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "media", "1"))

    with pytest.raises(NotReadyError) as caught:
        publish_all(companion(), now=now, progress=Silence())

    assert [line.name for line in caught.value.missing] == ["publish.heard_nothing", "publish.taken_back"]
    assert _feed(client, bucket) == before
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket))
    publish_all(companion(), now=now, progress=Silence())
    assert len([key for key in _keys(client, bucket) if "cityhall-fm/feeds/" in key]) == 1


def test_what_an_older_version_published_counts_as_heard(public):
    folder, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    with companion()._database.store.writing() as connection:
        connection.execute(text("UPDATE live_feeds SET heard_media = NULL"))
    client.put_bucket_policy(Bucket=bucket, Policy=_readable(bucket, "feed", "1", "index"))
    _change(folder, "髙橋さんと。")
    build(companion(), progress=Silence())

    publish_all(companion(), now=LATER, progress=Silence())

    assert "髙橋さんと。".encode() in _feed(client, bucket)
    assert companion().feeds.live(f"s3://{bucket}/fm").heard_media


def test_what_was_heard_is_not_asked_for_again(public, s3):
    _, _, _, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    time.sleep(0.3)  # the server writes its log a little later
    before = s3.requests

    publish_all(companion(), now=LATER, progress=Silence())

    time.sleep(0.3)
    assert s3.requests - before == 1


def test_a_hub_and_commands_hear_of_a_new_feed_and_stop_nothing(public, tmp_path):
    folder, _, _, companion = public
    manifest = folder / "feeds" / "show.toml"
    with hub() as (url, told):
        written = manifest.read_text("utf-8").replace(
            "\nlisten = true",
            f'\nlisten = false\nwebsub_hub = "{url}"\n'
            f'afterwards = [["sh", "-c", "echo {{url}} > {tmp_path}/told"], ["no-such-command-佐久"]]',
        )
        manifest.write_text(written, "utf-8")
        released = release(ONE, companion(), now=NOW, progress=Silence())

    address = companion().show.url("feed.xml")
    assert "hub.mode=publish" in told[0]
    assert (tmp_path / "told").read_text("utf-8").strip() == address
    assert [remark.name for remark in released.publication.remarks] == ["publish.herald_failed"]


@contextmanager
def cdn(client, bucket):
    """A cache in front of a bucket that keeps a feed until it is told to forget it, whatever it is asked."""
    kept, purged, ill = {}, [], set()

    class Cdn(BaseHTTPRequestHandler):
        def do_GET(self):
            key = self.path.lstrip("/")
            if key in ill:
                self.send_error(503)
                return
            if key not in kept:
                answer = client.get_object(Bucket=bucket, Key=f"fm/{key}")
                with closing(answer["Body"]) as body:
                    kept[key] = body.read(), answer["ContentType"]
            content, kind = kept[key]
            part = content[:2] if self.headers.get("Range") else content
            self.send_response(206 if self.headers.get("Range") else 200)
            self.send_header("Content-Range", f"bytes 0-1/{len(content)}")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(part)

        def do_POST(self):
            purged.append(hashlib.sha256(kept.pop("feed.xml", (b"",))[0]).hexdigest())
            self.send_response(204)
            self.end_headers()

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cdn)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", purged, ill
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_cdn_forgets_a_feed_before_it_is_heard_and_whenever_it_is_taken_back(public, s3):
    folder, client, bucket, companion = public
    manifest = folder / "feeds" / "show.toml"
    with cdn(client, bucket) as (url, purged, ill), hub() as (hub_url, told):
        code = f"import urllib.request as u; u.urlopen('{url}/purge', data=b'')"
        written = manifest.read_text("utf-8").replace(f"{s3.http}/{bucket}/fm", url)
        written = written.replace(
            "\nlisten = true",
            f'\nlisten = true\nwebsub_hub = "{hub_url}"\n'
            f'purge = [["{sys.executable}", "-c", "{code}"], ["no-such-command-佐久"]]\n',
        )
        manifest.write_text(written, "utf-8")
        released = release(ONE, companion(), now=NOW, progress=Silence())
        assert "publish.purge_failed" in [remark.name for remark in released.publication.remarks]
        first = hashlib.sha256(_feed(client, bucket)).hexdigest()

        _change(folder, "訂正。")
        correct(ONE, companion(), now=LATER, progress=Silence())
        second = hashlib.sha256(_feed(client, bucket)).hexdigest()
        assert purged[-1] == first
        take_back(companion(), now=LATER)
        assert purged[-1] == second
        assert len(told) == 3

        ill.add("feed.xml")
        before = len(purged)
        with pytest.raises(NotReadyError) as caught:
            publish_all(companion(), now=LATER, progress=Silence())

    assert [line.name for line in caught.value.missing][:2] == ["publish.heard_nothing", "publish.taken_back"]
    assert len(purged) == before + 2
    assert len(told) == 3
    assert hashlib.sha256(_feed(client, bucket)).hexdigest() == first


def test_rolled_back_and_published_again_and_what_it_means_for_slack_is_told(public):
    folder, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    first = _feed(client, bucket)
    _change(folder, "春です。")
    correct(ONE, companion(), now=LATER, progress=Silence())
    second = _feed(client, bucket)
    assert first != second

    back = take_back(companion(), now=LATER)

    assert [line.name for line in back.differs] == ["publish.feed_changed"]
    assert _feed(client, bucket) == first
    with pytest.raises(NotReadyError):
        take_back(companion(), now=LATER)
    publish_all(companion(), now=LATER, progress=Silence())
    assert _feed(client, bucket) == second


def test_the_command_takes_an_episode_back_and_says_what_still_stands_in_slack(
    public, s3, slack, sandbox, tmp_path
):
    folder, client, bucket, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())
    release(TWO, companion(), now=LATER, progress=Silence())
    said, episode = _said(sandbox), companion().shelf.episode(TWO)
    manifest = folder / "feeds" / "show.toml"
    with hub() as (url, told):
        purge = f'purge = [["{sys.executable}", "-c", "open(\'{tmp_path}/purged\', \'w\')"]]'
        written = manifest.read_text("utf-8")
        written = written.replace("\nlisten = true", f'\nlisten = true\nwebsub_hub = "{url}"\n{purge}')
        manifest.write_text(written, "utf-8")
        run = cityhall_fm("--show", folder, "rollback", **slack, **s3.environment())

    assert run.returncode == 0, run.stderr
    assert f"removed: {episode.title}" in run.stdout
    assert f"episode 2, “{episode.title}”, still stand" in run.stdout
    assert "episode 1, " not in run.stdout
    assert episode.guid.encode() not in _feed(client, bucket)
    assert len(told) == 1
    assert (tmp_path / "purged").exists()
    assert _said(sandbox) == said


def test_a_correction_edits_what_was_said_and_says_nothing_new(public, sandbox):
    folder, _, _, companion = public
    release(ONE, companion(), now=NOW, progress=Silence())

    before = _said(sandbox)
    _change(folder, "訂正、髙橋さんと。")
    edited = [len(correct(ONE, companion(), now=LATER, progress=Silence())[1].sent) for _ in range(2)]
    after = _said(sandbox)

    assert edited == [1, 0]
    assert before.keys() == after.keys()
    assert {key: ts for key, (ts, _) in before.items()} == {key: ts for key, (ts, _) in after.items()}
    [changed] = [key for key in before if before[key] != after[key]]
    assert changed.startswith("announcement/")
    assert json.dumps("訂正")[1:-1] in after[changed][1]
