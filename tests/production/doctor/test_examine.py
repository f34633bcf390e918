"""The doctor's round: every check for itself, and none for ever."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from cityhall_fm.production.doctor import Check, Mark, examine, right
from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.text import Text


def test_one_that_breaks_or_hangs_keeps_no_other_from_its_own():
    never = threading.Event()

    def broken():
        raise ZeroDivisionError("xoxb-secret")

    def hanging():
        never.wait()
        return right("doctor.audio_right")

    checks = [Check("doctor.a", broken), Check("doctor.b", hanging), Check("doctor.c", _well)]
    began = time.monotonic()
    told = [one.finding for one in examine(checks, seconds=0.2)]
    never.set()
    assert [one.mark for one in told] == [Mark.WRONG, Mark.WRONG, Mark.RIGHT]
    assert [one.text.name for one in told[:2]] == ["doctor.broken", "doctor.no_answer"]
    assert time.monotonic() - began < 2
    assert "xoxb" not in repr(told)


def test_the_problems_of_a_file_stand_below_its_line():
    def settings():
        problem = Problem("show.title", Text.of("files.missing", field="show.title", example="x"), 3)
        raise InputError("files.problems", path=Path("feeds/show.toml"), count=1, problems=[problem])

    (told,) = examine([Check("doctor.settings", settings)])
    assert (told.finding.mark, told.finding.text.name) == (Mark.WRONG, "files.problems")
    assert told.finding.details[0].values["line"] == 3


def _well():
    return right("doctor.audio_right")
