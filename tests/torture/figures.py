"""What was done to releases, and what must all be nought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from torture.reader import Reader
from torture.scene import Outcome


@dataclass
class Found:
    """What one job came to."""

    what: str
    done: int = 0
    effect: int = 0
    """Where it was killed, if at an effect."""
    reached: bool = True
    """Whether it was killed at all: a random moment may come after the end."""
    runs_under_faults: int = 0
    of_slack: Counter[str] = field(default_factory=Counter)
    of_s3: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    invalid: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    duplicates: int = 0
    different: list[str] = field(default_factory=list)

    def look(self, outcome: Outcome, clean: Outcome | None, seen: Reader) -> None:
        """Compare one release, and what a listener saw of it, with an undisturbed one."""
        self.done += 1
        self.reads += seen.reads
        self.invalid += seen.invalid
        if seen.content_hashes > 2:
            self.invalid.append(f"{seen.content_hashes} feeds")
        self.missing += seen.missing
        self.duplicates += sum(times - 1 for times in outcome.messages.values())
        if clean is not None and outcome != clean:
            self.different.append(f"{self.what}: {_difference(outcome, clean)}")


@dataclass
class Figures:
    """The sum of all jobs."""

    effects: int = 0
    done: Counter[str] = field(default_factory=Counter)
    killed_at: set[int] = field(default_factory=set)
    too_late: int = 0
    of_slack: Counter[str] = field(default_factory=Counter)
    of_s3: Counter[str] = field(default_factory=Counter)
    runs_under_faults: int = 0
    reads: int = 0
    invalid: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    duplicates: int = 0
    different: list[str] = field(default_factory=list)

    def add(self, found: Found) -> None:
        self.done[found.what] += found.done
        self.too_late += not found.reached
        if found.effect:
            self.killed_at.add(found.effect)
        self.runs_under_faults += found.runs_under_faults
        self.of_slack += found.of_slack
        self.of_s3 += found.of_s3
        self.reads += found.reads
        self.invalid += found.invalid
        self.missing += found.missing
        self.duplicates += found.duplicates
        self.different += found.different

    @property
    def good(self) -> bool:
        return not (self.invalid or self.missing or self.duplicates or self.different)

    def lines(self) -> list[str]:
        return [
            f"kills, faults and the like: {dict(self.done)}",
            (
                f"effects at which it was killed: {len(self.killed_at)} of {self.effects};"
                f" random moments that came after the end: {self.too_late}"
            ),
            f"runs under faults: {self.runs_under_faults}",
            f"faults injected in S3: {dict(self.of_s3)}",
            f"faults planned in Slack: {dict(self.of_slack)}",
            (
                f"feeds read meanwhile: {self.reads}, invalid = {len(self.invalid)}, missing enclosures ="
                f" {len(self.missing)}, duplicates = {self.duplicates}, different outcomes ="
                f" {len(self.different)}"
            ),
            *[f"  {each}" for each in (*self.invalid, *self.missing, *self.different)[:20]],
        ]


def _difference(one: Outcome, other: Outcome) -> str:
    names = [name for name in one.__dataclass_fields__ if getattr(one, name) != getattr(other, name)]
    return ", ".join(f"{name} {getattr(one, name)!r:.300} != {getattr(other, name)!r:.300}" for name in names)
