"""Test results after JIS X 8341-3:2016."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cityhall_fm.show.accessibility import (
    BY_MACHINE,
    CRITERIA,
    NOT_HERE,
    AccessibilityTest,
    Conformance,
    Finding,
    results,
)

TEST = AccessibilityTest(date(2026, 11, 23), "広報広聴課", ("axe-core",))
ALL_MET = replace(TEST, met=frozenset(CRITERIA) - NOT_HERE)


def test_level_aa_has_thirty_eight_criteria():
    assert [list(CRITERIA.values()).count(level) for level in ("A", "AA")] == [25, 13]
    assert set(CRITERIA) >= BY_MACHINE | NOT_HERE
    assert not BY_MACHINE & NOT_HERE


def test_what_only_a_machine_tried_is_not_called_met():
    found = results(TEST, without_transcript=()).findings
    assert found["1.4.3"] is Finding.NO_FAULT_BY_MACHINE
    assert found["2.4.3"] is Finding.UNTESTED
    assert found["1.2.2"] is Finding.NOT_APPLICABLE
    assert Finding.MET not in found.values()


def test_without_a_tool_nothing_was_tried_by_machine():
    found = results(replace(TEST, tools=()), without_transcript=()).findings
    assert found["1.4.3"] is Finding.UNTESTED


def test_an_episode_without_transcript_fails_whatever_the_report_says():
    found = results(ALL_MET, without_transcript=(3,))
    assert found.findings["1.2.1"] is Finding.FAILED
    assert found.conformance is Conformance.PARTLY


def test_conforming_is_only_what_people_tested_whole():
    assert results(ALL_MET, without_transcript=()).conformance is Conformance.CONFORMING
    assert results(TEST, without_transcript=()).conformance is Conformance.CONSIDERED
    one_left = replace(ALL_MET, met=ALL_MET.met - {"2.4.3"}, failed=frozenset({"1.4.3"}))
    assert results(one_left, without_transcript=()).conformance is Conformance.CONSIDERED
