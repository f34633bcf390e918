"""A release that is killed anywhere and run again comes to what one clean run comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import release
from cityhall_fm.sandbox import World
from cityhall_fm.sandbox.faults import FailsAfter
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.question import Status
from cityhall_fm.wiring import Wired

from torture.layout import collect_questions, lay_out

ONE = EpisodeNumber(1)
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
STEPS = ["master", "build", "publish", "announce"]


class KilledLedger:
    """The real ledger, until the process is killed right after a step was recorded."""

    def __init__(self, ledger, step):
        self._ledger = ledger
        self._step = step

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def record(self, episode, step, outcome, *, at):
        self._ledger.record(episode, step, outcome, at=at)
        if step == self._step:
            raise KeyboardInterrupt


class Killed(Wired):
    """A companion whose process does not survive a step."""

    def __init__(self, settings, step):
        super().__init__(settings)
        self._step = step

    @property
    def ledger(self):
        return KilledLedger(super().ledger, self._step)


@pytest.fixture
def show(tmp_path):
    """The example show with its first episode only, which waits to be released and lasts for seconds."""
    lay_out(tmp_path / "番組", "feeds/site", numbers=(1,))
    return tmp_path / "番組"


@pytest.fixture
def settings(show, slack):
    """The show, its questions collected."""
    settings = read_settings(show, slack)
    collect_questions(Wired(settings))
    return settings


def _posts(world: World) -> Iterator[str]:
    for channel in world.channels:
        for message in world.messages(channel.id):
            if message.metadata:
                yield message.metadata["event_payload"]["key"]


def _public(show: Path) -> Mapping[str, str]:
    site = show / "feeds" / "site"
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def _released(settings) -> Wired:
    companion = Wired(settings)
    release(ONE, companion, now=NOW, progress=Silence())
    return companion


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_any_step_it_posts_each_message_once(settings, sandbox, show, step):
    with pytest.raises(KeyboardInterrupt):
        release(ONE, Killed(settings, step), now=NOW, progress=Silence())
    companion = _released(settings)
    questions = companion.shelf.episode(ONE).rundown.questions
    assert sorted(key.partition("/")[0] for key in _posts(sandbox.world)) == [
        "announcement",
        *["receipt"] * len(questions),
    ]
    assert {companion.inbox.question(id_).status for id_ in questions} == {Status.ANSWERED}
    after = _public(show)
    assert "feed.xml" in after
    _released(settings)
    assert _public(show) == after
    assert len(list(_posts(sandbox.world))) == 1 + len(questions)


def test_an_answer_of_slack_that_got_lost_is_no_second_announcement(settings, sandbox):
    sandbox.faults.add("chat.postMessage", FailsAfter(), times=9)
    with pytest.raises(SlackError):
        _released(settings)
    sandbox.faults.clear()
    _released(settings)
    keys = list(_posts(sandbox.world))
    assert len(keys) == len(set(keys)) == 3


def test_a_memory_that_was_lost_is_no_second_announcement(settings, sandbox, show):
    _released(settings)
    for path in (show / "feeds").glob("memory.sqlite3*"):
        path.unlink()
    collect_questions(Wired(settings))
    _released(settings)
    keys = list(_posts(sandbox.world))
    assert len(keys) == len(set(keys)) == 3


def test_a_question_withdrawn_after_the_release_leaves_the_pages(settings, show):
    companion = _released(settings)
    question = companion.inbox.question(companion.shelf.episode(ONE).rundown.questions[0])
    words = question.words.for_host().splitlines()[-1]
    page = show / "feeds" / "public" / "1" / "index.html"
    assert words in page.read_text("utf-8").replace("<wbr>", "")
    companion.inbox.set_status(question.id, Status.WITHDRAWN, at=NOW)
    from cityhall_fm.production.go_public import build  # noqa: PLC0415

    build(Wired(settings), progress=Silence())
    public = "".join(
        path.read_text("utf-8").replace("<wbr>", "")
        for path in (show / "feeds" / "public").rglob("*.[hx][tm]*")
    )
    assert words not in public


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_same_job_runs_against_a_bucket(settings, show, s3, monkeypatch, scheme):
    for name, value in s3.environment(https=scheme == "https").items():
        monkeypatch.setenv(name, value)
    bucket = f"release-{scheme}"
    with s3.stranger() as client:
        client.create_bucket(Bucket=bucket)
    path = show / "feeds" / "show.toml"
    path.write_text(path.read_text("utf-8").replace('"feeds/site"', f'"s3://{bucket}/fm"'), "utf-8")
    _released(
        read_settings(
            show, {"SLACK_BOT_TOKEN": settings.slack.token, "SLACK_API_URL": settings.slack.api_url}
        )
    )
    built = {
        str(path.relative_to(show / "feeds/public"))
        for path in (show / "feeds/public").rglob("*")
        if path.is_file()
    }
    with s3.stranger() as client:
        listed = client.list_objects_v2(Bucket=bucket)["Contents"]
        feed = client.get_object(Bucket=bucket, Key="fm/feed.xml")["Body"].read()
    assert {f"fm/{key}" for key in built} <= {stored["Key"] for stored in listed}
    assert feed == (show / "feeds/public/feed.xml").read_bytes()


def test_a_transcript_that_does_not_fit_the_new_master_stops_the_release_before_it_shows(settings, show):
    transcript = next(show.glob("episodes/0001-*/")) / "transcript.vtt"
    transcript.write_text("WEBVTT\n\n59:00.000 --> 59:02.000\nほかの回です📻", "utf-8")
    with pytest.raises(NotReadyError) as told:
        _released(settings)
    assert [fault.name for fault in told.value.missing] == ["transcripts.line"]
    episode = Wired(settings).shelf.episode(ONE)
    assert episode.enclosure is not None
    assert episode.published_at is None
    assert not (show / "feeds" / "site").exists()
