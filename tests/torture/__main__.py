"""`make torture`: kills at every effect and at random moments, faults everywhere; prints what came of it."""

from __future__ import annotations

import argparse
import multiprocessing
import queue
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.sandbox import World, serving

from s3_server import S3Server, s3_server
from torture.figures import Figures
from torture.jobs import Clean, Job, jobs_of, tortured
from torture.proxy import faulty
from torture.scene import REPOSITORY, Scene

# ruff: noqa: T201, S311 - it prints; the chance of a test is no secret
_PROCESSES = multiprocessing.get_context("fork")


def main() -> int:
    """Torture a release; gives 0 where nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th effect only")
    parser.add_argument("--random", type=int, default=200, help="kills at random moments")
    parser.add_argument("--faulty", type=int, default=20, help="releases with 30 %% of all requests failing")
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--skip", type=int, default=0, help="so many were done by a run that was broken off")
    parser.add_argument("--workers", type=int, default=2, help="shows that are tortured at the same time")
    given = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGTERM):  # also where a shell has put it into the background
        signal.signal(each, signal.default_int_handler)
    figures, began = Figures(), time.monotonic()
    with s3_server() as s3:
        print(f"on {s3.name}, seed {given.seed}, {given.workers} shows at a time", flush=True)
        jobs, told = _PROCESSES.Queue(), _PROCESSES.Queue()
        workers = [
            _PROCESSES.Process(target=_work, args=(number, s3, given.seed, jobs, told), daemon=True)
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
    todo = jobs_of(
        figures.effects, every=given.every, at_random=given.random, faulty=given.faulty, chance=chance
    )[given.skip :]
    for job in todo:
        jobs.put(job)
    for number in range(1, len(todo) + 1):
        figures.add(_next(told, workers))
        if number % 20 == 0:
            print(f"{number} of {len(todo)}: {'good' if figures.good else 'NOT good'}", flush=True)


def _next(told: Any, workers: list[Any]) -> Any:
    """Wait for what a worker has to tell; one that has gone is a bug."""
    while True:
        try:
            return told.get(timeout=5)
        except queue.Empty:
            gone = [worker.exitcode for worker in workers if not worker.is_alive()]
            if gone:
                raise RuntimeError(f"a worker has ended: {gone}") from None


def _work(number: int, s3: S3Server, seed: int, jobs: Any, told: Any) -> None:
    """Torture a show of its own, in a bucket and with a Slack of its own, for as long as there are jobs."""
    chance = random.Random(seed + number)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            faulty(s3.http) as proxy,
            serving(World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace")) as sandbox,
            s3.stranger() as client,
        ):
            scene = Scene(Path(folder), s3, client, sandbox, f"torture-{number}")
            scene.prepare()
            for _ in range(2):  # the first loads more than all others; the second tells how long it lasts
                scene.put_back()
                start = time.monotonic()
                run = scene.run()
            clean = Clean(scene.outcome(), run.effects, time.monotonic() - start)
            told.put(clean)
            while True:
                job: Job = jobs.get()
                told.put(tortured(job, scene, clean, proxy, chance))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
