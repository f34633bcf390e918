"""Whatever breaks a release off, listeners see the old show or the new one, and Slack sees each message once.

The short version; `make torture` kills at every effect and at 200 random moments.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cityhall_fm.sandbox import World, serving
from memories import names_its_own

from torture.disk import small_disk
from torture.faults import release_under_faults
from torture.figures import Figures, Found
from torture.jobs import jobs_of
from torture.proxy import Fault, faulty
from torture.reader import Reader, look, reading
from torture.scene import EVENING, PREFIX, PUBLIC_URL, REPOSITORY, Kind, Scene
from torture.stages import Clean
from torture.ways import full_disk, large_file, locked_database, undisturbed, wrong_clock

pytestmark = names_its_own


@pytest.fixture(scope="module")
def scene(tmp_path_factory, s3):
    with (
        serving(World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace")) as sandbox,
        s3.stranger() as client,
    ):
        scene = Scene(tmp_path_factory.mktemp("torture"), s3, client, sandbox, "torture-short")
        scene.prepare()
        yield scene
        scene.close()


@pytest.fixture(scope="module")
def clean(scene):
    """What one undisturbed release comes to, and how many effects it has."""
    scene.put_back()
    run = scene.run()
    assert (run.code, run.error) == (0, "")
    return scene.outcome(), run.effects


def test_a_clean_release_says_everything_once(clean):
    outcome, _ = clean
    assert set(outcome.messages.values()) == {1}
    assert all(done for done, *_ in outcome.outbox.values())
    assert outcome.damaged == []


def _look_the_same(scene, clean, seen):
    assert scene.outcome().differs(clean[0]) == ""
    assert (seen.invalid, seen.missing) == ([], [])
    assert seen.reads > 2
    assert 1 <= seen.content_hashes <= 2  # the old show or the new one, and nothing between


@pytest.mark.parametrize("share", [0.3, 0.55, 0.75, 0.95])
def test_killed_at_an_effect_and_run_again_it_comes_to_what_one_clean_run_comes_to(scene, clean, share):
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        killed = scene.run(2, "--kill-at", str(round(clean[1] * share)))
        assert killed.killed
        again = scene.run()
    assert (again.code, again.error) == (0, "")
    _look_the_same(scene, clean, seen)


def test_two_publishers_at_once_make_one_release(scene, clean):
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        for number in range(2):
            scene.start("2", EVENING.isoformat(), nursery=number)
        runs = [nursery.ended() for nursery in scene.nurseries]
    assert 0 in {run.code for run in runs}
    assert {run.error for run in runs} <= {"", "release.busy_episode"}
    _look_the_same(scene, clean, seen)


@pytest.fixture(scope="module")
def proxy(s3):
    with faulty(s3.http) as proxy:
        yield proxy


def test_a_lost_answer_on_the_feed_is_no_conflict(scene, clean, proxy):
    scene.put_back()
    lost = iter([Fault.LOST_ANSWER])
    proxy.decide = lambda method, path: (
        next(lost, Fault.NONE) if (method, path.rpartition("/")[2]) == ("PUT", "feed.xml") else Fault.NONE
    )
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        run = scene.run(endpoint=proxy.url)
    assert (run.code, run.error) == (0, "")
    assert proxy.counted[Fault.LOST_ANSWER] == 1
    _look_the_same(scene, clean, seen)


def test_a_bucket_that_stays_busy_leaves_the_old_show_and_slack_silent(scene, clean, proxy):
    scene.put_back()
    before = scene.outcome()
    proxy.decide = lambda method, path: (
        Fault.SLOW_DOWN if method == "PUT" and path.endswith("index.html") else Fault.NONE
    )
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        assert scene.run(endpoint=proxy.url).error == "publish.busy"
        assert scene.outcome().messages == before.messages
        assert seen.content_hashes == 1
        assert scene.run().code == 0
    _look_the_same(scene, clean, seen)


def test_a_folder_that_may_not_be_written_stops_it_with_words_and_leaves_the_old_show(scene, clean):
    scene.put_back()
    before = scene.outcome()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        with scene.read_only():
            run = scene.run(2, "--obey-modes")
        assert run.error in {"database.read_only", "database.cannot_open", "files.unwritable"}
        assert (scene.outcome().differs(before), seen.content_hashes) == ("", 1)
        assert scene.run().code == 0
    _look_the_same(scene, clean, seen)


def test_a_file_that_may_not_grow_is_told_in_two_lines_and_leaves_the_old_show(scene, clean):
    scene.put_back()
    found = Found("large file")
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        large_file(scene, found, 150_000)
    assert found.different == []
    _look_the_same(scene, clean, seen)


@pytest.fixture(scope="module")
def on_small_disk(tmp_path_factory, s3, scene):
    folder = tmp_path_factory.mktemp("small")
    with small_disk(folder / "disk") as disk:
        if disk is None:
            pytest.skip("nobody may mount a disk here")
        small = Scene(
            folder,
            s3,
            scene.client,
            scene.sandbox,
            "torture-full-disk",
            kind=Kind.SMALL_DISK,
            nurseries=scene.nurseries,
            disk=disk,
        )
        small.prepare()
        yield small


@pytest.fixture(scope="module")
def clean_on_small_disk(on_small_disk):
    on_small_disk.put_back()
    assert on_small_disk.run().code == 0
    return on_small_disk.outcome(), 0


@pytest.mark.parametrize("left", [0, 12, 50])
def test_a_full_disk_is_told_in_two_lines_and_leaves_the_old_show(on_small_disk, clean_on_small_disk, left):
    on_small_disk.put_back()
    found = Found("full disk")
    with reading(on_small_disk.client, on_small_disk.bucket, PREFIX, PUBLIC_URL) as seen:
        run = full_disk(on_small_disk, found, left * 4096)
    assert (run.code, found.different) == (1, [])
    _look_the_same(on_small_disk, clean_on_small_disk, seen)


def test_a_locked_database_is_told_in_two_lines_and_leaves_the_old_show(scene, clean):
    scene.put_back()
    found = Found("locked database")
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        locked_database(scene, found)
    assert found.different == []
    _look_the_same(scene, clean, seen)


def test_a_wrong_clock_dates_the_episode_and_changes_nothing_else(scene, clean):
    scene.put_back()
    found, wrong = Found("wrong clock"), EVENING.replace(year=2049)
    expected = undisturbed(scene, wrong)
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        wrong_clock(scene, found, Clean(*clean, 1.0), wrong, expected, random.Random(7))  # noqa: S311 - no secret
    found.see(seen)
    assert (found.different, found.invalid, found.missing, found.duplicates) == ([], [], [], 0)


def test_a_third_of_all_requests_failing_only_takes_longer(scene, clean, proxy):
    scene.put_back()
    chance = random.Random(20261130)  # noqa: S311 - not a secret
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        runs = release_under_faults(scene, proxy, chance)
    assert runs.code == 0, runs.errors
    assert runs.of_s3.total() > 10
    assert 0.1 < runs.of_slack.total() / runs.calls_of_slack < 0.6
    _look_the_same(scene, clean, seen)


def test_the_long_version_kills_at_every_effect_in_the_same_order_each_time():
    todo = [
        jobs_of(30, every=1, at_random=20, faulty=2, chance=random.Random(7))  # noqa: S311 - as above
        for _ in range(2)
    ]

    assert todo[0] == todo[1]
    assert {job.at for job in todo[0] if job.what == "killed at an effect"} == set(range(1, 31))
    assert all(0 <= job.at < 1 for job in todo[0] if job.what == "killed at a random moment")
    kinds = {"two at once", "full disk", "wrong clock", "locked database", "read-only folder", "30 % faults"}
    more = {"two machines", "nobody can fetch it", "nobody can fetch it twice", "killed, then cancelled"}
    assert kinds | more < {job.what for job in todo[0]}
    assert {job.kind for job in todo[0]} == set(Kind)


def test_whatever_anybody_notices_makes_the_figures_bad(clean):
    outcome, _ = clean
    for noticed in (
        {"invalid": ["no episode"]},
        {"missing": ["media/0002.mp3"]},
        {"duplicates": 1},
        {"different": ["killed at 7"]},
    ):
        figures = Figures()
        figures.add(Found("killed at an effect", **noticed))
        assert not figures.good

    minutes_later = replace(outcome, dates=[(2, "2026-11-30T11:05:00+00:00", "out")])
    said_less = replace(minutes_later, messages=outcome.messages - outcome.messages)
    for other, timeless, is_noticed in (
        (minutes_later, False, True),
        (minutes_later, True, False),
        (said_less, True, True),
    ):
        found = Found("killed at an effect", timeless=timeless)
        found.look(other, outcome)
        assert bool(found.different) is is_noticed

    found = Found("killed at an effect", effect=7, killed=1)
    found.look(outcome, outcome)
    found.see(Reader(reads=3, kinds={b"old", b"new"}))
    figures = Figures(effects=9)
    figures.add(found)
    assert figures.good
    assert "effects of a release at which it was killed: 1 of 9" in "\n".join(figures.lines())

    found.see(Reader(kinds={b"old", b"new", b"between"}))
    assert found.invalid == ["killed at an effect: 3 feeds"]


@pytest.mark.parametrize(
    "part", ["public", "manifest", "steps", "posts", "outbox", "live", "kept", "wordings", "files"]
)
def test_whatever_a_release_leaves_otherwise_is_a_different_outcome(clean, part):
    outcome, _ = clean
    value = getattr(outcome, part)
    assert value, part
    less = value[1:] if isinstance(value, list) else {key: value[key] for key in list(value)[1:]}
    assert outcome.differs(outcome) == ""
    assert outcome.differs(replace(outcome, **{part: less})).startswith(f"{part}: ")


def test_an_enclosure_that_vanishes_later_is_noticed():
    enclosure = f"<enclosure url='{PUBLIC_URL}/a.mp3' length='9'/>"
    feed = f"<rss><channel><item>{enclosure}</item></channel></rss>".encode()
    seen, there = Reader(), [""]
    look((200, feed), PUBLIC_URL, lambda *_: there[0], seen)
    assert seen.missing == []
    there[0] = "a.mp3"
    seen.looked[feed] -= 1  # a second later
    look((200, feed), PUBLIC_URL, lambda *_: there[0], seen)
    assert seen.missing == ["a.mp3"]
