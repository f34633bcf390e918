"""Podcast apps and validators that others made, where they are installed or can be; a reason where not.

What comes from package registries is installed once into a folder of the user's cache, never into the
repository.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cityhall-fm-tests"
_PATIENCE = 90
"""Seconds for an installation, which happens once."""
_PARTYTIME = """
const {parseFeed} = require('podcast-partytime');
const text = require('fs').readFileSync(0, 'utf8');
process.stdout.write(JSON.stringify(parseFeed(text, {allowMissingGuid: false})));
"""


class NotThereError(Exception):
    """A client is not installed and cannot be; its message says why."""


class Gpo:
    """gPodder's `gpo` (Debian: gpodder), with a library of its own."""

    def __init__(self, home: Path) -> None:
        if not shutil.which("gpo"):
            raise NotThereError("gPodder's gpo is not installed (Debian: gpodder)")
        self.downloads = home / "Downloads"
        self._environment = {**_quiet(home), "GPODDER_HOME": str(home)}

    def __call__(self, *arguments: str) -> str:
        run = _run(["gpo", *arguments], self._environment)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def files(self) -> list[Path]:
        return sorted(path for path in self.downloads.rglob("*.mp3") if path.is_file())

    def listed(self) -> list[tuple[str, str]]:
        """Tell guid and title of every episode that it knows."""
        rows = [line.split() for line in self("episodes", "--guid").splitlines()]
        return [(row[1], row[-1]) for row in rows if row and row[0].rstrip(".").isdigit()]


class Poca:
    """poca, which makes the folder what the feed says."""

    def __init__(self, home: Path, url: str) -> None:
        self._program = _installed_poca()
        self.media = home / "media"
        home.mkdir(parents=True, exist_ok=True)
        self._environment = _quiet(home)
        self._home = home
        (home / "poca.xml").write_text(
            f'<poca version="1.1"><settings><base_dir>{self.media}</base_dir></settings><subscriptions>'
            f"<subscription><title>FM</title><url>{url}</url></subscription></subscriptions></poca>",
            "utf-8",
        )

    def __call__(self) -> str:
        run = _run([str(self._program), "-v", "-g", "ascii", "-c", str(self._home)], self._environment)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def files(self) -> list[Path]:
        return sorted(self.media.rglob("*.mp3"))


def partytime(feed: bytes) -> dict:
    """Read a feed with npm's podcast-partytime, which knows Podcasting 2.0."""
    folder = _installed_partytime()
    run = subprocess.run(  # noqa: S603 - node, on our own script
        [str(shutil.which("node")), "-e", _PARTYTIME],
        input=feed,
        cwd=folder,
        env={**os.environ, "LOG": "silent"},
        capture_output=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


def _installed_poca() -> Path:
    folder = CACHE / "poca"
    program = folder / "bin" / "poca"
    if not program.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _install([sys.executable, "-m", "venv", str(folder)], "a virtual environment for poca")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries", "0"]
        try:
            _install([*pip, "poca>=1.1"], "poca")
        except NotThereError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return program


def _installed_partytime() -> Path:
    if not (shutil.which("node") and shutil.which("npm")):
        raise NotThereError("podcast-partytime needs node and npm")
    folder = CACHE / "partytime"
    if not (folder / "node_modules" / "podcast-partytime" / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", "--fetch-timeout=30000"]
        npm = [str(shutil.which("npm")), "install", "--prefix", str(folder), *quiet]
        _install([*npm, "podcast-partytime@5"], "podcast-partytime")
    return folder


def _install(command: list[str], what: str) -> None:
    try:
        run = _run(command, dict(os.environ))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotThereError(f"{what} cannot be installed: {type(error).__name__}") from error
    if run.returncode:
        raise NotThereError(f"{what} cannot be installed here")


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(  # noqa: S603 - programs that are named above
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )


def _quiet(home: Path) -> dict[str, str]:
    """Leave out proxies, and what would make another language of the answers."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8"}
