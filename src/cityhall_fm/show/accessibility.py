"""Accessibility: what a show asks of its episodes, and its test results after JIS X 8341-3:2016, level AA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

AUDIO_ALTERNATIVE: Final = "1.2.1"
"""A text alternative for audio-only content: level A."""

CRITERIA: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", "1.3.3", "1.4.1", "1.4.2"), "A"
        ),
        **dict.fromkeys(
            ("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4"), "A"
        ),
        **dict.fromkeys(("3.1.1", "3.2.1", "3.2.2", "3.3.1", "3.3.2", "4.1.1", "4.1.2"), "A"),
        **dict.fromkeys(("1.2.4", "1.2.5", "1.4.3", "1.4.4", "1.4.5", "2.4.5", "2.4.6", "2.4.7"), "AA"),
        **dict.fromkeys(("3.1.2", "3.2.3", "3.2.4", "3.3.3", "3.3.4"), "AA"),
    }
)
"""The 38 success criteria of levels A and AA (JIS X 8341-3:2016, the same as WCAG 2.0), with their level."""

BY_MACHINE: Final = frozenset(
    {"1.1.1", "1.3.1", "1.4.1", "1.4.2", "1.4.3", "1.4.4", "2.1.1", "2.2.1", "2.2.2", "2.4.1", "2.4.2"}
    | {"2.4.4", "3.1.1", "3.1.2", "3.3.2", "4.1.1", "4.1.2"}
)
"""Criteria for which axe-core has rules. It finds some failures of each and never proves that one is met."""

NOT_HERE: Final = frozenset({"1.2.2", "1.2.3", "1.2.4", "1.2.5", "3.3.1", "3.3.3", "3.3.4"})
"""Criteria about what these pages do not have: video, live sound, forms in which one can go wrong."""


class Finding(StrEnum):
    """What is known about one criterion."""

    MET = "met"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    NO_FAULT_BY_MACHINE = "no_fault_by_machine"
    UNTESTED = "untested"


class Conformance(StrEnum):
    """How a site may describe itself: WAIC's guideline on stating conformance with the JIS."""

    CONFORMING = "conforming"
    PARTLY = "partly"
    CONSIDERED = "considered"


@dataclass(frozen=True, slots=True)
class AccessibilityTest:
    """A test as `show.toml` reports it: `met` and `failed` are what people found, criterion by criterion."""

    tested_on: date
    tester: str
    tools: tuple[str, ...] = ()
    pages: str = ""
    met: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What the show promises about accessibility."""

    transcript_required: bool = False
    contact: str = ""
    test: AccessibilityTest | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Every criterion with what is known about it."""

    findings: Mapping[str, Finding] = field(default_factory=dict)

    @property
    def conformance(self) -> Conformance:
        """All met; all tested and some failed; or not all tested by people, which allows no more."""
        open_ones = {Finding.UNTESTED, Finding.NO_FAULT_BY_MACHINE}
        found = set(self.findings.values())
        if found & open_ones:
            return Conformance.CONSIDERED
        return Conformance.PARTLY if Finding.FAILED in found else Conformance.CONFORMING

    def count(self, finding: Finding) -> int:
        return list(self.findings.values()).count(finding)


def results(test: AccessibilityTest, *, without_transcript: Iterable[int]) -> Results:
    """Tell what is known of every criterion: what people found, what a machine did not, what nobody tried.

    Episodes without a transcript fail 1.2.1, whatever the report says.
    """
    failed = set(test.failed) | ({AUDIO_ALTERNATIVE} if tuple(without_transcript) else set())
    return Results(MappingProxyType({number: _finding(number, test, failed) for number in sorted(CRITERIA)}))


def _finding(number: str, test: AccessibilityTest, failed: set[str]) -> Finding:
    if number in failed:
        return Finding.FAILED
    if number in test.met:
        return Finding.MET
    if number in NOT_HERE:
        return Finding.NOT_APPLICABLE
    return Finding.NO_FAULT_BY_MACHINE if number in BY_MACHINE and test.tools else Finding.UNTESTED
