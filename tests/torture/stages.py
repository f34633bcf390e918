"""Every kind of show that is tortured, each made when the first job wants it, over the same processes."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgresql_server import PostgreSQLServer

from s3_server import S3Server
from torture.disk import small_disk
from torture.nursery import Nursery
from torture.outcome import Outcome
from torture.postgresql import KeptDatabase
from torture.scene import Kind, Scene


@dataclass(frozen=True)
class Clean:
    """What an undisturbed release comes to, how many effects it has, and how many seconds it takes."""

    outcome: Outcome
    effects: int
    lasted: float


@dataclass(frozen=True)
class Stage:
    """A show, and what it comes to undisturbed."""

    scene: Scene
    clean: Clean


class Stages:
    """What one worker tortures: a bucket for each kind, one Slack, two processes to fork from."""

    def __init__(
        self, folder: Path, s3: S3Server, client: Any, sandbox: Any, name: str,
        database: PostgreSQLServer | None,
    ) -> None:  # fmt: skip
        self._folder, self._s3, self._client, self._sandbox = folder, s3, client, sandbox
        self._name, self._server = name, database
        self.nurseries = [Nursery(folder) for _ in range(2)]
        self._stages: dict[Kind, Stage] = {}
        self._disks = ExitStack()

    def of(self, kind: Kind) -> Stage:
        """Make a kind of show, and let it go through undisturbed."""
        if kind not in self._stages:
            self._stages[kind] = self._made(kind)
        return self._stages[kind]

    def close(self) -> None:
        self._disks.close()

    def _made(self, kind: Kind) -> Stage:
        database = disk = None
        if kind is Kind.POSTGRESQL and self._server:
            database = KeptDatabase(self._server, self._name.replace("-", "_"))
        if kind is Kind.SMALL_DISK:
            disk = self._disks.enter_context(small_disk(self._folder / "disk"))
        scene = Scene(
            self._folder / kind.name.lower(),
            self._s3,
            self._client,
            self._sandbox,
            f"{self._name}-{kind.name}".lower().replace("_", "-"),
            kind=kind,
            nurseries=self.nurseries,
            database=database,
            disk=disk,
        )
        scene.prepare()
        for _ in range(2):  # the first loads more than all others; the second tells how long it lasts
            scene.put_back()
            start = time.monotonic()
            run = scene.run()
            lasted = time.monotonic() - start
        if run.code:
            raise RuntimeError(run)
        return Stage(scene, Clean(scene.outcome(), run.effects, lasted))
