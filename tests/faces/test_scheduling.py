"""An episode that was prepared goes out at its second, whatever happened to the machine in between."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.explain_plan import explain_plan
from cityhall_fm.production.go_public import build, publish_all
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.publish import PublishingWishes
from cityhall_fm.production.release import correct, master_episode, plan_release, release
from cityhall_fm.production.scheduling import cancel, keep_dates, prepare
from cityhall_fm.sandbox.faults import FailsAfter, RateLimited
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import BucketError, ConflictError, DatabaseError, NotReadyError
from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.publication import PublicFile, Stage
from cityhall_fm.show.schedule import State
from cityhall_fm.texts import LANGUAGES, Catalogue
from cityhall_fm.wiring import Wired
from commands import cityhall_fm

from torture.scene import collect_questions, lay_out

ONE = EpisodeNumber(1)
AFTERNOON = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
PAGE = "1/index.html"
EIGHT = datetime.fromisoformat("2026-11-30T20:00:00+09:00")
TOKEN = "0123456789abcdef"


class Hands:
    """A clock that goes on only while somebody sleeps, and may jump while the machine does."""

    def __init__(self, now):
        self.now = now
        self.naps = []
        self.jump = None

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += timedelta(seconds=seconds)
        if self.jump:
            self.now, self.jump = self.jump, None


@pytest.fixture
def folder(tmp_path, slack):
    lay_out(tmp_path / "番組", str(tmp_path / "site"), numbers=(1, 2))
    collect_questions(Wired(read_settings(tmp_path / "番組", slack)))
    return tmp_path / "番組"


@pytest.fixture
def companion(folder, slack):
    made = []

    def make():
        made.append(Wired(read_settings(folder, slack)))
        return made[-1]

    yield make
    for each in made:
        each._database.close()


def _prepare(companion, at=EIGHT):
    return prepare(ONE, companion, at=at, now=AFTERNOON, token=TOKEN, progress=Silence())


def _keep(companion, hands, told=None):
    out = []
    keep_dates(
        companion,
        clock=hands.clock,
        sleep=hands.sleep,
        progress=Silence(),
        told=(told if told is not None else []).append,
        out=out.append,
    )
    return out


def _posts(sandbox):
    return [
        message
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    ]


def test_it_is_prepared_without_anybody_noticing_and_goes_out_at_its_second(companion, tmp_path, sandbox):
    site = tmp_path / "site"
    prepared = _prepare(companion())

    assert list(site.glob("media/0001-*.mp3"))
    assert not (site / "feed.xml").exists()
    assert not (site / "1").exists()
    assert _posts(sandbox) == []
    [preview] = site.glob("preview/*/index.html")
    assert TOKEN not in str(preview)
    assert prepared.preview.endswith(f"/preview/{preview.parent.name}/")
    assert "noindex" in preview.read_text("utf-8")

    hands = Hands(EIGHT - timedelta(hours=2, seconds=7.25))
    [released] = _keep(companion(), hands)

    assert hands.now == EIGHT
    assert max(hands.naps) <= 20
    feed = (site / "feed.xml").read_text("utf-8")
    assert "Mon, 30 Nov 2026 11:00:00 +0000" in feed or "20:00:00 +0900" in feed
    assert released.announced
    assert "preview" not in feed
    assert preview.parent.name not in (site / "cityhall-fm/manifest.json").read_text("utf-8")
    assert not preview.exists()
    assert companion().dates.of(ONE).state is State.OUT
    assert _keep(companion(), hands) == []
    assert len(_posts(sandbox)) == 3


def test_the_preview_goes_also_where_a_kill_came_between(companion, tmp_path, monkeypatch):
    _prepare(companion())
    hands, killed = Hands(EIGHT - timedelta(minutes=1)), companion()
    remove = killed.bucket.remove

    def killed_before(key):
        if key.startswith("preview/"):
            raise KeyboardInterrupt
        remove(key)

    with monkeypatch.context() as killing:
        killing.setattr(killed.bucket, "remove", killed_before)
        with pytest.raises(KeyboardInterrupt):
            _keep(killed, hands)
    assert list((tmp_path / "site").glob("preview/*/index.html"))

    _keep(companion(), hands)

    assert not list((tmp_path / "site").glob("preview/*/index.html"))
    assert companion().dates.of(ONE).state is State.OUT


def test_a_machine_that_slept_is_late_and_says_so(companion, tmp_path):
    _prepare(companion())
    hands = Hands(EIGHT - timedelta(hours=1))
    hands.jump = EIGHT + timedelta(minutes=95)
    told = []

    [released] = _keep(companion(), hands, told)

    assert [text.values["minutes"] for text in told] == [95]
    assert released.episode.published_at == EIGHT + timedelta(minutes=95)
    assert (tmp_path / "site" / "feed.xml").exists()
    for language in LANGUAGES:
        assert "95" in Catalogue(language).word(told[0])


def test_a_date_may_be_moved_and_taken_back(companion, tmp_path):
    _prepare(companion())
    _prepare(companion(), EIGHT + timedelta(days=1))
    cancel(ONE, companion(), now=AFTERNOON)

    assert not list((tmp_path / "site").glob("preview/*/*"))
    assert _keep(companion(), Hands(EIGHT)) == []
    with pytest.raises(NotReadyError):
        cancel(ONE, companion(), now=AFTERNOON)
    assert not (tmp_path / "site" / "feed.xml").exists()

    _prepare(companion(), EIGHT + timedelta(days=2))
    hands = Hands(EIGHT + timedelta(days=2, hours=-1))
    [released] = _keep(companion(), hands)
    assert released.episode.published_at == hands.now == EIGHT + timedelta(days=2)


def test_the_same_moment_in_another_zone_is_the_same_moment(companion):
    _prepare(companion(), datetime.fromisoformat("2026-11-30T06:00:00-05:00"))
    hands = Hands(EIGHT - timedelta(minutes=5))

    _keep(companion(), hands)

    assert hands.now == EIGHT


class SeenEnoughError(Exception):
    """Raised where a scheduler would sleep on: the test has seen enough."""


def _keep_until(companion, until, *, told=None, begins=EIGHT - timedelta(minutes=2)):
    """Keep the dates until a time; gives what went out."""
    hands, out = Hands(begins), []

    def sleep(seconds):
        hands.sleep(seconds)
        if hands.now > until:
            raise SeenEnoughError

    with suppress(SeenEnoughError):
        keep_dates(
            companion,
            clock=hands.clock,
            sleep=sleep,
            progress=Silence(),
            told=(told if told is not None else []).append,
            out=out.append,
        )
    return out


def _with_trouble_at(key, companion):
    """Make a bucket that takes all but one file: a page, which comes after the hour, or the feed after it."""
    bucket = companion.bucket

    class Troubled:
        where, endpoint = bucket.where, bucket.endpoint

        def __getattr__(self, name):
            return getattr(bucket, name)

        def put(self, file, source, told=lambda _: None):
            self._refuse(file)
            return bucket.put(file, source, told)

        def put_feed(self, file, *given, **more):
            self._refuse(file)
            return bucket.put_feed(file, *given, **more)

        def _refuse(self, file):
            if file.key == key:
                raise BucketError("publish.busy", retryable=True, where="佐久", key=key, code="503")

    companion.bucket = Troubled()
    return companion


def _is_public(tmp_path):
    feed = tmp_path / "site" / "feed.xml"
    return feed.exists() and "media/0001-" in feed.read_text("utf-8")


def test_trouble_of_slack_at_the_hour_is_told_and_tried_again_and_no_listener_waits_for_it(
    companion, tmp_path, sandbox
):
    _prepare(companion())
    sandbox.faults.add("conversations.list", RateLimited(retry_after_seconds=900), times=4)
    told = []

    assert _keep_until(companion(), EIGHT + timedelta(seconds=20), told=told) == []
    assert _is_public(tmp_path)
    assert _posts(sandbox) == []
    [released] = _keep(companion(), Hands(EIGHT + timedelta(seconds=21)), told)

    assert {text.name for text in told} == {"slack.rate_limited"}
    assert released.announced
    assert released.episode.published_at == EIGHT
    assert len(_posts(sandbox)) == 3


def test_a_date_is_over_although_one_askers_channel_takes_nothing(companion, sandbox):
    scheduled, told = companion(), []
    _prepare(scheduled)
    [question] = [one for one in scheduled.inbox.questions() if one.id == "q-e4rkxhf8"]
    sandbox.world.leave(question.thread.channel, sandbox.world.app("xoxb-sandbox").user_id)

    [released] = _keep(scheduled, Hands(EIGHT - timedelta(minutes=1)), told)

    assert [remark.name for remark in released.remarks if remark.name.startswith("release.")] == [
        "release.refused"
    ]
    assert scheduled.dates.of(ONE).state is State.OUT
    assert told == []
    assert len(_posts(sandbox)) == 2


@pytest.mark.parametrize("how", ["slack is away at the hour", "it was released before"])
def test_what_was_rolled_back_does_not_go_out_again_by_itself(
    how, companion, folder, slack, tmp_path, sandbox
):
    release(EpisodeNumber(2), companion(), now=AFTERNOON - timedelta(days=1), progress=Silence())
    _prepare(companion())
    if how == "it was released before":
        release(ONE, companion(), now=AFTERNOON + timedelta(minutes=5), progress=Silence())
    else:
        sandbox.faults.add("conversations.list", RateLimited(retry_after_seconds=900), times=4)
        assert _keep_until(companion(), EIGHT + timedelta(seconds=10)) == []
        sandbox.faults.clear()
    assert _is_public(tmp_path)

    back = cityhall_fm("--show", folder, "rollback", **slack)
    assert back.returncode == 0, back.stderr
    assert "The date of episode 1 is cancelled" in back.stdout
    assert not _is_public(tmp_path)
    assert _keep(companion(), Hands(EIGHT + timedelta(seconds=40))) == []
    assert not _is_public(tmp_path)
    release(ONE, companion(), now=EIGHT + timedelta(hours=1), progress=Silence())
    assert _is_public(tmp_path)


def test_who_breaks_off_while_it_is_prepared_has_noted_no_date(companion, monkeypatch):
    broken = companion()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(broken.bucket), "put", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _prepare(broken)
    monkeypatch.undo()
    assert companion().dates.of(ONE).state is State.CANCELLED


def test_after_trouble_at_the_hour_a_date_is_moved_or_cancelled_and_nothing_goes_out_by_the_way(
    companion, tmp_path
):
    _prepare(companion())
    assert _keep_until(_with_trouble_at(PAGE, companion()), EIGHT + timedelta(seconds=40)) == []
    later = EIGHT + timedelta(minutes=4)

    release(EpisodeNumber(2), companion(), now=later, progress=Silence())
    assert not _is_public(tmp_path)
    build(companion(), progress=Silence())
    publish_all(companion(), now=later, progress=Silence())
    assert not _is_public(tmp_path)
    with pytest.raises(NotReadyError) as caught:
        correct(ONE, companion(), now=later, progress=Silence())
    assert caught.value.text.name == "release.not_published"

    tomorrow = EIGHT + timedelta(days=1)
    prepare(ONE, companion(), at=tomorrow, now=later, token=TOKEN, progress=Silence())
    assert not _is_public(tmp_path)
    _keep_until(
        _with_trouble_at(PAGE, companion()),
        tomorrow + timedelta(seconds=40),
        begins=tomorrow - timedelta(minutes=2),
    )
    cancel(ONE, companion(), now=tomorrow + timedelta(minutes=4))
    publish_all(companion(), now=tomorrow + timedelta(minutes=5), progress=Silence())
    build(companion(), progress=Silence())
    publish_all(companion(), now=tomorrow + timedelta(minutes=6), progress=Silence())
    assert not _is_public(tmp_path)
    assert companion().shelf.episode(ONE).published_at is None


def _pages(site):
    """What the public site says, without what stays for its time of grace and what nobody is shown."""
    found = [path.relative_to(site).as_posix() for path in site.rglob("*.*") if path.is_file()]
    others = re.compile(r"(media|cityhall-fm|preview|cards)/|.*/chapters\.json")
    return {name: (site / name).read_bytes() for name in found if not others.match(name)}


def _broken_off_at_the_feed(companion, site):
    """Let the first episode's release break off between pages and feed; gives what was public before."""
    release(EpisodeNumber(2), companion(), now=AFTERNOON - timedelta(days=1), progress=Silence())
    _prepare(companion())
    before = _pages(site)
    _keep_until(_with_trouble_at("feed.xml", companion()), EIGHT + timedelta(seconds=40))
    assert "1/index.html" in _pages(site).keys() - before.keys()
    assert _pages(site)["index.html"] != before["index.html"]
    return before


