"""What a producer is shown before anything is said, and what a correction does to audio that is out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from cityhall_fm.production.go_public import publish_all
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import correct, release
from cityhall_fm.production.send_waiting import send_waiting
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.wiring import Wired
from commands import cityhall_fm

from torture.scene import _tone, collect_questions, lay_out

ONE = EpisodeNumber(1)
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, slack):
    lay_out(tmp_path / "番組", str(tmp_path / "site"), numbers=(1,))
    collect_questions(Wired(read_settings(tmp_path / "番組", slack)))
    return tmp_path / "番組"


def _posts(sandbox):
    return [
        message
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    ]


def _item(site):
    item = ET.fromstring((site / "feed.xml").read_bytes()).find("channel/item")  # noqa: S314 - our own
    return item.findtext("guid"), item.find("enclosure").get("url"), int(item.find("enclosure").get("length"))


def test_plan_and_preview_tell_everything_and_do_nothing(folder, slack, sandbox, tmp_path):
    assert cityhall_fm("--show", folder, "master", 1, **slack).returncode == 0
    planned = cityhall_fm("--show", folder, "release", 1, "--plan", **slack)
    preview = cityhall_fm("--show", folder, "announce", 1, "--preview", **slack)

    assert (planned.returncode, planned.stderr) == (0, "")
    lines = planned.stdout.splitlines()
    assert any(re.fullmatch(r"new +media/0001-[0-9a-f]{12}\.mp3 \(\d+\.\d kB\)", line) for line in lines), (
        lines
    )
    steps = [line for line in lines if line.startswith("•")]
    assert [line.split(":")[0] for line in steps] == ["• done", *["• to do"] * (len(steps) - 1)]
    assert sum("reply in the thread" in line for line in steps) == 2
    assert sum("(episode 1 answers it, and its asker was not told yet)" in line for line in steps) == 2
    assert "• to do: post the announcement in #fmリモート市役所 (episode 1 was not announced yet)" in steps
    assert any(re.match(r"new +6\d files in search/ \(\d+", line) for line in lines)
    assert any(line.startswith("copy     the new feed (") for line in lines)
    assert any(line.startswith("replace  the list of what is public") for line in lines)
    assert (preview.returncode, preview.stderr) == (0, "")
    shown = re.findall(r"(?ms)^\{\n.*?^\}$", preview.stdout)
    blocks = [json.loads(one)["blocks"] for one in shown]
    assert len(blocks) == 3
    assert all(block["type"] for message in blocks for block in message)
    listed = cityhall_fm("--show", folder, "announce", 1, "--preview", "--json", **slack)
    messages = json.loads(listed.stdout)
    assert [each["blocks"] for each in messages] == blocks
    assert [each["kind"] for each in messages] == ["announcement", "receipt", "receipt"]
    assert messages[0]["question"] is None
    assert all(each["text"] in preview.stdout for each in messages)
    assert all(each["question"].startswith("q-") for each in messages[1:])
    unclear = cityhall_fm("--show", folder, "announce", 1, "--json", **slack)
    assert (unclear.returncode, unclear.stdout) == (2, "")
    assert "--preview" in unclear.stderr
    assert not (tmp_path / "site").exists()
    assert _posts(sandbox) == []


def test_a_corrected_second_of_an_answer_is_edited_into_its_receipt_and_nothing_is_posted_again(
    folder, slack, sandbox, tmp_path
):
    assert cityhall_fm("--show", folder, "release", 1, **slack).returncode == 0
    before = {message.metadata["event_payload"]["key"]: message for message in _posts(sandbox)}
    said = {key: (message.ts, json.dumps(message.blocks)) for key, message in before.items()}
    posted = sandbox.count("chat.postMessage")
    [written] = (folder / "episodes").glob("0001-*/episode.md")
    text = written.read_text("utf-8")
    moved = text.replace("at: 0:01.025", "at: 0:02.1").replace("at: 0:01.648", "at: 0:02.6")
    assert moved != text
    written.write_text(moved, "utf-8")

    corrected = cityhall_fm("--show", folder, "correct", 1, **slack)
    again = cityhall_fm("--show", folder, "correct", 1, **slack)

    assert (corrected.returncode, corrected.stderr) == (0, "")
    after = {
        message.metadata["event_payload"]["key"]: (message.ts, json.dumps(message.blocks))
        for message in _posts(sandbox)
    }
    assert sandbox.count("chat.postMessage") == posted == len(after) == 3
    assert {key: ts for key, (ts, _) in after.items()} == {key: ts for key, (ts, _) in said.items()}
    [receipt] = [key for key in after if key.startswith("receipt/") and after[key] != said[key]]
    assert "t=2" in after[receipt][1]
    assert "t=2" not in said[receipt][1]
    edited = sum(after[key] != said[key] for key in after)
    assert sandbox.count("chat.update") == edited
    assert f"{edited} message(s) in Slack edited" in corrected.stdout
    assert "0 message(s) in Slack edited" in again.stdout
    assert "t=2" in (tmp_path / "site" / "1" / "index.html").read_text("utf-8")


def test_a_correction_that_broke_off_is_queued_once(folder, slack, monkeypatch):
    assert cityhall_fm("--show", folder, "release", 1, **slack).returncode == 0
    [written] = (folder / "episodes").glob("0001-*/episode.md")
    text = written.read_text("utf-8")
    written.write_text(
        text.replace("at: 0:01.025", "at: 0:02.1").replace("at: 0:01.648", "at: 0:02.6"), "utf-8"
    )
    companion = Wired(read_settings(folder, slack))
    edit = companion.workspace.edit

    def killed_after(*given):
        edit(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(companion.workspace, "edit", killed_after)
        with pytest.raises(KeyboardInterrupt):
            correct(ONE, companion, now=NOW, progress=Silence())
    queued = [each.key for each in companion.outbox.deliveries(ONE) if each.of]
    correct(ONE, companion, now=NOW + timedelta(minutes=1), progress=Silence())

    assert queued
    assert [each.key for each in companion.outbox.deliveries(ONE) if each.of] == queued
    assert companion.outbox.waiting(ONE) == []
    companion.close()


def _broken_off_correction(folder, slack, monkeypatch, method, *, after):
    """Correct a second of an answer in a process that is killed where the bucket takes something."""
    companion = Wired(read_settings(folder, slack))
    release(ONE, companion, now=NOW - timedelta(days=1), progress=Silence())
    [written] = (folder / "episodes").glob("0001-*/episode.md")
    text = written.read_text("utf-8")
    written.write_text(
        text.replace("at: 0:01.025", "at: 0:02.1").replace("at: 0:01.648", "at: 0:02.6"), "utf-8"
    )
    put = getattr(companion.bucket, method)

    def killed(*given, **more):
        if after:
            put(*given, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(companion.bucket, method, killed)
        with pytest.raises(KeyboardInterrupt):
            correct(ONE, companion, now=NOW, progress=Silence())
    return companion


def _round(companion, now):
    return send_waiting(
        companion,
        everything=companion.inbox.questions,
        show_for=companion.show_for,
        now=now,
        told=pytest.fail,
    ).about_episodes


@pytest.mark.parametrize("way", ["serve", "release"])
def test_a_correction_that_was_killed_once_it_was_public_reaches_slack(
    folder, slack, sandbox, monkeypatch, way
):
    companion = _broken_off_correction(folder, slack, monkeypatch, "put_manifest", after=True)
    assert not any("t=2" in json.dumps(message.blocks) for message in _posts(sandbox))

    if way == "serve":
        assert _round(companion, NOW + timedelta(minutes=1))
    else:
        assert cityhall_fm("--show", folder, "release", 1, **slack).returncode == 0

    assert any("t=2" in json.dumps(message.blocks) for message in _posts(sandbox))
    assert companion.outbox.waiting(ONE) == []
    assert not _round(companion, NOW + timedelta(hours=1))
    companion.close()


def test_a_correction_that_was_killed_before_it_was_public_waits_until_it_is(
    folder, slack, sandbox, monkeypatch
):
    companion = _broken_off_correction(folder, slack, monkeypatch, "put_feed", after=False)

    assert _round(companion, NOW + timedelta(minutes=1)) == ()
    assert cityhall_fm("--show", folder, "announce", 1, **slack).returncode == 0
    assert sandbox.count("chat.update") == 0
    publish_all(companion, now=NOW + timedelta(minutes=2), progress=Silence())
    assert _round(companion, NOW + timedelta(minutes=3)) == ()  # it rests for ten minutes
    assert _round(companion, NOW + timedelta(minutes=12))
    assert any("t=2" in json.dumps(message.blocks) for message in _posts(sandbox))
    companion.close()


def test_what_is_not_out_cannot_be_corrected(folder, slack, sandbox):
    refused = cityhall_fm("--show", folder, "correct", 1, **slack)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "cityhall-fm release 1" in refused.stderr
    assert _posts(sandbox) == []


def test_replaced_audio_comes_under_a_new_address_and_the_old_one_stays_for_a_while(folder, slack, tmp_path):
    site = tmp_path / "site"
    companion = Wired(read_settings(folder, slack))
    release(ONE, companion, now=NOW, progress=Silence())
    guid, url, length = _item(site)
    _tone(next((folder / "episodes").glob("0001-*")) / "recording.wav", seconds=5)

    publication, _ = correct(ONE, companion, now=NOW + timedelta(hours=1), progress=Silence())
    companion._database.close()

    new_guid, new_url, new_length = _item(site)
    assert new_guid == guid
    assert new_url != url
    assert new_length != length
    old, new = (site / "media" / each.rpartition("/")[2] for each in (url, new_url))
    assert old.stat().st_size == length
    assert new.stat().st_size == new_length
    fading = {unwanted.key: unwanted.due for unwanted in publication.plan.fading}
    assert fading[f"media/{old.name}"] > NOW + timedelta(days=180)
