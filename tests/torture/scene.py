"""A small show whose first episode is out and whose second waits, in a bucket and with a Slack."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from cityhall_fm.sandbox import World
from cityhall_fm.settings import read_settings
from cityhall_fm.wiring import Wired

from s3_server import S3Server
from torture.disk import Disk
from torture.layout import FIRST, REPOSITORY, collect_questions, lay_out, tone
from torture.nursery import Nursery, Run
from torture.outcome import OURS, Outcome, outcome_of
from torture.unreliable import Unreliable

_tone = tone
TOKEN = "xoxb-sandbox"
PREFIX = "fm"
PUBLIC_URL = "https://fm.example.jp"
EVENING = FIRST + timedelta(days=14)
MORNING = EVENING + timedelta(hours=14)
LATER = timedelta(minutes=5)
"""After that time somebody looks why nothing was heard, and does it again."""
_LARGE_SECONDS = 430
"""At 320 kbit/s more than the 16 MB from which on a file goes up in parts."""


class Kind(StrEnum):
    """What is released, and how."""

    RELEASE = "release"
    LISTENING = "listening on what was published"
    CORRECTION = "correction"
    DATE = "prepared, and out at its hour"
    POSTGRESQL = "memory in PostgreSQL"
    LARGE = "audio in parts"
    SMALL_DISK = "on a disk of its own"
    ROLLBACK = "rollback"


class Scene:
    """The show, its bucket and its Slack, which can be put back to how they were before the release."""

    def __init__(
        self,
        folder: Path,
        s3: S3Server,
        client: Any,
        sandbox: Any,
        bucket: str,
        *,
        kind: Kind = Kind.RELEASE,
        nurseries: list[Nursery] | None = None,
        database: Any = None,
        disk: Disk | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.kind, self.disk = kind, disk
        self.folder, self._base = (disk.place if disk else folder) / "show", folder / "base"
        self._s3, self.client, self.sandbox, self.bucket = s3, client, sandbox, bucket
        self._objects: dict[str, tuple[bytes, str, str]] = {}
        self._etags: dict[str, str] = {}
        self._world = folder / "base.zip"
        self._database = database
        """What gives a database in PostgreSQL and puts it back, where the memory is there."""
        self.nurseries = nurseries or [Nursery(folder) for _ in range(2)]
        listens = kind is Kind.LISTENING
        self.public_url = f"{s3.http}/{bucket}/{PREFIX}" if listens else PUBLIC_URL

    def prepare(self) -> None:
        """Release the first episode, and remember everything."""
        self.client.create_bucket(Bucket=self.bucket)
        lay_out(self.folder, f"s3://{self.bucket}/{PREFIX}", listens=self.kind is Kind.LISTENING)
        settings = self.folder / "feeds" / "show.toml"
        written = settings.read_text("utf-8").replace(PUBLIC_URL, self.public_url)
        if self.kind is Kind.LARGE:
            written = re.sub(r"(?m)^#? ?bitrate = .*\n", "", written)
            written = written.replace("[master]", "[master]\nbitrate = 320", 1)
            tone(self._episode(2) / "recording.wav", seconds=_LARGE_SECONDS)
        settings.write_text(written, "utf-8")
        self.let_everybody_read()
        self._start_over(REPOSITORY / "src/cityhall_fm/demo/workspace")
        collect_questions(Wired(read_settings(self.folder, self.environment())))
        self._well(self._run("1", FIRST.isoformat()))
        if self.kind is Kind.LARGE:
            self._well(self._run("2", FIRST.isoformat(), "--do", "master"))
        if self.kind in {Kind.CORRECTION, Kind.ROLLBACK}:
            self._well(self._run("2", EVENING.isoformat()))
        if self.kind is Kind.CORRECTION:
            self._change(self.folder, 2)
            tone(self._episode(2) / "recording.wav", seconds=3, hertz=660)
        self.sandbox.world.write_export(self._world)
        if self._database:
            self._database.keep()
        shutil.copytree(self.folder, self._base)
        self._etags = self._listed()
        self._objects = {key: self._object(key) for key in self._etags}

    def close(self) -> None:
        for nursery in self.nurseries:
            nursery.close()

    def put_back(self) -> None:
        """Make everything as it was before the second release."""
        if self.disk:
            self.disk.empty()
        shutil.rmtree(self.folder)
        shutil.copytree(self._base, self.folder)
        if self._database:
            self._database.put_back()
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
        for upload in self.unfinished_uploads():
            self.client.abort_multipart_upload(Bucket=self.bucket, **upload)
        self.let_everybody_read()
        self._start_over(self._world)

    def unfinished_uploads(self) -> list[dict[str, str]]:
        """List uploads in parts that nobody ended."""
        if self.kind is not Kind.LARGE:
            return []
        found = self.client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", ())
        return [{"Key": each["Key"], "UploadId": each["UploadId"]} for each in found]

    def let_everybody_read(self, *beginnings: str) -> None:
        """Open the bucket to listeners, or only what begins so, where somebody listens."""
        if self.kind is not Kind.LISTENING:
            return
        named = [f"arn:aws:s3:::{self.bucket}/{PREFIX}/{each}*" for each in beginnings or [""]]
        statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": named}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client.put_bucket_policy(Bucket=self.bucket, Policy=policy)

    def other_machine(self) -> Path:
        """Make a second folder with a database of its own, in which the first episode is told otherwise."""
        other = self.folder.with_name("other")
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.folder, other)
        self._change(other, 1)
        return other

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

    @contextmanager
    def slack_with(self, faults: Unreliable) -> Iterator[Unreliable]:
        """Have Slack's calls fail as these faults say."""
        before, self.sandbox.desk.faults = self.sandbox.desk.faults, faults
        try:
            yield faults
        finally:
            self.sandbox.desk.faults = before

    def environment(self, endpoint: str = "") -> dict[str, str]:
        changes = {"AWS_ENDPOINT_URL": endpoint} if endpoint else {}
        if self._database:
            changes["CITYHALL_FM_DATABASE_URL"] = self._database.url
        if self.disk:
            changes["TMPDIR"] = str(self.disk.place)
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
        now: Any = None,
        kill_after: float | None = None,
        endpoint: str = "",
    ) -> Run:
        """Release in a process; it may be killed after so many seconds, or at an effect (`--kill-at`)."""
        at = now or self.hour
        return self._run(
            str(number), at.isoformat(), *self.doing, *more, kill_after=kill_after, endpoint=endpoint
        )

    def run_as(self, doing: str, now: Any, *more: str) -> Run:
        """Do one part of it in a process: prepare the episode, keep its date, cancel it."""
        return self._run("2", now.isoformat(), "--do", doing, *more)

    @property
    def hour(self) -> Any:
        """When it is done, by the clock of whoever does it."""
        return MORNING if self.kind in {Kind.CORRECTION, Kind.ROLLBACK} else EVENING

    @property
    def doing(self) -> tuple[str, ...]:
        """What the process is told to do, where it is not simply to release."""
        doing = {Kind.CORRECTION: "correct", Kind.DATE: "date", Kind.ROLLBACK: "rollback"}
        return ("--do", doing[self.kind]) if self.kind in doing else ()

    def outcome(self) -> Outcome:
        manifest, *_ = self._object(f"{PREFIX}/{OURS}manifest.json")
        return outcome_of(
            objects=self._listed(),
            manifest=manifest,
            prefix=PREFIX,
            home=self._database.url if self._database else self.folder / "feeds" / "memory.sqlite3",
            folder=self.folder,
            world=self.sandbox.world,
        )

    def feed(self) -> bytes:
        return self._object(f"{PREFIX}/feed.xml")[0]

    def _run(self, *arguments: str, kill_after: float | None = None, endpoint: str = "") -> Run:
        pid = self.start(*arguments, endpoint=endpoint)
        timer = threading.Timer(kill_after or 0, lambda: _kill(pid))
        if kill_after is not None:
            timer.start()
        run = self.nurseries[0].ended()
        timer.cancel()
        return run

    def _well(self, run: Run) -> None:
        if run.code:
            raise RuntimeError(run)

    def _episode(self, number: int) -> Path:
        return next((self.folder / "episodes").glob(f"{number:04}-*"))

    def _change(self, folder: Path, number: int) -> None:
        path = next((folder / "episodes").glob(f"{number:04}-*")) / "episode.md"
        written = path.read_text("utf-8")
        path.write_text(written.replace("summary: ", "summary: 佐久の髙橋さんと🎙。", 1), "utf-8")

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