def test_pages_of_a_release_that_broke_off_before_the_feed_go_when_it_is_cancelled(companion, tmp_path):
    before = _broken_off_at_the_feed(companion, tmp_path / "site")

    cancel(ONE, companion(), now=EIGHT + timedelta(minutes=1))

    assert _pages(tmp_path / "site") == before


def test_pages_of_a_release_that_broke_off_before_the_feed_go_when_it_is_moved(companion, tmp_path):
    before = _broken_off_at_the_feed(companion, tmp_path / "site")
    troubled = companion()
    troubled.__class__ = type("Mute", (Wired,), {"announce_channel": ""})

    now, tomorrow = EIGHT + timedelta(minutes=1), EIGHT + timedelta(days=1)
    with pytest.raises(NotReadyError):  # a first try ends before anything is sent
        prepare(ONE, troubled, at=tomorrow, now=now, token=TOKEN, progress=Silence())
    prepare(ONE, companion(), at=tomorrow, now=now, token=TOKEN, progress=Silence())

    assert _pages(tmp_path / "site") == before
    [released] = _keep(companion(), Hands(tomorrow - timedelta(minutes=2)))
    assert released.episode.published_at == tomorrow
    assert _is_public(tmp_path)


def test_a_date_is_cancelled_although_its_pages_cannot_be_taken_away_which_is_told(companion, tmp_path):
    _broken_off_at_the_feed(companion, tmp_path / "site")
    troubled = companion()
    bucket = troubled.bucket

    class Away:
        where, endpoint = bucket.where, bucket.endpoint

        def __getattr__(self, name):
            return getattr(bucket, name)

        def listing(self):
            raise BucketError("publish.busy", retryable=True, where="佐久", key="", code="503")

    troubled.bucket = Away()
    with pytest.raises(NotReadyError) as caught:
        cancel(ONE, troubled, now=EIGHT + timedelta(minutes=1))

    assert caught.value.text.name == "release.not_tidied"
    assert [text.name for text in caught.value.missing] == ["publish.busy"]
    assert companion().dates.of(ONE).state is State.CANCELLED


