"""How long publishing takes and how many requests it costs, beside other tools: paired runs on one S3 server.

    python tests/benchmarks/publish.py [--episodes 230] [--megabytes 0.1] [--large 6] [--rounds 3]

By default some 1,000 small files, 224 media of 0.1 MB and 6 of 24 MB, which go up in parts: so each way of
sending counts, one round of all tools stays below two minutes, and the server's memory holds three.
Not a test: machines differ and are shared, so only ratios of runs made one after the other are worth
quoting. aws, s5cmd and rclone are used where they are found on the PATH. Requests are counted in the
server's own log, where it is radosgw.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.adapters.new_home import ShowFolder
from cityhall_fm.defaults import defaults
from cityhall_fm.production.begin_show import Wishes, begin_show
from cityhall_fm.show.episode import EpisodeNumber, Guid, Key
from cityhall_fm.texts import Catalogue

from builders import NOON, a_published_episode, an_enclosure
from s3_server import S3Server, s3_server

# ruff: noqa: T201, S311 - a benchmark talks; its audio is noise, and no secret
OURS, AWS, S5CMD, RCLONE = "cityhall-fm publish", "aws s3 sync", "s5cmd sync", "rclone sync"
CASES = ("first", "no change", "one change", "changed feed", "fresh checkout")
_INSTALLED: dict[str, str] = {}
"""What makes ours run as if it was installed: byte code lies beside the other tools, as pip puts it there."""
_PART_BYTES = 16 * 1024 * 1024
"""What is larger goes up in parts."""
TARGETS = {"first": 1.1, "no change": 0.6, "one change": 0.8, "fresh checkout": 0.2}
"""Seconds of ours ÷ seconds of `aws s3 sync`, at most."""


@dataclass(slots=True)
class Measured:
    """What one tool needed in one case, run by run."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)


def main() -> None:
    """Run every tool in turn, several times, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--episodes", type=int, default=230)
    parser.add_argument("--megabytes", type=float, default=0.1, help="of each episode's audio")
    parser.add_argument("--large", type=int, default=6, help="episodes whose audio is large")
    parser.add_argument("--large-megabytes", type=float, default=24.0)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    measured: dict[tuple[str, str], Measured] = {}
    with tempfile.TemporaryDirectory() as folder, s3_server() as server, server.stranger() as client:
        _INSTALLED.update(PYTHONDONTWRITEBYTECODE="", PYTHONPYCACHEPREFIX=str(Path(folder) / "byte-code"))
        small, large = round(chosen.megabytes * 1e6), round(chosen.large_megabytes * 1e6)
        lengths = [*[small] * (chosen.episodes - chosen.large), *[large] * chosen.large]
        show = _show(Path(folder) / "show", lengths)
        public = show / "feeds" / "public"
        sizes = [path.stat().st_size for path in public.rglob("*") if path.is_file()]
        for number in range(chosen.rounds):
            for tool in _tools(server):
                bucket = f"bench-{number}-{tool.split()[0].split('-')[0]}"
                client.create_bucket(Bucket=bucket)
                for case, run in _cases(tool, show, bucket, server, Path(folder) / "copies"):
                    print(f"{number + 1}/{chosen.rounds} {tool}: {case}", file=sys.stderr)
                    _measure(run, server, measured.setdefault((tool, case), Measured()))
        print("\n".join(_table(measured, server.name, sizes)))


def _show(folder: Path, lengths: Sequence[int]) -> Path:
    """Make a show whose every episode is out, with audio of these lengths that no compression helps."""
    wishes = Wishes("佐久の番組", "佐久市", email="fm@example.jp", public_url="https://fm.example.jp")
    begin_show(
        folder,
        wishes,
        home=ShowFolder(folder),
        artwork=(defaults() / "feeds" / "artwork.png").read_bytes(),
        say=Catalogue("ja"),
        new_guid=lambda: Guid("772c1bc4-f6f1-4af8-a730-040090e95630"),
        python=sys.executable,
    )
    shutil.rmtree(folder / "episodes")
    shelf, noise = EpisodeFolder(folder / "episodes"), random.Random(1)
    media = folder / "feeds" / "public" / "media"
    media.mkdir(parents=True)
    for number, length in enumerate(lengths, 1):
        content = noise.randbytes(length)
        sha256 = hashlib.sha256(content).hexdigest()
        key = Key(f"media/{number:04}-{sha256[:12]}.mp3")
        (media.parent / key).write_bytes(content)
        at = NOON + timedelta(days=number)
        shelf.add(a_published_episode(number, title=f"第{number}回 冬支度", published_at=at))
        enclosure = an_enclosure(number, key=key, sha256=sha256, length_bytes=length)
        shelf.keep_enclosure(EpisodeNumber(number), enclosure)
    _cityhall_fm(folder, {}, "build")
    _cityhall_fm(folder, {}, "publish", "--plan")
    return folder


def _tools(server: S3Server) -> Sequence[str]:
    if not server.is_real:
        print("the server is a mock: figures prove little", file=sys.stderr)
    return [OURS, *(tool for tool in (AWS, S5CMD, RCLONE) if shutil.which(tool.split()[0]))]


def _cases(
    tool: str, show: Path, bucket: str, server: S3Server, aside: Path
) -> Sequence[tuple[str, Callable[[], None]]]:
    """List the cases in their order; what is changed is changed while nobody looks at the clock."""
    shutil.rmtree(aside, ignore_errors=True)
    first, fresh = aside / "first", aside / "fresh"
    shutil.copytree(show, first)
    settings = first / "feeds" / "show.toml"
    target = re.sub(
        r'(?m)^target = ".*"', f'target = "s3://{bucket}/fm"\nlisten = false', settings.read_text("utf-8")
    )
    settings.write_text(target, "utf-8")
    environment = server.environment()

    def send(folder: Path) -> Callable[[], None]:
        if tool == OURS:
            return lambda: _cityhall_fm(folder, environment, "publish")
        return lambda: _run(_command(tool, folder / "feeds" / "public", bucket, server), environment)

    page = first / "feeds" / "public" / "1" / "index.html"

    def changed() -> Callable[[], None]:
        page.write_bytes(page.read_bytes() + b"<!-- changed -->\n")
        return send(first)

    def with_new_feed() -> Callable[[], None]:
        feed = first / "feeds" / "public" / "feed.xml"
        feed.write_bytes(feed.read_bytes() + b"<!-- changed -->\n")
        return send(first)

    def cloned() -> Callable[[], None]:
        shutil.copytree(first, fresh, copy_function=shutil.copyfile)  # every file as new as now
        return send(fresh)

    return [
        ("first", send(first)),
        ("no change", send(first)),
        ("one change", _prepared(changed)),
        ("changed feed", _prepared(with_new_feed)),
        ("fresh checkout", _prepared(cloned)),
    ]


class _prepared:  # noqa: N801 - used as a function is
    """A run whose preparation is not measured."""

    def __init__(self, prepare: Callable[[], Callable[[], None]]) -> None:
        self.prepare = prepare


def _measure(run: Callable[[], None] | _prepared, server: S3Server, measured: Measured) -> None:
    if isinstance(run, _prepared):
        run = run.prepare()
    time.sleep(1.1)  # tools that compare times compare whole seconds
    before = server.requests
    start, busy = time.monotonic(), _processor()
    run()
    measured.seconds.append(time.monotonic() - start)
    measured.processor.append(_processor() - busy)
    time.sleep(0.3)
    measured.requests.append(server.requests - before)


def _processor() -> float:
    """Tell how many seconds of the processor all ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(tool: str, public: Path, bucket: str, server: S3Server) -> Sequence[str]:
    match tool:
        case "aws s3 sync":
            return ["aws", "s3", "sync", "--only-show-errors", str(public), f"s3://{bucket}/fm"]
        case "s5cmd sync":
            return ["s5cmd", "--endpoint-url", server.http, "sync", f"{public}/", f"s3://{bucket}/fm/"]
        case _:
            place = f':s3,provider=Ceph,env_auth=true,endpoint="{server.http}":{bucket}/fm'
            return ["rclone", "sync", "--transfers", "8", "--fast-list", str(public), place]


