"""Publishing again: as many requests as there must be, and nothing loaded that is not needed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from itertools import count

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.show.episode import EpisodeNumber, Key
from commands import QUIET, cityhall_fm
from memories import sqlite_only
from show_folder import a_show_folder

pytestmark = sqlite_only  # what starts so quickly looks into SQLite's file

_numbers = count(1)
PLACE = "s3://{}/fm"
HEAVY = ("boto3", "botocore", "pydantic", "ruamel", "sqlalchemy", "jinja2", "PIL", "lxml")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A show with its audio, built once for all tests."""
    folder = a_show_folder(tmp_path_factory.mktemp("built") / "show")
    for episode in EpisodeFolder(folder / "episodes").episodes():
        with_sound(folder, episode)
    run = cityhall_fm("--show", folder, "build")
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def show(built, tmp_path, s3):
    """The show, going to a bucket of its own."""
    folder, bucket = tmp_path / "show", f"again-{next(_numbers)}"
    shutil.copytree(built, folder)
    with s3.stranger() as client:
        client.create_bucket(Bucket=bucket)
    settings = folder / "feeds" / "show.toml"
    target = f'target = "{PLACE.format(bucket)}"\nlisten = false'
    settings.write_text(re.sub(r'(?m)^target = ".*"', target, settings.read_text("utf-8")), "utf-8")
    return folder


def with_sound(folder, episode):
    """Give an episode bytes that its enclosure describes, and nothing beside them."""
    path = next((folder / "episodes").glob(f"{episode.label}-*")) / "enclosure.json"
    written = json.loads(path.read_text("utf-8"))

    content = f"ID3 {episode.number}".encode().ljust(5000, b"\0")
    sha256 = hashlib.sha256(content).hexdigest()
    place = folder / "feeds" / "public" / f"media/{episode.label}-{sha256[:12]}.mp3"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    written |= {"key": f"media/{place.name}", "length_bytes": len(content), "sha256": sha256}
    written |= {"media_type": "audio/mpeg", "alternates": [], "clips": [], "waveform": None, "pictures": {}}
    path.write_text(json.dumps(written), "utf-8")