def test_a_feed_that_never_became_public_is_none_to_go_back_to(companion, folder, slack, tmp_path):
    release(EpisodeNumber(2), companion(), now=AFTERNOON - timedelta(days=1), progress=Silence())
    _prepare(companion())
    _keep_until(_with_trouble_at("feed.xml", companion()), EIGHT + timedelta(seconds=40))
    cancel(ONE, companion(), now=EIGHT + timedelta(minutes=1))
    [second] = (folder / "episodes").glob("0002-*/episode.md")
    second.write_text(f"{second.read_text('utf-8')}\n訂正しました。\n", "utf-8")
    correct(EpisodeNumber(2), companion(), now=EIGHT + timedelta(minutes=2), progress=Silence())

    back = cityhall_fm("--show", folder, "rollback", **slack)

    assert (back.returncode, back.stderr) == (0, "")
    feed = (tmp_path / "site" / "feed.xml").read_text("utf-8")
    assert "media/0002-" in feed
    assert "media/0001-" not in feed
    assert "訂正しました" not in feed


def _killed_before_it_is_noted(companion):
    """Let the first episode go out, by a process that is killed before it notes that it is out."""
    _prepare(companion())
    killed = companion()

    class KilledError(Exception):
        pass

    class Ledger:
        def __getattr__(self, name):
            return getattr(Wired.ledger.fget(killed), name)

        def record(self, number, step, outcome, *, at):
            if step == "dated" and not outcome:
                raise KilledError
            Wired.ledger.fget(killed).record(number, step, outcome, at=at)

    killed.__class__ = type("Killed", (Wired,), {"ledger": Ledger()})
    with pytest.raises(KilledError):
        _keep_until(killed, EIGHT + timedelta(minutes=1))


