"""`make torture`: kills at every effect and at random moments, faults everywhere; prints what came of it."""

from __future__ import annotations

import argparse
import multiprocessing
import queue
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.sandbox import World, serving

from s3_server import S3Server, s3_server
from torture.disk import disks_can_be_mounted
from torture.figures import Figures, Found
from torture.jobs import Job, jobs_of, tortured
from torture.postgresql import postgresql
from torture.proxy import faulty
from torture.scene import REPOSITORY, Kind
from torture.stages import Clean, Stages

# ruff: noqa: T201, S311 - it prints; the chance of a test is no secret
_PROCESSES = multiprocessing.get_context("fork")


def main() -> int:
    """Torture a release; gives 0 where nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th effect only")
    parser.add_argument("--random", type=int, default=200, help="kills at random moments")
    parser.add_argument("--faulty", type=int, default=20, help="releases with 30 %% of all requests failing")
    parser.add_argument("--more", type=int, default=1, help="0 for a release alone; 2 for twice the others")
    parser.add_argument("--only", default="", help="those ways alone whose name fits this pattern")
    parser.add_argument("--each", type=int, default=10_000, help="so many of each way at most")
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--skip", type=int, default=0, help="so many were done by a run that was broken off")
    parser.add_argument("--workers", type=int, default=2, help="shows that are tortured at the same time")
    given = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGTERM):  # also where a shell has put it into the background
        signal.signal(each, signal.default_int_handler)
    figures, began = Figures(), time.monotonic()
    with s3_server() as s3, postgresql() as database:
        disks = "" if disks_can_be_mounted() else ", no full disk: nothing may be mounted here"
        kept_in = f"PostgreSQL {database.version}" if database else "SQLite alone: no PostgreSQL here"
        print(f"on {s3.name}, {kept_in}, seed {given.seed}, {given.workers} workers{disks}", flush=True)
        jobs, told = _PROCESSES.Queue(), _PROCESSES.Queue()
        workers = [
            _PROCESSES.Process(target=_work, args=(number, s3, database, given.seed, jobs, told), daemon=True)
            for number in range(given.workers)
        ]
        for worker in workers:
            worker.start()
        try:
            _hand_out(given, workers, jobs, told, figures)
        except KeyboardInterrupt:
            print("interrupted: this is what was done until then")
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(30)
        asked = s3.requests
    print("\n".join(figures.lines()))
    print(f"requests at the S3 server: {asked}\n{time.monotonic() - began:.0f} s")
    return 0 if figures.good else 1


def _hand_out(given: argparse.Namespace, workers: list[Any], jobs: Any, told: Any, figures: Figures) -> None:
    """Let each worker release undisturbed once, then give out the jobs, and add up what comes back."""
    clean = [_next(told, workers) for _ in workers]
    first: Clean = clean[0]
    print(f"a clean release: {first.effects} effects, {first.lasted:.1f} s, {len(first.outcome.public)}"
          f" objects, {sum(first.outcome.messages.values())} messages", flush=True)  # fmt: skip
    figures.effects = max(each.effects for each in clean)
    chance = random.Random(given.seed)
    listed = jobs_of(
        figures.effects,
        every=given.every,
        at_random=given.random,
        faulty=given.faulty,
        chance=chance,
        more=given.more,
        disks=disks_can_be_mounted(),
    )
    so_far = Counter[str]()
    todo: list[Job] = []
    for job in listed:
        so_far[name := f"{job.what} {job.kind}"] += 1
        if re.search(given.only, name) and so_far[name] <= given.each:
            todo.append(job)
    todo = todo[given.skip :]
    for job in todo:
        jobs.put(job)
    told_of = 0
    for number in range(1, len(todo) + 1):
        figures.add(_next(told, workers))
        if number % 20 == 0:
            print(f"{number} of {len(todo)}: {'good' if figures.good else 'NOT good'}", flush=True)
        if not figures.good and len(figures.sum.different) > told_of:
            told_of = len(figures.sum.different)
            print(f"  {figures.sum.different[-1]}", flush=True)


def _next(told: Any, workers: list[Any]) -> Any:
    """Wait for what a worker has to tell; one that has gone is a bug."""
    while True:
        try:
            return told.get(timeout=5)
        except queue.Empty:
            gone = [worker.exitcode for worker in workers if not worker.is_alive()]
            if gone:
                raise RuntimeError(f"a worker has ended: {gone}") from None


def _work(number: int, s3: S3Server, database: Any, seed: int, jobs: Any, told: Any) -> None:
    """Torture shows of its own, in buckets and with a Slack of its own, for as long as there are jobs."""
    chance = random.Random(seed + number)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            faulty(s3.http) as proxy,
            serving(World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace")) as sandbox,
            s3.stranger() as client,
            ExitStack() as opened,
        ):

            def stages_in(place: Path, name: str) -> Stages:
                place.mkdir(exist_ok=True)
                return opened.enter_context(closing(Stages(place, s3, client, sandbox, name, database)))

            stages = stages_in(Path(folder), f"torture-{number}")
            told.put(stages.of(Kind.RELEASE).clean)
            for done in count(1):
                job: Job = jobs.get()
                began = time.monotonic()
                try:
                    found = tortured(job, stages.of(job.kind), proxy, chance)
                except Exception:  # noqa: BLE001 - told as what it is; whatever comes next begins afresh
                    found = Found(job.what, different=[f"{job}: {traceback.format_exc()}"])
                    name = f"torture-{number}-{done}"
                    stages = stages_in(Path(folder) / name, name)
                found.seconds = time.monotonic() - began
                told.put(found)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