def publish(show, s3, *more):
    """Publish; gives what was said, how many requests it took, and what of the heavy was loaded."""
    script = (
        "import sys\n"
        "from cityhall_fm.cli import main\n"
        f"sys.argv = ['cityhall-fm', '--show', {str(show)!r}, 'publish', *{list(more)!r}]\n"
        "try:\n    main()\n"
        f"finally:\n    print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    before = s3.requests
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script],
        env={**QUIET, **s3.environment(), "CITYHALL_FM_LANGUAGE": "en", "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, settled(s3) - before, run.stderr.split()


def settled(s3):
    """Count the server's requests once its log has come to rest: it is written a little later."""
    count = -1
    while count != s3.requests:
        count = s3.requests
        time.sleep(0.4)
    return count


def uploads(said):
    return int(re.search(r"(?m)^(\d+) to send", said)[1])


def test_without_changes_it_is_one_request_and_nothing_heavy_is_loaded(show, s3):
    first, of_first, _ = publish(show, s3)
    again, requests, loaded = publish(show, s3)

    assert uploads(first) > 20
    assert uploads(again) == 0
    assert loaded == []
    if s3.is_real:
        assert requests == 1
        # manifest, the feed's copy, manifest; and five to find out about conditions
        assert of_first == uploads(first) + 3 + 5


def test_one_changed_page_is_three_requests_without_database_and_sdk(show, s3):
    publish(show, s3)
    page = show / "feeds/public/1/index.html"
    page.write_text(f"{page.read_text('utf-8')}<!-- 髙橋 -->", "utf-8")

    said, requests, loaded = publish(show, s3)

    assert uploads(said) == 1
    assert {"boto3", "botocore", "sqlalchemy", "ruamel"}.isdisjoint(loaded)
    if s3.is_real:
        assert requests == 3
    assert uploads(publish(show, s3)[0]) == 0


def test_a_changed_feed_is_one_request_more_than_other_changes_for_the_copy_that_is_kept(show, s3):
    publish(show, s3)
    path = next((show / "episodes").glob("0003-*")) / "episode.md"
    path.write_text(path.read_text("utf-8").replace("summary: ", "summary: 髙橋さんと。", 1), "utf-8")
    assert cityhall_fm("--show", show, "build").returncode == 0

    said, requests, _ = publish(show, s3)

    assert "feed.xml" in said
    if s3.is_real:
        assert requests == uploads(said) + 3


def test_a_guid_that_changed_is_noticed_without_asking_for_the_public_feed(show, s3):
    publish(show, s3)
    feed = show / "feeds/public/feed.xml"
    written = feed.read_text("utf-8")
    guid = re.search(r"<guid[^>]*>([^<]+)</guid>", written)[1]
    feed.write_text(written.replace(f">{guid}</guid>", ">another-guid-佐久</guid>"), "utf-8")
    before = s3.requests

    run = cityhall_fm("--show", show, "publish", **s3.environment())

    assert run.returncode == 1
    assert guid in run.stderr
    if s3.is_real:
        assert settled(s3) - before == 1


def test_a_copy_with_other_dates_uploads_nothing(show, s3, tmp_path):
    publish(show, s3)
    fresh = tmp_path / "fresh"
    shutil.copytree(show, fresh, copy_function=shutil.copyfile)

    for _ in range(2):
        said, requests, loaded = publish(fresh, s3)
        assert (uploads(said), loaded) == (0, [])
        if s3.is_real:
            assert requests == 1


def test_a_clone_that_is_built_anew_uploads_nothing_either(show, s3, tmp_path):
    publish(show, s3)
    clone = tmp_path / "clone"
    left = shutil.ignore_patterns("public", ".public.json", ".published.json")
    shutil.copytree(show, clone, ignore=left, copy_function=shutil.copyfile)
    assert not (clone / "feeds" / ".published.json").exists()
    assert cityhall_fm("--show", clone, "build").returncode == 0

    assert uploads(publish(clone, s3)[0]) == 0


def test_an_episode_that_is_published_is_not_missed(show, s3):
    """What decides which media are wanted is looked at each time, though it is not in the public folder."""
    shelf = EpisodeFolder(show / "episodes")
    path = next((show / "episodes").glob("0003-*")) / "episode.md"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^published_at:.*\n", "", text), "utf-8")
    publish(show, s3)
    path.write_text(text, "utf-8")

    said, _, _ = publish(show, s3)

    key = shelf.episode(EpisodeNumber(3)).enclosure.key
    assert key in said


def test_a_kept_feed_that_somebody_may_be_named_in_goes_though_nothing_else_changed(show, s3):
    publish(show, s3)
    feed = show / "feeds/public/feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b"</rss>", b"</rss>\n"))
    publish(show, s3)
    database = open_database(show / "feeds/memory.sqlite3")
    where = re.search(r'(?m)^target = "(.*)"', (show / "feeds/show.toml").read_text("utf-8"))[1]
    kept = [each.key for each in database.feeds.kept(where)]
    withdraw(database)
    database.close()
    assert len(kept) == 2

    publish(show, s3)

    with s3.stranger() as client:
        name, _, prefix = where.removeprefix("s3://").partition("/")
        listed = client.list_objects_v2(Bucket=name, Prefix=f"{prefix}/cityhall-fm/feeds/")["Contents"]
    assert [Key(each["Key"].removeprefix(f"{prefix}/")) for each in listed] == [kept[1]]


def test_verifying_mends_tells_of_strangers_and_lets_go_what_nobody_knows(show, s3):
    publish(show, s3)
    where = re.search(r'(?m)^target = "(.*)"', (show / "feeds/show.toml").read_text("utf-8"))[1]
    name, _, prefix = where.removeprefix("s3://").partition("/")
    stray, page = "media/0099-0123456789ab.mp3", "qa/q-7k2m9x4p/index.html"
    feed = f"cityhall-fm/feeds/20200101T000000Z-{'ab' * 16}.xml"
    strange = "google0123456789ab.html"
    with s3.stranger() as client:
        for key in (stray, page, feed, strange):
            client.put_object(Bucket=name, Key=f"{prefix}/{key}", Body=b"somebody's")
        client.delete_object(Bucket=name, Key=f"{prefix}/style.css")

        told, _, _ = publish(show, s3, "--verify")
        listed = client.list_objects_v2(Bucket=name, Prefix=f"{prefix}/")["Contents"]
        there = {each["Key"].removeprefix(f"{prefix}/") for each in listed}
        again, _, _ = publish(show, s3, "--verify")

    assert {stray, strange, "style.css"} <= there
    assert there.isdisjoint({page, feed})
    assert uploads(told) == 1
    assert re.search(rf"(?m){re.escape(stray)}.*\d{{4}}-\d\d-\d\d", told)
    for said in (told, again):
        assert strange in said
    assert uploads(again) == 0


def withdraw(database):
    """Answer a question, then withdraw it, after everything that was published until now."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from cityhall_fm.show.question import Status  # noqa: PLC0415

    question = database.inbox.questions()[0]
    now = datetime.now(UTC)
    database.inbox.set_status(question.id, Status.ANSWERED, at=now - timedelta(days=1))
    database.inbox.set_status(question.id, Status.WITHDRAWN, at=now + timedelta(seconds=1))
