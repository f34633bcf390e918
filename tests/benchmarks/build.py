"""How long `build` takes for a large show: all of it, one episode changed, and nothing changed.

    python tests/benchmarks/build.py [--episodes 1000] [--minutes 30] [--rounds 3]

Not a test: machines differ and are shared, so only ratios of runs made one after the other are worth
quoting.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pages import with_speech

from show_folder import a_show_folder

from made_up import a_whole_show

_WHOLE, _ONE, _NOTHING = "everything", "one episode changed", "nothing changed"


def main() -> None:
    """Build each way in turn, several times, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = a_large_show(Path(name), chosen.episodes, chosen.minutes)
        newest = max(folder.glob("episodes/*/episode.md"))
        before: Mapping[str, Callable[[int], object]] = {
            _WHOLE: lambda _: _forget(folder),
            _ONE: lambda number: newest.write_text(f"{newest.read_text('utf-8')}\n追記{number}\n", "utf-8"),
            _NOTHING: lambda _: None,
        }
        seconds: dict[str, list[float]] = {way: [] for way in before}
        for number in range(chosen.rounds):
            for way, prepare in before.items():
                prepare(number)
                seconds[way].append(_build(folder))
                print(f"{number + 1}/{chosen.rounds} {way}: {seconds[way][-1]:.1f} s", file=sys.stderr)  # noqa: T201 - a benchmark talks
        print("\n".join(_table(seconds, chosen.episodes, chosen.minutes)))  # noqa: T201 - same


def a_large_show(folder: Path, episodes: int, minutes: int) -> Path:
    """Write a show's folder with its database: every episode has answers, chapters and a transcript."""
    return a_show_folder(folder, with_speech(a_whole_show(episodes, minutes=minutes), minutes).episodes)


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / "feeds" / "public", ignore_errors=True)


def _build(folder: Path) -> float:
    """Run the command as people do, its start included; gives the processor's time."""
    command = [sys.executable, "-m", "cityhall_fm", "--show", str(folder), "build"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _table(seconds: Mapping[str, Sequence[float]], episodes: int, minutes: int) -> list[str]:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {episodes} episodes of {minutes} minutes with transcript,",
        f"the command `build`, seconds of the processor, medians of {len(seconds[_WHOLE])} rounds:",
        "",
        "| `build` with | seconds | ÷ everything (same round) |",
        "|---|---|---|",
    ]
    for way, measured in seconds.items():
        ratio = statistics.median(one / whole for one, whole in zip(measured, seconds[_WHOLE], strict=True))
        lines.append(f"| {way} | {statistics.median(measured):.1f} | {ratio:.3f} |")
    return lines


if __name__ == "__main__":
    main()
