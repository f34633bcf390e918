"""A real PostgreSQL server of its own for tests, in a temporary folder, where Debian's binaries are there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "佐久のひみつ-pw"


@dataclass(frozen=True)
class PostgreSQLServer:
    """`port` is on loopback and wants the password; databases of tests are reached by the socket."""

    folder: Path
    port: int
    version: str
    binaries: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port={self.port}"

    def loopback_url(self, database: str, password: str = PASSWORD) -> str:
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        command = [
            "psql",
            "-h",
            self.folder,
            "-p",
            self.port,
            "-U",
            "postgres",
            "-qc",
            f"CREATE DATABASE {name}",
        ]
        _run(self.binaries, *command)
        return self.url(name)

    def start(self) -> None:
        options = (
            f"-k {self.folder} -h 127.0.0.1 -p {self.port} -F -c shared_buffers=16MB -c max_connections=40"
        )
        log = self.folder / "log"
        _run(
            self.binaries, "pg_ctl", "-D", self._data, "-l", log, "-w", "-t", "30", "-o", options, "start"
        )  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        _run(self.binaries, "pg_ctl", "-D", self._data, "-m", mode, "-w", "-t", "30", "stop")

    @contextmanager
    def away(self) -> Iterator[Callable[[], None]]:
        """Stop the server, for a moment; what is given brings it back earlier than the end of the block."""
        self.stop("fast")
        is_back = False

        def come_back() -> None:
            nonlocal is_back
            if not is_back:
                is_back = True
                self.start()

        try:
            yield come_back
        finally:
            come_back()

    @property
    def _data(self) -> Path:
        return self.folder / "data"


def why_not() -> str | None:
    """Tell what is missing for a server, if anything."""
    if _binaries() is None:
        return "PostgreSQL's initdb is not installed here"
    if os.geteuid() == 0 and not (shutil.which("runuser") and _debian_user()):
        return "PostgreSQL does not run as root, and there is no user postgres with runuser"
    return None


@contextmanager
def postgresql_server(port: int) -> Iterator[PostgreSQLServer]:
    """Start a server on a free port, and stop it with its folder removed."""
    binaries = _binaries()
    assert binaries, why_not()
    folder = Path(tempfile.mkdtemp(prefix="cityhall-fm-pg-", dir="/tmp"))
    try:
        (folder / "password").write_text(f"{PASSWORD}\n", "utf-8")
        if os.geteuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres")
        data = folder / "data"
        _run(
            binaries, "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={folder / 'password'}",
        )  # fmt: skip
        server = PostgreSQLServer(folder, port, (data / "PG_VERSION").read_text().strip(), binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4))
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def _debian_user() -> bool:
    return any(user.pw_name == "postgres" for user in pwd.getpwall())


def _run(binaries: Path, command: str, *arguments: object) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    path = binaries / command
    subprocess.run(  # noqa: S603
        [*as_postgres, str(path), *map(str, arguments)],
        check=True,
        timeout=60,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # A server that inherits a pipe keeps it open for ever.
        stderr=subprocess.DEVNULL,
    )
