"""`make torture`: kills at every effect and at random moments, faults everywhere; prints what came of it."""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.sandbox import World, serving

from s3_server import s3_server
from torture.faults import release_under_faults
from torture.proxy import Faulty, faulty
from torture.reader import Reader, reading
from torture.scene import EVENING, PREFIX, PUBLIC_URL, REPOSITORY, Outcome, Scene

# ruff: noqa: T201, S311 - it prints; the chance of a test is no secret


@dataclass
class Figures:
    """What was done, and what must all be nought."""

    done: Counter[str] = field(default_factory=Counter)
    of_slack: Counter[str] = field(default_factory=Counter)
    runs_under_faults: int = 0
    reads: int = 0
    invalid: int = 0
    missing: int = 0
    duplicates: int = 0
    different: list[str] = field(default_factory=list)

    def add(self, what: str, outcome: Outcome, clean: Outcome | None, seen: Reader) -> None:
        self.done[what] += 1
        self.reads += seen.reads
        self.invalid += len(seen.invalid) + (seen.content_hashes > 2)
        self.missing += len(seen.missing)
        self.duplicates += sum(times - 1 for times in outcome.messages.values())
        if clean is not None and outcome != clean:
            self.different.append(what)

    @property
    def good(self) -> bool:
        return not (self.invalid or self.missing or self.duplicates or self.different)