@pytest.mark.parametrize("is_ended_by_hand", [True, False])
def test_what_became_public_before_the_process_was_killed_stays_when_it_moves_to_another_page_of_the_feed(
    companion, tmp_path, is_ended_by_hand
):
    def paged():
        made = companion()
        show = replace(made.show, feed=replace(made.show.feed, page_size=1))
        made.__class__ = type("Paged", (Wired,), {"show": show})
        return made

    _killed_before_it_is_noted(companion)
    later = EIGHT + timedelta(hours=1)
    if is_ended_by_hand:
        publish_all(companion(), now=later, progress=Silence())
        assert not companion().ledger.outcomes("dated")[ONE]

    release(EpisodeNumber(2), paged(), now=later, progress=Silence())
    assert not _is_public(tmp_path)
    build(paged(), progress=Silence())
    publish_all(paged(), now=later + timedelta(days=8), progress=Silence())

    assert "media/0001-" in (tmp_path / "site" / "feed-1.xml").read_text("utf-8")
    assert (tmp_path / "site" / "1" / "index.html").exists()


def test_what_was_never_public_is_in_doubt_also_where_two_processes_were_killed(companion, tmp_path):
    _broken_off_at_the_feed(companion, tmp_path / "site")
    killed = companion()
    shelf = killed.shelf

    class KilledError(Exception):
        pass

    class Shelf:
        def __getattr__(self, name):
            return getattr(shelf, name)

        def mark_published(self, number, at):
            if at is not None:
                raise KilledError
            shelf.mark_published(number, at)

    killed.shelf = Shelf()
    later = EIGHT + timedelta(minutes=5)
    with pytest.raises(KilledError):
        release(ONE, killed, now=later, progress=Silence())

    build(companion(), progress=Silence())
    publish_all(companion(), now=later, progress=Silence())
    assert not _is_public(tmp_path)
    cancel(ONE, companion(), now=later)
    assert not (tmp_path / "site" / "1" / "index.html").exists()


