"""Each way in which a release is disturbed: which there are, and what is looked at afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from torture.figures import Found
from torture.proxy import Faulty
from torture.reader import reading
from torture.scene import PREFIX, Kind, Scene
from torture.stages import Clean, Stage
from torture.ways import (
    failing_requests,
    full_disk,
    killed_at_effect,
    killed_at_random,
    killed_then_cancelled,
    large_file,
    locked_database,
    nobody_can_fetch,
    nobody_can_fetch_twice,
    read_only_folder,
    two_at_once,
    two_machines,
    undisturbed,
    wrong_clock,
)


@dataclass(frozen=True)
class Job:
    """What to do, with what kind of show, and where: an effect, a share, a year, a number of bytes."""

    what: str
    at: float = 0
    kind: Kind = Kind.RELEASE


_AT_EFFECT, _AT_RANDOM, _FAULTS = "killed at an effect", "killed at a random moment", "30 % faults"
_TWICE, _CANCELLED = "nobody can fetch it twice", "killed, then cancelled"
_EVERY_THIRD = 3
"""Of so many kills one is followed by a release some minutes later, the others by one at once."""
_PAGES_LEFT = (0, 1, 2, 3, 5, 8, 12, 18, 26, 36, 50, 70, 100, 140, 200)
"""How many pages of 4 KiB a full disk still has."""
_AT_SHARE = "killed at one of its effects"
"""Where a kind of release has effects of its own: `at` is a share of them."""


def jobs_of(
    effects: int,
    *,
    every: int,
    at_random: int,
    faulty: int,
    chance: random.Random,
    more: int = 1,
    disks: bool = True,
) -> list[Job]:
    """List everything, shuffled, so that whoever ends it early has some of each; `more` of other kinds.

    A full disk is among it where `disks` can be mounted.
    """
    spread = [
        (Kind.CORRECTION, 30), (Kind.DATE, 40), (Kind.LISTENING, 16), (Kind.POSTGRESQL, 24),
        (Kind.ROLLBACK, 24),
    ]  # fmt: skip
    others = [
        *(Job(_AT_SHARE, (n + 0.5) / times, kind) for kind, times in spread for n in range(times * more)),
        *(Job(_AT_RANDOM, chance.random(), kind) for kind, _ in spread for _ in range(4 * more)),
        *(Job(_AT_RANDOM, chance.random(), Kind.LARGE) for _ in range(12 * more)),
        *(Job("nobody can fetch it", 0.3 + n / 10, Kind.LISTENING) for n in range(6 * more)),
        *(Job(_TWICE, (n + 0.5) / (16 * more), Kind.LISTENING) for n in range(16 * more)),
        *(Job(_CANCELLED, (n + 0.5) / (18 * more), Kind.DATE) for n in range(18 * more)),
        *[Job("two at once", kind=Kind.POSTGRESQL)] * (3 * more),
        *[Job("two machines")] * (6 * more),
        *(Job("full disk", n * 4096, Kind.SMALL_DISK) for n in _PAGES_LEFT * (disks * more)),
    ]
    jobs = [
        *[Job("two at once")] * 5,
        *(Job("large file", largest) for largest in (4_000, 20_000, 60_000, 150_000, 400_000)),
        *(Job("wrong clock", year) for year in (1999, 2019, 2049)),
        Job("locked database"),
        Job("read-only folder"),
        *[Job(_FAULTS)] * faulty,
        *(Job(_AT_RANDOM, chance.random()) for _ in range(at_random)),
        *(Job(_AT_EFFECT, effect) for effect in range(1, effects + 1, every)),
        *(job for job in others if job.at < 1 or job.kind is Kind.SMALL_DISK),
    ]
    chance.shuffle(jobs)
    return jobs


def tortured(job: Job, stage: Stage, proxy: Faulty, chance: random.Random) -> Found:
    """Do it once more, disturbed as the job says, until it succeeds."""
    scene, clean = stage.scene, stage.clean
    found = Found(f"{job.what}: {job.kind}" if job.kind is not Kind.RELEASE else job.what)
    scene.put_back()
    if job.what == "wrong clock":
        at = datetime(round(job.at), 1, 1, tzinfo=UTC)
        expected = undisturbed(scene, at)
    with reading(scene.client, scene.bucket, PREFIX, scene.public_url) as seen:
        if job.what == "wrong clock":
            wrong_clock(scene, found, clean, at, expected, chance)
        elif job.what == "two machines":
            two_machines(scene, found, clean.outcome)
        elif job.what == _CANCELLED:
            killed_then_cancelled(scene, found, clean, job.at)
        else:
            _disturbed(job, scene, clean, found, proxy, chance)
            found.look(scene.outcome(), clean.outcome)
    found.unfinished_uploads = len(scene.unfinished_uploads())
    found.see(seen, most_feeds=_MOST_FEEDS.get(job.what, 2))
    return found


def _disturbed(
    job: Job, scene: Scene, clean: Clean, found: Found, proxy: Faulty, chance: random.Random
) -> None:
    later = _is_later(job)
    match job.what:
        case "killed at an effect":
            killed_at_effect(scene, found, round(job.at), later=later)
        case "killed at one of its effects":
            killed_at_effect(scene, found, 1 + int(job.at * clean.effects), later=later)
        case "killed at a random moment":
            killed_at_random(scene, found, job.at * clean.lasted, later=later)
        case "30 % faults":
            failing_requests(scene, found, proxy, chance)
        case "full disk":
            full_disk(scene, found, round(job.at))
        case "large file":
            large_file(scene, found, round(job.at))
        case "nobody can fetch it":
            nobody_can_fetch(scene, found, 1 + int(job.at * clean.effects))
        case "nobody can fetch it twice":
            nobody_can_fetch_twice(scene, found, 1 + int(job.at * clean.effects))
        case simple:
            _SIMPLE[simple](scene, found)


def _is_later(job: Job) -> bool:
    """Choose every third kill, the same in every run."""
    return (round(job.at) if job.at >= 1 else int(job.at * 1000)) % _EVERY_THIRD == 0


_MOST_FEEDS: Final = {_TWICE: 4}
"""The one before and those of three releases, of which two are taken back."""
_SIMPLE: Final[Mapping[str, Callable[[Scene, Found], None]]] = {
    "two at once": two_at_once,
    "locked database": locked_database,
    "read-only folder": read_only_folder,
}