def main() -> int:
    """Torture a release; gives 0 where nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th effect only")
    parser.add_argument("--random", type=int, default=200, help="kills at random moments")
    parser.add_argument("--faulty", type=int, default=20, help="releases with 30 %% of all requests failing")
    parser.add_argument("--seed", type=int, default=20261130)
    given = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGTERM):  # also where a shell has put it into the background
        signal.signal(each, signal.default_int_handler)
    chance, figures, began = random.Random(given.seed), Figures(), time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        s3_server() as s3,
        faulty(s3.http) as proxy,
        serving(World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace")) as sandbox,
        s3.stranger() as client,
    ):
        print(f"on {s3.name}, seed {given.seed}")
        scene = Scene(Path(folder), s3, client, sandbox, "torture")
        scene.prepare()
        scene.put_back()
        start = time.monotonic()
        run = scene.run()
        lasted = time.monotonic() - start
        clean = scene.outcome()
        print(f"a clean release: {run.effects} effects, {lasted:.1f} s, {len(clean.public)} objects,"
              f" {sum(clean.messages.values())} messages")  # fmt: skip
        try:
            _all_kinds(scene, clean, figures, proxy, chance, given, effects=run.effects, lasted=lasted)
        except KeyboardInterrupt:
            print("interrupted: this is what was done until then")
        scene.close()
        asked = s3.requests
    kinds = Counter[str]()
    for what, times in figures.done.items():
        kinds[what.rpartition(" at ")[0] or what.partition(" after ")[0]] += times
    print(f"kills, faults and the like: {dict(kinds)}, runs under faults: {figures.runs_under_faults}")
    print(f"faults injected in S3: { {str(fault): n for fault, n in proxy.counted.items()} }")
    print(f"faults planned in Slack: {dict(figures.of_slack)}")
    print(f"requests at the S3 server: {asked}")
    print(f"feeds read meanwhile: {figures.reads}, invalid = {figures.invalid}, missing enclosures ="
          f" {figures.missing}, duplicates = {figures.duplicates}, different outcomes ="
          f" {len(figures.different)} {figures.different[:9]}")  # fmt: skip
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if figures.good else 1


def _all_kinds(
    scene: Scene,
    clean: Outcome,
    figures: Figures,
    proxy: Faulty,
    chance: random.Random,
    given: argparse.Namespace,
    *,
    effects: int,
    lasted: float,
) -> None:
    """Do everything, shuffled, so that whoever ends it early has some of each."""

    def faults() -> None:
        scene.put_back()
        tried = release_under_faults(scene, proxy, chance)
        figures.add("30 % faults", scene.outcome(), clean, tried.seen)
        figures.runs_under_faults += tried.runs
        figures.of_slack += tried.of_slack

    def kill_after(seconds: float) -> None:
        _killed(scene, clean, figures, f"killed after {seconds:.3f} s", kill_after=seconds)

    def kill_at(effect: int) -> None:
        _killed(scene, clean, figures, f"killed at effect {effect}", "--kill-at", str(effect))

    jobs: list[Callable[[], None]] = [
        *(partial(each, scene, clean, figures) for each in (_two_at_once, _full_disk)),
        *(partial(each, scene, clean, figures) for each in (_locked_database, _read_only_folder)),
        partial(_wrong_clocks, scene, figures),
        *[faults] * given.faulty,
        *(partial(kill_after, chance.uniform(0, lasted)) for _ in range(given.random)),
        *(partial(kill_at, effect) for effect in range(1, effects + 1, given.every)),
    ]
    chance.shuffle(jobs)
    for number, job in enumerate(jobs, 1):
        job()
        if number % 20 == 0:
            print(f"{number} of {len(jobs)}: {'good' if figures.good else 'NOT good'}", flush=True)


def _killed(scene: Scene, clean: Outcome, figures: Figures, what: str, *more: str, kill_after=None) -> None:
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        scene.run(2, *more, kill_after=kill_after)
        again = scene.run()
    if again.code:
        figures.different.append(f"{what}: {again.error}")
    figures.add(what, scene.outcome(), clean, seen)


def _two_at_once(scene: Scene, clean: Outcome, figures: Figures) -> None:
    for _ in range(5):
        scene.put_back()
        with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
            for number in range(2):
                scene.start("2", EVENING.isoformat(), nursery=number)
            runs = [nursery.ended() for nursery in scene.nurseries]
        if {run.error for run in runs} - {"", "release.busy_episode"} or all(run.error for run in runs):
            figures.different.append(f"two at once: {runs}")
        figures.add("two at once", scene.outcome(), clean, seen)


def _full_disk(scene: Scene, clean: Outcome, figures: Figures) -> None:
    """No file may grow beyond a size: the same to a program as a disk that is full at that moment."""
    for largest in (4_000, 20_000, 60_000, 150_000, 400_000):
        scene.put_back()
        with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
            run = scene.run(2, "--largest-file", str(largest))
            again = scene.run()
        if again.code:
            figures.different.append(f"full disk at {largest}: {run.error}, then {again.error}")
        figures.add("full disk", scene.outcome(), clean, seen)


def _locked_database(scene: Scene, clean: Outcome, figures: Figures) -> None:
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        locker = sqlite3.connect(scene.folder / "feeds" / "memory.sqlite3", isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        run = scene.run()
        locker.execute("ROLLBACK")
        locker.close()
        scene.run()
    if run.error != "database.locked":
        figures.different.append(f"locked database: {run}")
    figures.add("locked database", scene.outcome(), clean, seen)


def _read_only_folder(scene: Scene, clean: Outcome, figures: Figures) -> None:
    scene.put_back()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        with scene.read_only():
            run = scene.run(2, "--obey-modes")
        again = scene.run()
    if not run.error or again.code:
        figures.different.append(f"read-only folder: {run}, then {again}")
    figures.add("read-only folder", scene.outcome(), clean, seen)


def _wrong_clocks(scene: Scene, figures: Figures) -> None:
    """The date in the feed follows the clock, so the outcome is another; still whole, and said once."""
    for year in (1999, 2019, 2049):
        scene.put_back()
        with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
            wrong = scene.run(now=datetime(year, 1, 1, tzinfo=UTC))
            right = scene.run()
        if wrong.code or right.code:
            figures.different.append(f"clock of {year}: {wrong}, {right}")
        figures.add("wrong clock", scene.outcome(), None, seen)


if __name__ == "__main__":
    sys.exit(main())