def test_what_became_public_before_the_process_was_killed_can_neither_be_cancelled_nor_vanish(
    companion, tmp_path
):
    _killed_before_it_is_noted(companion)
    assert _is_public(tmp_path)

    with pytest.raises(NotReadyError) as caught:
        cancel(ONE, companion(), now=EIGHT + timedelta(minutes=1))
    assert caught.value.text.name == "release.is_out"
    build(companion(), progress=Silence())
    publish_all(companion(), now=EIGHT + timedelta(minutes=1), progress=Silence())
    assert _is_public(tmp_path)
    [released] = _keep(companion(), Hands(EIGHT + timedelta(minutes=20)))
    assert released.announced
    assert released.episode.published_at == EIGHT


def test_on_a_clock_that_is_ahead_lost_answers_make_nothing_be_said_twice(companion, sandbox):
    sandbox.faults.add("chat.postMessage", FailsAfter(), times=2)
    wrong = sandbox.world.clock() + timedelta(days=3)

    release(ONE, companion(), now=wrong, progress=Silence(), pause=lambda _: None)

    keys = [message.metadata["event_payload"]["key"] for message in _posts(sandbox)]
    assert len(keys) == len(set(keys)) == 3


def test_a_machine_that_slept_while_it_waited_for_the_second_says_so_and_tells_the_true_time(companion):
    _prepare(companion())
    hands, told = Hands(EIGHT - timedelta(seconds=40)), []
    hands.jump = EIGHT + timedelta(minutes=95)

    [released] = _keep(companion(), hands, told)

    assert [(text.name, text.values["minutes"]) for text in told] == [("release.late", 95)]
    assert released.episode.published_at == EIGHT + timedelta(minutes=95)


class Recorded:
    """A bucket that notes what is asked of it, in order."""

    def __init__(self, bucket, events):
        self._bucket, self._events = bucket, events
        self.where, self.endpoint = bucket.where, bucket.endpoint

    def __getattr__(self, name):
        asked = getattr(self._bucket, name)

        def call(first=None, *more, **named):
            stage = first.stage.name if isinstance(first, PublicFile) else ""
            self._events.append((name, stage))
            return asked(*([] if first is None else [first]), *more, **named)

        return call


