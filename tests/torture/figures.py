"""What was done to releases, and what must all be nought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

from torture.outcome import Outcome
from torture.reader import Reader


@dataclass
class Found:
    """What one job came to."""

    what: str
    done: int = 0
    killed: int = 0
    effect: int = 0
    """Where it was killed, if at an effect."""
    timeless: bool = False
    """Whether it was done at several times, so that its outcome is compared without them."""
    too_late: int = 0
    """A random moment may come after the end."""
    runs_under_faults: int = 0
    calls_of_slack: int = 0
    """How often Slack was asked while it failed."""
    of_slack: Counter[str] = field(default_factory=Counter)
    of_s3: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    asked: int = 0
    unfinished_uploads: int = 0
    seconds: float = 0.0
    invalid: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    duplicates: int = 0
    different: list[str] = field(default_factory=list)

    def see(self, seen: Reader, *, most_feeds: int = 2) -> None:
        """Note what a listener saw: the old show or the new one, and nothing between."""
        self.reads += seen.reads
        self.asked += seen.asked
        self.invalid += [f"{self.what}: {each}" for each in seen.invalid]
        if seen.content_hashes > most_feeds:
            self.invalid.append(f"{self.what}: {seen.content_hashes} feeds")
        self.missing += [f"{self.what}: {each}" for each in seen.missing]

    def look(self, outcome: Outcome, clean: Outcome) -> None:
        """Compare one release with an undisturbed one."""
        self.done += 1
        self.duplicates += sum(times - 1 for times in outcome.messages.values())
        differs = outcome.differs_but_for_times(clean) if self.timeless else outcome.differs(clean)
        if differs:
            self.different.append(f"{self.what} at {self.effect}: {differs}")


@dataclass
class Figures:
    """The sum of all jobs."""

    effects: int = 0
    done: Counter[str] = field(default_factory=Counter)
    killed_at: set[int] = field(default_factory=set)
    killed: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    sum: Found = field(default_factory=lambda: Found("all"))

    def add(self, found: Found) -> None:
        self.done[found.what] += max(1, found.done)
        self.killed[found.what] += found.killed
        self.seconds[found.what] += found.seconds
        if found.effect and found.what == "killed at an effect":
            self.killed_at.add(found.effect)
        for each in fields(Found):
            if each.name not in {"what", "effect", "timeless"}:
                setattr(self.sum, each.name, getattr(self.sum, each.name) + getattr(found, each.name))

    @property
    def good(self) -> bool:
        return not (self.sum.invalid or self.sum.missing or self.sum.duplicates or self.sum.different)

    def lines(self) -> list[str]:
        all_ = self.sum
        return [
            "done to it: times, of these killed with SIGKILL, seconds each",
            *[
                f"  {what}: {times}, {self.killed[what]}, {self.seconds[what] / times:.1f}"
                for what, times in sorted(self.done.items())
            ],
            (
                f"kills: {all_.killed}; effects of a release at which it was killed: {len(self.killed_at)} of"
                f" {self.effects}; random moments that came after the end: {all_.too_late}"
            ),
            f"runs under faults: {all_.runs_under_faults}",
            f"faults in S3: {all_.of_s3.total()} {dict(all_.of_s3)}",
            f"faults in Slack: {all_.of_slack.total()} in {all_.calls_of_slack} calls {dict(all_.of_slack)}",
            f"uploads in parts that nobody ended: {all_.unfinished_uploads}",
            f"feeds read meanwhile: {all_.reads}, enclosures asked for: {all_.asked}",
            (
                f"invalid = {len(all_.invalid)}, missing enclosures = {len(all_.missing)},"
                f" duplicates = {all_.duplicates}, different outcomes = {len(all_.different)}"
            ),
            *[f"  {each}" for each in (*all_.invalid, *all_.missing, *all_.different)[:20]],
        ]
