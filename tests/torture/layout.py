"""A show folder of the example with recordings of seconds, as tests release it."""

from __future__ import annotations

import re
import shutil
import wave
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cityhall_fm.production.collect import collect
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.show.episode import in_rundowns
from cityhall_fm.wiring import Wired

REPOSITORY = Path(__file__).parents[2]
FIRST = datetime(2026, 11, 16, 11, 0, tzinfo=UTC)


def collect_questions(companion: Wired) -> None:
    """Fill the inbox from the workspace."""
    collect(
        source=companion.source(),
        inbox=companion.inbox,
        rules=companion.rules,
        in_rundowns=in_rundowns(companion.shelf.episodes()),
        now=FIRST,
        emoji=companion.emoji,
        progress=Silence(),
    )
    companion._database.close()


def lay_out(folder: Path, target: str, *, numbers: tuple[int, ...] = (1, 2), listens: bool = False) -> None:
    """Make a show folder of the example with recordings of three seconds."""
    shutil.copytree(
        REPOSITORY / "feeds", folder / "feeds", ignore=shutil.ignore_patterns("public", "site", "*sqlite*")
    )
    manifest = folder / "feeds" / "show.toml"
    written = manifest.read_text("utf-8").replace(
        'target = "feeds/site"', f'target = "{target}"\nlisten = {str(listens).lower()}'
    )
    written = re.sub(r"(?m)^intro.*\n", "", written)
    manifest.write_text(written, "utf-8")
    for number in numbers:
        source = next((REPOSITORY / "episodes").glob(f"{number:04}-*"))
        episode = folder / "episodes" / source.name
        episode.mkdir(parents=True)
        lines = (source / "episode.md").read_text("utf-8").splitlines(keepends=True)
        kept = [_short(line) for line in lines if not line.startswith(("published_at", "planned_for"))]
        (episode / "episode.md").write_text("".join(kept), "utf-8")
        tone(episode / "recording.wav", seconds=3)


def _short(line: str) -> str:
    """Bring every time of a rundown into the first seconds."""

    def into(match: re.Match[str]) -> str:
        seconds = sum(float(part) * 60**power for power, part in enumerate(reversed(match[2].split(":"))))
        return f"{match[1]}0:0{seconds / 60:.3f}"

    return re.sub(r"^(\s+(?:- )?at:\s*)[\"']?([\d:.]+)[\"']?", into, line)


def tone(path: Path, *, seconds: int, hertz: int = 440) -> None:
    """Write a recording that swells and fades."""
    rate = 48_000
    times = np.arange(rate * seconds) / rate
    samples = (np.sin(2 * np.pi * hertz * times) * 8000 * (1 + np.sin(2 * np.pi * 3 * times)) / 2).astype(
        "<i2"
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
