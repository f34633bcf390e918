"""How fast mastering is, and how much memory it takes, beside other tools: paired runs, as a Markdown table.

    python tests/benchmarks/mastering.py [--minutes 30] [--rounds 3] [recording.wav]
    python tests/benchmarks/mastering.py --growth

Not a test: machines differ and are shared, so only ratios of runs made one after the other are worth
quoting. Tools that are not installed are left out. Without a recording it makes one: bursts of a
buzzing voice and chords, needing some 7 dB and real limiting.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "adapters" / "audio"))

_RATE = 48_000
_OURS = "cityhall-fm master"
_RAW = "ffmpeg -c:a libmp3lame -b:a 128k"
_MASTER = """
import sys
from pathlib import Path
from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings, Tags

class Nobody:
    def step(self, text): pass
    def advance(self, done, total): pass

order = MasteringOrder((Path(sys.argv[1]),), MasteringSettings(), Tags("題", "番組", "市", 1, "ja"))
AvMasteringSuite().master(order, to=Path(sys.argv[2]), progress=Nobody())
"""
_PYDUB = """
import sys
from pydub import AudioSegment, effects
effects.normalize(AudioSegment.from_file(sys.argv[1])).export(sys.argv[2], format="mp3", bitrate="128k")
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one tool: seconds by the clock, seconds of the processor, megabytes at most."""

    wall: float
    processor: float
    memory: float


def main() -> None:
    """Run every tool in turn, several times, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recording", nargs="?", type=Path)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="our memory at 30 and at 180 minutes, no more")
    chosen = parser.parse_args()
    if chosen.growth:
        _growth()
        return
    with tempfile.TemporaryDirectory() as folder:
        recording = chosen.recording or _recording(Path(folder) / "in.wav", chosen.minutes)
        tools = _tools(recording, Path(folder) / "out.mp3")
        runs: dict[str, list[Run]] = {name: [] for name in tools}
        for number in range(chosen.rounds):
            for name, command in tools.items():
                print(f"{number + 1}/{chosen.rounds} {name}", file=sys.stderr)  # noqa: T201 - a benchmark talks
                runs[name].append(_run(command))
        print("\n".join(_table(runs, recording)))  # noqa: T201 - same


def _growth() -> None:
    """Master a short show and a very long one, and tell the peak memory of both."""
    for minutes in (30, 180):
        with tempfile.TemporaryDirectory() as folder:
            recording = _recording(Path(folder) / "in.wav", minutes)
            out = Path(folder) / "out.mp3"
            run = _run([sys.executable, "-c", _MASTER, str(recording), str(out)])
        print(f"{minutes} minutes: {run.memory:.0f} MB, {run.wall:.0f} s")  # noqa: T201 - a benchmark talks


def _tools(recording: Path, out: Path) -> Mapping[str, Sequence[str]]:
    """List what is installed; ffmpeg-normalize and pydub need the ffmpeg program too."""
    tools = {_OURS: [sys.executable, "-c", _MASTER, str(recording), str(out)]}
    if ffmpeg := shutil.which("ffmpeg"):
        raw = [
            "-loglevel",
            "error",
            "-y",
            "-i",
            str(recording),
            "-c:a",
            "libmp3lame",
            "-b:a",
            "128k",
            str(out),
        ]
        tools[_RAW] = [ffmpeg, *raw]
        tools["pydub normalize"] = [sys.executable, "-W", "ignore", "-c", _PYDUB, str(recording), str(out)]
        if normalize := shutil.which("ffmpeg-normalize"):
            options = ["-t", "-16", "-tp", "-1", "-c:a", "libmp3lame", "-b:a", "128k", "-f", "-o", str(out)]
            tools["ffmpeg-normalize"] = [normalize, str(recording), *options]
    return tools


def _run(command: Sequence[str]) -> Run:
    """Run to the end and ask the system what it took, children included."""
    measured = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own list of tools
        [sys.executable, "-c", measured, *command], check=True, capture_output=True, text=True
    )
    wall, processor, kilobytes = (float(word) for word in done.stdout.split())
    return Run(wall, processor, kilobytes / 1024)


def _table(runs: Mapping[str, Sequence[Run]], recording: Path) -> list[str]:
    with wave.open(str(recording)) as file:
        minutes = file.getnframes() / file.getframerate() / 60
    yardstick, rounds = runs.get(_RAW), len(runs[_OURS])
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {minutes:.0f} minutes of WAV, medians of {rounds} pairs:",
        "",
        "| tool | wall, s | wall ÷ raw ffmpeg (pairs) | processor ÷ raw ffmpeg | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    for name, measured in runs.items():
        wall = statistics.median(run.wall for run in measured)
        memory = statistics.median(run.memory for run in measured)
        ratio = processor = "–"
        if yardstick:
            pairs = list(zip(measured, yardstick, strict=True))
            ratio = f"{statistics.median(ours.wall / raw.wall for ours, raw in pairs):.2f}"
            processor = f"{statistics.median(ours.processor / raw.processor for ours, raw in pairs):.2f}"
        lines.append(f"| {name} | {wall:.1f} | {ratio} | {processor} | {memory:.0f} |")
    return lines


def _recording(path: Path, minutes: int) -> Path:
    """Write a show of speech and music, a minute and a half over and over."""
    import numpy as np  # noqa: PLC0415 - only where a recording is made
    import sounds  # noqa: PLC0415 - the tests' sounds

    parts = [
        sounds.stereo(sounds.speech(40, peak=0.5)),
        sounds.music(10),
        sounds.stereo(sounds.speech(40, peak=0.3)),
    ]
    pattern = (np.concatenate(parts, axis=1) * 32767).round().astype("<i2").T.tobytes()
    left = minutes * 60 * _RATE * 4
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        while left > 0:
            file.writeframesraw(pattern[:left])
            left -= min(left, len(pattern))
    time.sleep(1)  # the disk is still writing
    return path


if __name__ == "__main__":
    main()
