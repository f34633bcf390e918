"""A release through a bucket and a Slack that fail again and again."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from torture.proxy import Fault, Faulty
from torture.scene import Scene
from torture.unreliable import PATIENCE_SECONDS, Unreliable

SHARE = 0.3
_OF_S3 = (Fault.SLOW_DOWN, Fault.RESET_BEFORE, Fault.LOST_ANSWER, Fault.LATE)
_MOST_RUNS = 30


@dataclass
class UnderFaults:
    """How often it had to be started, how it ended, and what went wrong in S3 and in Slack."""

    runs: int
    code: int
    errors: list[str]
    of_s3: Counter[str]
    of_slack: Counter[str]
    calls_of_slack: int


def release_under_faults(scene: Scene, proxy: Faulty, chance: random.Random) -> UnderFaults:
    """Release until it succeeds, with a third of all requests failing."""
    before = _counted(proxy)
    proxy.decide = lambda *_: chance.choice(_OF_S3) if chance.random() < SHARE else Fault.NONE
    errors: list[str] = []
    with scene.slack_with(Unreliable(SHARE, random.Random(chance.random()))) as slack:  # noqa: S311 - no secret
        while len(errors) < _MOST_RUNS:
            run = scene.run(2, "--slack-timeout", str(PATIENCE_SECONDS), endpoint=proxy.url)
            if not run.code:
                break
            errors.append(run.error)
    proxy.decide = lambda *_: Fault.NONE
    failed = len(errors) == _MOST_RUNS
    return UnderFaults(
        len(errors) + (not failed),
        int(failed),
        errors,
        _counted(proxy) - before,
        slack.happened,
        slack.calls,
    )


def _counted(proxy: Faulty) -> Counter[str]:
    return Counter({str(fault): times for fault, times in proxy.counted.items() if fault is not Fault.NONE})
