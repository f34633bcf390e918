"""A small show whose first episode is out and whose second waits, in a bucket and with a Slack."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import wave
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from cityhall_fm.adapters.database import open_database
from cityhall_fm.production.collect import collect
from cityhall_fm.sandbox import World
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import in_rundowns
from cityhall_fm.wiring import Wired
from commands import QUIET

from s3_server import S3Server
from torture.child import Silence

REPOSITORY = Path(__file__).parents[2]
CHILD = Path(__file__).parent / "child.py"
_numbers = count(1)
TOKEN = "xoxb-sandbox"
PREFIX = "fm"
PUBLIC_URL = "https://fm.example.jp"
FIRST = datetime(2026, 11, 16, 11, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    """How a process ended."""

    code: int
    effects: int
    error: str

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Nursery:
    """A process that has everything imported, and forks one for each release."""

    def __init__(self, folder: Path) -> None:
        self._result = folder / f"result-{next(_numbers)}.json"
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, str(CHILD)], env=QUIET, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, arguments: list[str], environment: dict[str, str]) -> int:
        """Start a release; gives the number of its process."""
        self._result.unlink(missing_ok=True)
        order = {"arguments": arguments, "environment": environment, "result": str(self._result)}
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> Run:
        """Wait for it; one that raised anything but our errors is a bug."""
        code = int(self._process.stdout.readline())
        if not self._result.exists():
            return Run(code, 0, "")
        told = json.loads(self._result.read_text("utf-8"))
        if "bug" in told:
            raise RuntimeError(told["bug"])
        return Run(1 if told["error"] else code, told["effects"], told["error"])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(20)


@dataclass(frozen=True)
class Outcome:
    """Everything that a release leaves for others: what is public, what is remembered, what was said."""

    public: dict[str, str]
    manifest: dict[str, Any]
    outbox: list[tuple[str, bool]]
    statuses: dict[str, str]
    messages: Counter[str]
    reactions: int


class Scene:
    """The show, its bucket and its Slack, which can be put back to how they were before the release."""

    def __init__(self, folder: Path, s3: S3Server, client: Any, sandbox: Any, bucket: str) -> None:
        self.folder, self._base = folder / "show", folder / "base"
        self._s3, self.client, self.sandbox, self.bucket = s3, client, sandbox, bucket
        self._objects: dict[str, tuple[bytes, str, str]] = {}
        self._etags: dict[str, str] = {}
        self._world = folder / "base.zip"
        self.nurseries = [Nursery(folder) for _ in range(2)]

    def prepare(self) -> None:
        """Release the first episode, and remember everything."""
        self.client.create_bucket(Bucket=self.bucket)
        lay_out(self.folder, f"s3://{self.bucket}/{PREFIX}")
        self._start_over(REPOSITORY / "src/cityhall_fm/demo/workspace")
        collect_questions(Wired(read_settings(self.folder, self.environment())))
        run = self.run(1, now=FIRST)
        if run.code or run.error:
            raise RuntimeError(run)
        self.sandbox.world.write_export(self._world)
        shutil.copytree(self.folder, self._base)
        self._etags = self._listed()
        self._objects = {key: self._object(key) for key in self._etags}

    def close(self) -> None:
        for nursery in self.nurseries:
            nursery.close()

    def put_back(self) -> None:
        """Make everything as it was before the second release."""
        shutil.rmtree(self.folder)
        shutil.copytree(self._base, self.folder)
        there = self._listed()
        for key in there.keys() - self._objects.keys():
            self.client.delete_object(Bucket=self.bucket, Key=key)
        for key, (content, content_type, cache_control) in self._objects.items():
            if there.get(key) != self._etags[key]:
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=content,
                    ContentType=content_type,
                    CacheControl=cache_control,
                )
        self.sandbox.faults.clear()
        self._start_over(self._world)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nobody write into the show folder; root obeys with `--obey-modes`."""
        paths = [self.folder, *self.folder.rglob("*")]
        modes = {path: path.stat().st_mode for path in paths}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        try:
            yield
        finally:
            for path, mode in modes.items():
                path.chmod(mode)

    def environment(self, endpoint: str = "") -> dict[str, str]:
        changes = {"AWS_ENDPOINT_URL": endpoint} if endpoint else {}
        return {
            **self._s3.environment(**changes),
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": self.sandbox.api_url,
        }

    def start(self, *arguments: str, nursery: int = 0, folder: Path | None = None, endpoint: str = "") -> int:
        given = [str(folder or self.folder), *arguments]
        return self.nurseries[nursery].start(given, self.environment(endpoint))

    def run(
        self,
        number: int = 2,
        *more: str,
        now: datetime = EVENING,
        kill_after: float | None = None,
        endpoint: str = "",
    ) -> Run:
        """Release in a process; it may be killed after so many seconds, or at an effect (`--kill-at`)."""
        pid = self.start(str(number), now.isoformat(), *more, endpoint=endpoint)
        timer = threading.Timer(kill_after or 0, lambda: _kill(pid))
        if kill_after is not None:
            timer.start()
        run = self.nurseries[0].ended()
        timer.cancel()
        return run

    def outcome(self) -> Outcome:
        ours = f"{PREFIX}/cityhall-fm/"
        manifest = json.loads(self._object(f"{ours}manifest.json")[0])
        database = open_database(self.folder / "feeds" / "memory.sqlite3")
        try:
            outbox = [
                (each.key, database.outbox.said_before(each.key) is not None)
                for each in database.outbox.deliveries(2)
            ]
            statuses = {question.id: question.status.value for question in database.inbox.questions()}
        finally:
            database.close()
        keys, reactions = Counter[str](), 0
        for channel in self.sandbox.world.channels:
            for message in self.sandbox.world.messages(channel.id):
                reactions += sum(len(reaction.users) for reaction in message.reactions)
                if message.metadata:
                    keys[message.metadata["event_payload"]["key"]] += 1
        return Outcome(
            public={key: etag for key, etag in self._listed().items() if not key.startswith(ours)},
            manifest={key: of["sha256"] for key, of in manifest["files"].items()},
            outbox=outbox,
            statuses=statuses,
            messages=keys,
            reactions=reactions,
        )

    def _listed(self) -> dict[str, str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {each["Key"]: each["ETag"] for page in pages for each in page.get("Contents", ())}

    def _object(self, key: str) -> tuple[bytes, str, str]:
        answer = self.client.get_object(Bucket=self.bucket, Key=key)
        with closing(answer["Body"]) as body:
            return body.read(), answer["ContentType"], answer.get("CacheControl", "")

    def _start_over(self, export: Path) -> None:
        world = World.from_export(export, clock=lambda: EVENING)
        bot = world.install_app(TOKEN)
        for channel in world.channels:
            world.join(channel.id, bot.id)
        self.sandbox.start_over(world)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


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
        _tone(episode / "recording.wav", seconds=3)


def _short(line: str) -> str:
    """Bring every time of a rundown into the first seconds."""

    def into(match: re.Match[str]) -> str:
        seconds = sum(float(part) * 60**power for power, part in enumerate(reversed(match[2].split(":"))))
        return f"{match[1]}0:0{seconds / 60:.3f}"

    return re.sub(r"^(\s+(?:- )?at:\s*)[\"']?([\d:.]+)[\"']?", into, line)


def _tone(path: Path, *, seconds: int) -> None:
    rate = 48_000
    times = np.arange(rate * seconds) / rate
    samples = (np.sin(2 * np.pi * 440 * times) * 8000 * (1 + np.sin(2 * np.pi * 3 * times)) / 2).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