def test_all_that_may_be_there_before_the_second_is_there_and_after_it_pages_and_feed_go_at_once(companion):
    prepared, events = companion(), []
    prepared.bucket = Recorded(prepared.bucket, events)
    _prepare(prepared)
    assert ("put", "MEDIA") in events

    at_the_hour, events = companion(), []
    at_the_hour.bucket = Recorded(at_the_hour.bucket, events)
    release(
        ONE,
        at_the_hour,
        now=EIGHT,
        progress=Silence(),
        hold=lambda: events.append(("the second", "")),
    )

    second = events.index(("the second", ""))
    before, after = events[:second], events[second + 1 :]
    feed = next(place for place, (name, _) in enumerate(after) if name == "put_feed")
    assert ("put", "MEDIA") not in events  # sent in the afternoon
    assert ("put", "ATTACHMENTS") in before
    assert ("put", "PAGES") not in before
    # The pages, the copy of the feed that is kept, and nothing else: no reading, no listing, no probing.
    assert set(after[: feed - 1]) == {("put", "PAGES")}
    assert after[feed - 1] == ("put", "ATTACHMENTS")


def test_a_build_that_took_longer_than_there_was_time_is_told(companion):
    _prepare(companion())
    slow, hands, told = companion(), Hands(EIGHT - timedelta(seconds=40)), []
    bucket = slow.bucket

    class Slow:
        where, endpoint = bucket.where, bucket.endpoint

        def __getattr__(self, name):
            return getattr(bucket, name)

        def manifest(self):
            hands.now = max(hands.now, EIGHT + timedelta(minutes=3))
            return bucket.manifest()

    slow.bucket = Slow()
    [released] = _keep(slow, hands, told)

    assert [(text.name, text.values["minutes"]) for text in told] == [("release.late_at_work", 3)]
    assert released.episode.published_at == EIGHT


def test_late_is_said_once_however_often_it_is_tried(companion):
    _prepare(companion())
    told = []

    _keep_until(_with_trouble_at(PAGE, companion()), EIGHT + timedelta(minutes=3), told=told)

    assert [text.name for text in told] == ["publish.busy", "release.late_at_work"]


def test_an_impossible_date_keeps_no_other_one_waiting(companion, folder):
    _prepare(companion())
    at = EIGHT + timedelta(minutes=5)
    prepare(EpisodeNumber(2), companion(), at=at, now=AFTERNOON, token=TOKEN, progress=Silence())
    [first] = (folder / "episodes").glob("0001-*")
    (first / "transcript.vtt").write_text("WEBVTT\n\n59:00.000 --> 59:02.000\nここにない", "utf-8")
    told = []

    [released] = _keep_until(companion(), EIGHT + timedelta(minutes=8), told=told)

    assert (released.episode.number, released.episode.published_at) == (2, at)
    assert [text.name for text in told].count("episodes.not_ready") == 1


def test_a_database_that_is_locked_for_a_moment_ends_no_waiting(companion):
    _prepare(companion())
    kept, looks = companion(), iter([False, True, True, False])

    class Dates:
        def __getattr__(self, name):
            return getattr(Wired.dates.fget(kept), name)

        def all(self):
            if next(looks, False):
                raise DatabaseError("database.locked", retryable=True, where="佐久", kind="locked")
            return Wired.dates.fget(kept).all()

    kept.__class__ = type("Locked", (Wired,), {"dates": Dates()})
    told = []
    [released] = _keep(kept, Hands(EIGHT - timedelta(minutes=5)), told)

    assert released.episode.published_at == EIGHT
    assert [text.name for text in told] == ["database.locked"]


def test_a_process_of_cron_leaves_the_dates_to_the_one_that_keeps_them(companion):
    _prepare(companion())

    def begin(within, told):
        hands = Hands(EIGHT - timedelta(minutes=3))
        done = []
        keep_dates(
            companion(),
            clock=hands.clock,
            sleep=hands.sleep,
            progress=Silence(),
            told=told.append,
            out=done.append,
            within=within,
        )
        return done

    with companion().turn.keeping_dates():
        assert begin(timedelta(minutes=10), told := []) == []
        assert companion().dates.of(ONE).state is State.WAITING
    assert len(begin(timedelta(minutes=10), told)) == 1
    assert told == []


