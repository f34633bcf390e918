"""What Slack did not take goes out later by itself: once, in order, when its pause is over."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.go_public import publish_all
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import release
from cityhall_fm.production.say import in_doubt_about
from cityhall_fm.production.send_waiting import send_waiting
from cityhall_fm.sandbox.faults import FailsBefore, RateLimited
from cityhall_fm.services import _outbox, services_of
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.question import Status
from cityhall_fm.wiring import Wired
from commands import cityhall_fm

from torture.scene import collect_questions, lay_out

ONE, TWO = EpisodeNumber(1), EpisodeNumber(2)
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def companion(tmp_path, slack):
    """A show whose first episode is out, and about whose second Slack was told in vain."""
    lay_out(tmp_path / "番組", str(tmp_path / "site"))
    companion = Wired(read_settings(tmp_path / "番組", slack))
    collect_questions(companion)
    yield companion
    companion.close()


def _release_in_vain(companion, sandbox, number=ONE, now=NOW):
    sandbox.faults.add("chat.postMessage", FailsBefore(), times=1)
    with pytest.raises(SlackError):
        release(number, companion, now=now, progress=Silence())


def _keys(sandbox):
    return [
        message.metadata["event_payload"]["key"]
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    ]


def _round(companion, now, told=None):
    return send_waiting(
        companion,
        everything=companion.inbox.questions,
        show_for=companion.show_for,
        now=now,
        told=(told if told is not None else []).append,
    )


def test_what_slack_did_not_take_is_sent_when_its_pause_is_over_and_once(companion, sandbox):
    _release_in_vain(companion, sandbox)

    assert not _round(companion, NOW + timedelta(seconds=1))
    assert _keys(sandbox) == []
    assert len(_round(companion, NOW + timedelta(seconds=2)).about_episodes) == 5
    assert not _round(companion, NOW + timedelta(hours=1))
    assert len(_keys(sandbox)) == len(set(_keys(sandbox))) == 3
    assert not release(ONE, companion, now=NOW + timedelta(hours=2), progress=Silence()).announced


def test_one_episode_in_trouble_does_not_keep_another_one_waiting(companion, sandbox):
    _release_in_vain(companion, sandbox)
    _release_in_vain(companion, sandbox, TWO, NOW + timedelta(minutes=1))
    sandbox.faults.add("chat.postMessage", FailsBefore(), times=1)

    with pytest.raises(SlackError):
        _round(companion, NOW + timedelta(minutes=2))
    assert {each.delivery.episode for each in companion.outbox.waiting()} == {ONE}
    assert _round(companion, NOW + timedelta(minutes=3))
    assert companion.outbox.waiting() == []


def _home_of(companion, sandbox, question):
    place = companion.inbox.question(question).thread.channel
    return next(channel for channel in sandbox.world.channels if channel.id == place)


def test_a_channel_that_the_app_cannot_write_in_stops_neither_the_release_nor_other_askers(
    companion, sandbox
):
    bot = sandbox.world.app("xoxb-sandbox").user_id
    closed = _home_of(companion, sandbox, "q-e4rkxhf8").id
    sandbox.world.leave(closed, bot)

    released = release(ONE, companion, now=NOW, progress=Silence(), pause=pytest.fail)

    assert (released.announced, released.receipts.sent, released.receipts.kept) == (True, 1, 0)
    [remark] = [each for each in released.remarks if each.name == "release.refused"]
    assert remark.values["what"] == "q-e4rkxhf8"
    assert f"/archives/{closed}/p" in remark.values["place"]
    assert len(_keys(sandbox)) == 2
    assert companion.inbox.question("q-e4rkxhf8").status is Status.ANSWERED
    told = []
    assert not _round(companion, NOW + timedelta(seconds=1), told)
    assert told == []
    assert not _round(companion, NOW + timedelta(minutes=1), told)
    assert [each.name for each in told] == ["release.refused"]
    assert [each.name for each in in_doubt_about(ONE, companion)] == ["release.refused"]

    sandbox.world.join(closed, bot)
    assert len(_round(companion, NOW + timedelta(minutes=2)).about_episodes) == 2
    assert len(_keys(sandbox)) == len(set(_keys(sandbox))) == 3
    assert in_doubt_about(ONE, companion) == []


def test_an_archived_channel_does_not_stop_a_release(companion, sandbox, tmp_path, slack):
    release(ONE, companion, now=NOW, progress=Silence())
    sandbox.world.archive(_home_of(companion, sandbox, "q-j5cdfvyb").id)

    out = cityhall_fm("--show", tmp_path / "番組", "release", 2, **slack)

    assert (out.returncode, out.stderr) == (0, "")
    assert "q-j5cdfvyb" in out.stdout
    assert "gone, archived or not public" in out.stdout
    assert len(_keys(sandbox)) == 5


def test_messages_of_an_app_that_was_made_anew_are_told_and_a_correction_ends(
    companion, sandbox, slack, tmp_path
):
    release(ONE, companion, now=NOW, progress=Silence())
    bot = sandbox.world.install_app("xoxb-anew", name="anew")
    for channel in sandbox.world.channels:
        sandbox.world.join(channel.id, bot.id)
    [written] = (tmp_path / "番組/episodes").glob("0001-*/episode.md")
    text = written.read_text("utf-8")
    moved = text.replace("at: 0:01.025", "at: 0:02.1").replace("at: 0:01.648", "at: 0:02.6")
    written.write_text(moved, "utf-8")

    environment = {**slack, "SLACK_BOT_TOKEN": "xoxb-anew"}
    corrected = cityhall_fm("--show", tmp_path / "番組", "correct", 1, **environment)

    assert (corrected.returncode, corrected.stderr) == (0, "")
    assert "0 message(s) in Slack edited" in corrected.stdout
    assert corrected.stdout.count("Slack does not let the app change its message: Slack says cant_upd") == 2
    assert companion.outbox.waiting(ONE) == []


def test_an_announcement_whose_channel_is_closed_goes_to_the_one_that_the_settings_name_next(
    companion, sandbox, slack, tmp_path
):
    old = companion.workspace.channel_named(companion.announce_channel)
    sandbox.world.archive(old.id)
    with pytest.raises(SlackError) as caught:
        release(ONE, companion, now=NOW, progress=Silence())
    assert caught.value.text.name == "slack.archived"
    assert len(_keys(sandbox)) == 2  # the askers heard

    settings = tmp_path / "番組/feeds/show.toml"
    named = f'announce_channel = "{old.name}"'
    assert named in settings.read_text("utf-8")
    settings.write_text(settings.read_text("utf-8").replace(named, 'announce_channel = "雑談"'), "utf-8")
    for _ in range(2):
        out = cityhall_fm("--show", tmp_path / "番組", "announce", 1, **slack)
        assert (out.returncode, out.stderr) == (0, "")

    assert len(_keys(sandbox)) == len(set(_keys(sandbox))) == 3
    [home] = [channel for channel in sandbox.world.channels if channel.name == "雑談"]
    assert any(message.metadata for message in sandbox.world.messages(home.id))
    assert companion.outbox.waiting(ONE) == []


def test_an_episode_that_somebody_is_at_is_left_to_them(companion, sandbox):
    _release_in_vain(companion, sandbox)
    other = Wired(companion.settings)

    with other.turn.alone(ONE):
        assert not _round(companion, NOW + timedelta(minutes=1))
    other.close()
    assert _keys(sandbox) == []


def test_an_episode_that_was_taken_back_is_not_announced(companion, sandbox, slack, tmp_path):
    release(ONE, companion, now=NOW - timedelta(days=1), progress=Silence())
    said = _keys(sandbox)
    _release_in_vain(companion, sandbox, TWO)
    back = cityhall_fm("--show", tmp_path / "番組", "rollback", **slack)
    assert (back.returncode, back.stderr) == (0, "")

    bucket, asked = companion.bucket, []

    class Counting:
        def __getattr__(self, name):
            asked.append(name)
            return getattr(bucket, name)

    companion.bucket = Counting()
    attempts = [each.attempts for each in companion.outbox.waiting(TWO)]
    for seconds in range(5):
        assert not _round(companion, NOW + timedelta(minutes=2, seconds=seconds))
    assert _keys(sandbox) == said
    assert asked.count("feed") == 1
    assert [each.attempts for each in companion.outbox.waiting(TWO)] == attempts

    assert not _round(companion, NOW + timedelta(minutes=12))
    assert asked.count("feed") == 2
    publish_all(companion, now=NOW + timedelta(minutes=13), progress=Silence())
    assert _round(companion, NOW + timedelta(minutes=22)).about_episodes


def test_serve_tells_once_what_slack_refuses_again_and_again(companion, sandbox):
    sandbox.world.leave(
        _home_of(companion, sandbox, "q-e4rkxhf8").id, sandbox.world.app("xoxb-sandbox").user_id
    )
    release(ONE, companion, now=NOW, progress=Silence())
    told = []

    class Rounds:
        left = 3

        def wait(self, _):
            self.left -= 1
            for each in companion.outbox.waiting(ONE):  # its pause is over at once
                companion.outbox.put_off(each.delivery, attempts=1, not_before=NOW, refused=each.refused)
            return self.left < 0

    class Teller:
        def tell(self, text):
            told.append(text.name)

    _outbox(companion, Teller(), Rounds())
    assert told == ["release.refused"]


def test_serve_sends_it_and_tells_trouble_once(companion, sandbox):
    sandbox.faults.add("chat.postMessage", FailsBefore(), times=1)
    with pytest.raises(SlackError):
        release(ONE, companion, now=datetime.now(UTC) - timedelta(minutes=1), progress=Silence())
    sandbox.faults.add("chat.postMessage", RateLimited(retry_after_seconds=0), times=1)
    ended = threading.Event()

    class Teller:
        def __init__(self):
            self.texts = []

        def tell(self, text):
            self.texts.append(text.name)

    teller = Teller()
    rounds = threading.Thread(target=_outbox, args=(companion, teller, ended, 0.02))
    rounds.start()
    for _ in range(400):
        if len(_keys(sandbox)) == 3 and companion.outbox.waiting() == []:
            break
        threading.Event().wait(0.02)
    ended.set()
    rounds.join(20)

    assert len(set(_keys(sandbox))) == len(_keys(sandbox)) == 3
    assert teller.texts.count("serve.problem") <= 1
    names = [service.name.name for service in services_of(companion.settings, teller, slack_app=False)]
    assert names == ["serve.dates", "serve.outbox"]
    with_studio = services_of(companion.settings, teller, studio_port=8430, slack_app=False)
    assert [service.name.name for service in with_studio] == ["serve.dates", "serve.studio"]
