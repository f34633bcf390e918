"""What a terminal shows of a long job."""

from __future__ import annotations

import pytest

from cityhall_fm.cli.console import Console, TerminalProgress
from cityhall_fm.show.text import Text


class _Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def shown(monkeypatch, capsys):
    """A progress on a terminal, its clock, and what was drawn last."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    clock = _Clock()
    progress = TerminalProgress(Console({"CITYHALL_FM_LANGUAGE": "en"}), clock)
    progress.step(Text.of("audio.encoding"))

    def after(seconds, done, total):
        clock.now = 100.0 + seconds
        progress.advance(done, total)
        return capsys.readouterr().err.rpartition("\r")[2]

    return after


def test_the_remaining_time_follows_from_the_share_done(shown):
    assert shown(30, 10, 40).endswith(" 25%  1:30 left")


def test_at_first_there_is_nothing_to_judge_by(shown):
    assert shown(1, 1, 100).endswith(" 1%")


def test_at_the_end_nothing_is_left(shown):
    assert shown(60, 40, 40).endswith("100%")


def test_a_total_that_is_not_known_draws_no_bar(shown):
    assert "█" not in shown(10, 5, 0)
