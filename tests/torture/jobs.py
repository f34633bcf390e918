"""Each way in which a release is disturbed, and what it then comes to."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from torture.faults import release_under_faults
from torture.figures import Found
from torture.proxy import Fault, Faulty
from torture.reader import reading
from torture.scene import EVENING, PREFIX, PUBLIC_URL, Outcome, Run, Scene


@dataclass(frozen=True)
class Job:
    """What to do, and where in a release: an effect, a share of its time, a year, a number of bytes."""

    what: str
    at: float = 0


@dataclass(frozen=True)
class Clean:
    """What an undisturbed release comes to, how many effects it has, and how many seconds it takes."""

    outcome: Outcome
    effects: int
    lasted: float


_AT_EFFECT, _AT_RANDOM, _FAULTS = "killed at an effect", "killed at a random moment", "30 % faults"


def jobs_of(effects: int, *, every: int, at_random: int, faulty: int, chance: random.Random) -> list[Job]:
    """List everything, shuffled, so that whoever ends it early has some of each."""
    jobs = [
        *[Job("two at once")] * 5,
        *(Job("full disk", largest) for largest in (4_000, 20_000, 60_000, 150_000, 400_000)),
        *(Job("wrong clock", year) for year in (1999, 2019, 2049)),
        Job("locked database"),
        Job("read-only folder"),
        *[Job(_FAULTS)] * faulty,
        *(Job(_AT_RANDOM, chance.random()) for _ in range(at_random)),
        *(Job(_AT_EFFECT, effect) for effect in range(1, effects + 1, every)),
    ]
    chance.shuffle(jobs)
    return jobs


def tortured(job: Job, scene: Scene, clean: Clean, proxy: Faulty, chance: random.Random) -> Found:
    """Release once more, disturbed as the job says, until it succeeds."""
    found = Found(job.what)
    expected: Outcome | None = clean.outcome
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        match job.what:
            case "killed at an effect":
                _killed_at_effect(scene, found, round(job.at))
            case "killed at a random moment":
                killed = scene.run(kill_after=job.at * clean.lasted)
                found.reached = killed.killed
                _again(scene, found, killed)
            case "30 % faults":
                _faults(scene, found, proxy, chance)
            case "two at once":
                _two_at_once(scene, found)
            case "full disk":
                # No file may grow beyond a size: the same to a program as a disk that is full at that moment.
                _again(scene, found, scene.run(2, "--largest-file", str(round(job.at))))
            case "wrong clock":
                # The date in the feed follows the clock: another outcome; still whole, and said once.
                expected = None
                _again(scene, found, scene.run(now=datetime(round(job.at), 1, 1, tzinfo=UTC)), well=True)
            case "locked database":
                _locked_database(scene, found)
            case _:
                _read_only_folder(scene, found)
    found.look(scene.outcome(), expected, seen)
    return found


def _again(scene: Scene, found: Found, first: Run, *, well: bool = False) -> None:
    """Release once more: this must succeed, and where it says so, the first one must have too."""
    again = scene.run()
    if again.code or (well and first.code):
        found.different.append(f"{found.what}: {first}, then {again}")


def _killed_at_effect(scene: Scene, found: Found, effect: int) -> None:
    killed = scene.run(2, "--kill-at", str(effect))
    found.effect = effect
    if not killed.killed:
        found.different.append(f"not killed at {effect}: {killed}")
    _again(scene, found, killed)


def _faults(scene: Scene, found: Found, proxy: Faulty, chance: random.Random) -> None:
    before = Counter({str(fault): times for fault, times in proxy.counted.items()})
    tried = release_under_faults(scene, proxy, chance)
    after = Counter({str(fault): times for fault, times in proxy.counted.items() if fault is not Fault.NONE})
    found.of_s3 += after - before
    found.of_slack += tried.of_slack
    found.runs_under_faults += tried.runs
    found.invalid += tried.seen.invalid
    found.missing += tried.seen.missing
    if tried.code:
        found.different.append(f"{found.what}: {tried.errors}")


def _two_at_once(scene: Scene, found: Found) -> None:
    for number in range(2):
        scene.start("2", EVENING.isoformat(), nursery=number)
    runs = [nursery.ended() for nursery in scene.nurseries]
    if {run.error for run in runs} - {"", "release.busy_episode"} or all(run.error for run in runs):
        found.different.append(f"two at once: {runs}")


def _locked_database(scene: Scene, found: Found) -> None:
    locker = sqlite3.connect(scene.folder / "feeds" / "memory.sqlite3", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    run = scene.run()
    locker.execute("ROLLBACK")
    locker.close()
    if run.error != "database.locked":
        found.different.append(f"locked database: {run}")
    _again(scene, found, run)


def _read_only_folder(scene: Scene, found: Found) -> None:
    with scene.read_only():
        run = scene.run(2, "--obey-modes")
    if not run.error:
        found.different.append(f"read-only folder: {run}")
    _again(scene, found, run)