def test_what_is_out_or_past_cannot_be_dated(companion):
    with pytest.raises(NotReadyError):
        _prepare(companion(), AFTERNOON - timedelta(seconds=1))
    _prepare(companion())
    _keep(companion(), Hands(EIGHT))
    with pytest.raises(NotReadyError) as caught:
        _prepare(companion(), EIGHT + timedelta(days=9))
    assert caught.value.text.name == "release.is_out"


def test_other_publications_of_the_afternoon_keep_the_audio_and_tell_nothing(companion, tmp_path):
    _prepare(companion())
    build(companion(), progress=Silence())
    publish_all(companion(), now=AFTERNOON + timedelta(hours=1), progress=Silence())

    assert list((tmp_path / "site").glob("media/0001-*.mp3"))
    manifest = (tmp_path / "site" / "cityhall-fm" / "manifest.json").read_text("utf-8")
    assert re.search(r'"unwanted": \{\}', manifest)
    assert "enclosure" not in (tmp_path / "site" / "feed.xml").read_text("utf-8")


def test_while_it_goes_out_nobody_else_publishes(companion):
    first, second = companion(), companion()
    with first.turn.alone(ONE), pytest.raises(ConflictError):
        cancel(ONE, second, now=AFTERNOON)


def test_on_the_command_line(folder, slack):
    now = datetime.now(UTC)
    soon = (now + timedelta(seconds=12)).astimezone().isoformat(timespec="seconds")
    prepared = cityhall_fm("--show", folder, "release", 1, "--at", soon, **slack)
    assert prepared.returncode == 0, prepared.stderr
    waited = cityhall_fm("--show", folder, "release", "--wait", **slack)
    assert (waited.returncode, waited.stderr) == (0, "")
    assert "Episode 1 is out" in waited.stdout
    assert cityhall_fm("--show", folder, "release", 1, "--wait", **slack).returncode == 2
    assert cityhall_fm("--show", folder, "release", 1, "--at", "tonight", **slack).returncode == 2


def _rest(publication, companion, now, **going_out):
    """What a plan tells beside files, by name."""
    lines = explain_plan(publication, companion, listens=True, heralding=Heralding(), now=now, **going_out)
    return {line.name: line for line in lines}


def test_a_plan_tells_neither_that_prepared_audio_goes_nor_that_it_is_not_listened_to(companion):
    two = EpisodeNumber(2)
    _prepare(companion())
    master_episode(two, companion(), progress=Silence())
    now = AFTERNOON + timedelta(hours=1)

    other = plan_release(two, companion(), now=now, progress=Silence())
    own = plan_release(ONE, companion(), now=now, progress=Silence())

    assert [each.key for each in other.publication.plan.fading] == []
    told = _rest(other.publication, companion(), now, going_out=two)
    assert told["cli.plan_listen"].values["count"] == 1
    assert own.publication.plan.at(Stage.MEDIA) == ()
    told = _rest(own.publication, companion(), now, going_out=ONE)
    assert told["cli.plan_listen"].values["count"] == 1


def test_a_plan_replaces_the_manifest_for_a_time_of_grace_only_where_that_begins(companion, folder):
    old = folder / "feeds" / "public" / "古い-0123456789ab.txt"
    release(EpisodeNumber(2), companion(), now=AFTERNOON, progress=Silence(), quietly=True)
    old.write_text("佐久 🎙", "utf-8")
    publish_all(companion(), now=AFTERNOON, progress=Silence())
    old.unlink()

    def planned(now):
        planning = PublishingWishes(plan_only=True)
        made = publish_all(companion(), now=now, progress=Silence(), wishes=planning)
        assert [each.key for each in made.plan.fading] == [old.name]
        return _rest(made, companion(), now)

    begins = AFTERNOON + timedelta(hours=1)
    assert "cli.plan_manifest" in planned(begins)
    publish_all(companion(), now=begins, progress=Silence())
    assert "cli.plan_manifest" not in planned(begins + timedelta(hours=1))
