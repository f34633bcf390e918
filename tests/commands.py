"""Runs the command as a person would, in a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from memories import environment_for

QUIET = {
    name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "AWS_", "CITYHALL_"))
}
_NURSERY = Path(__file__).with_name("command_nursery.py")
_PATIENCE_SECONDS = 110


def cityhall_fm(
    *arguments: object, cwd: Path | None = None, fresh: bool = False, **environment: str
) -> subprocess.CompletedProcess:
    """Run a command with an empty PATH, so that nothing outside Python, such as ffmpeg, can help.

    Its process is forked from one that has the libraries loaded, unless it is to be `fresh`, as where they
    are loaded in their usual order and with another hash seed each time, or told what only a beginning
    interpreter reads.
    """
    given = _environment({**environment_for(arguments, cwd), **environment})
    fresh = fresh or any(name.startswith(("PYTHON", "LANG", "LC_")) for name in environment)
    if not fresh and sys.platform == "linux":
        return _nursery().run([*map(str, arguments)], given, cwd or Path.cwd())
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "cityhall_fm", *map(str, arguments)],
        env=given,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )


def start_cityhall_fm(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start a command in the same way, and leave it at work."""
    given = _environment({**environment_for(arguments), **environment})
    return interruptible([sys.executable, "-m", "cityhall_fm", *map(str, arguments)], env=given)


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {**QUIET, "PATH": "", "CITYHALL_FM_LANGUAGE": "en", "PYTHONWARNINGS": "default", **more}


def interruptible(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """Start a process that Ctrl-C reaches, also where the tests themselves run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
        )
    finally:
        signal.signal(signal.SIGINT, before)


@cache
def _nursery() -> _Nursery:
    nursery = _Nursery()
    atexit.register(nursery.close)
    return nursery


class _Nursery:
    """The process that commands are forked from; it ends with the pipe that it reads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, str(_NURSERY)],
            env=_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def run(
        self, arguments: list[str], environment: dict[str, str], folder: Path
    ) -> subprocess.CompletedProcess:
        with tempfile.NamedTemporaryFile() as told, tempfile.NamedTemporaryFile() as errors:
            order = {
                "arguments": arguments, "environment": environment, "folder": str(folder),
                "told": told.name, "errors": errors.name,
            }  # fmt: skip
            self._process.stdin.write(f"{json.dumps(order)}\n".encode())
            child = int(self._process.stdout.readline())
            if not select.select([self._process.stdout], [], [], _PATIENCE_SECONDS)[0]:
                os.kill(child, signal.SIGKILL)
                self._process.stdout.readline()
                raise subprocess.TimeoutExpired(arguments, _PATIENCE_SECONDS)
            code = int(self._process.stdout.readline())
            # Line ends are read as subprocess reads them.
            outputs = (Path(file.name).read_text("utf-8") for file in (told, errors))
            return subprocess.CompletedProcess(arguments, code, *outputs)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(20)
