"""A release through a bucket and a Slack that fail again and again."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from cityhall_fm.sandbox import faults as slack

from torture.proxy import Fault, Faulty
from torture.reader import Reader, reading
from torture.scene import PREFIX, PUBLIC_URL, Scene

SHARE = 0.3
_OF_S3 = (Fault.SLOW_DOWN, Fault.RESET_BEFORE, Fault.LOST_ANSWER, Fault.LATE)
_OF_SLACK = (
    slack.RateLimited(0),
    slack.FailsBefore(),
    slack.FailsAfter(),
    slack.TimesOut(1.4),
    slack.TimesOut(1.4, stored=False),
    slack.ShortPage(),
    slack.EmptyPage(),
)
_SPOKEN = ("chat.postMessage", "reactions.add", "conversations.replies", "conversations.history")
_MOST_RUNS = 30


@dataclass
class UnderFaults:
    """How often it had to be started, how it ended, and what a listener saw meanwhile."""

    runs: int
    code: int
    seen: Reader
    errors: list[str]
    of_slack: Counter[str]
    """Faults that were planned for Slack; a release that breaks off before leaves some unused."""


def release_under_faults(scene: Scene, proxy: Faulty, chance: random.Random) -> UnderFaults:
    """Release until it succeeds, with a third of all requests failing."""
    proxy.decide = lambda *_: chance.choice(_OF_S3) if chance.random() < SHARE else Fault.NONE
    errors: list[str] = []
    planned = Counter[str]()
    with reading(scene.client, scene.bucket, PREFIX, PUBLIC_URL) as seen:
        for number in range(1, _MOST_RUNS + 1):
            planned += _plan_faults_of_slack(scene, chance)
            run = scene.run(2, "--slack-timeout", "1", endpoint=proxy.url)
            if run.code == 0 and not run.error:
                return UnderFaults(number, 0, seen, errors, planned)
            errors.append(run.error)
    return UnderFaults(_MOST_RUNS, 1, seen, errors, planned)


def _plan_faults_of_slack(scene: Scene, chance: random.Random) -> Counter[str]:
    scene.sandbox.faults.clear()
    planned = Counter[str]()
    for method in _SPOKEN:
        for _ in range(3):
            if chance.random() < SHARE:
                fault = chance.choice(_OF_SLACK)
                if isinstance(fault, slack.ShortPage | slack.EmptyPage) and not method.startswith("conv"):
                    fault = slack.FailsAfter()
                scene.sandbox.faults.add(method, fault)
                planned[type(fault).__name__] += 1
    return planned