def _cityhall_fm(folder: Path, environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "cityhall_fm", "--show", str(folder), *arguments]
    _run(command, {**environment, **_INSTALLED})


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(  # noqa: S603 - as above
        list(command), env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL
    )


def _table(measured: Mapping[tuple[str, str], Measured], server: str, sizes: Sequence[int]) -> list[str]:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    rounds = len(measured[OURS, "first"].seconds)
    tools = list(dict.fromkeys(tool for tool, _ in measured))
    large = sum(size > _PART_BYTES for size in sizes)
    absent = [tool.split()[0] for tool in (AWS, S5CMD, RCLONE) if tool not in tools]
    lines = [
        (
            f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {server} on loopback, {len(sizes)} files"
            f" ({sum(sizes) / 1e6:.0f} MB; {large} of them in parts), medians of {rounds} pairs,"
            " seconds / of the processor / requests:"
        ),
        "",
        f"| | {' | '.join(CASES)} |",
        "|---|" + "---|" * len(CASES),
    ]
    for tool in tools:
        cells = []
        for case in CASES:
            of = measured[tool, case]
            figures = [f"{statistics.median(each):.2f}" for each in (of.seconds, of.processor)]
            cells.append(" / ".join([*figures, str(round(statistics.median(of.requests)))]))
        lines.append(f"| {tool} | {' | '.join(cells)} |")
    if AWS in tools:
        ratios = [f"{_ratio(measured[OURS, case], measured[AWS, case]):.2f}{_target(case)}" for case in CASES]
        lines.append(f"| ours ÷ aws, pairs (target) | {' | '.join(ratios)} |")
    return [*lines, *(f"\n{tool} is not installed here, and was not measured." for tool in absent)]


def _target(case: str) -> str:
    return f" (≤ {TARGETS[case]})" if case in TARGETS else ""


def _ratio(ours: Measured, theirs: Measured) -> float:
    return statistics.median(our / their for our, their in zip(ours.seconds, theirs.seconds, strict=True))


if __name__ == "__main__":
    main()
