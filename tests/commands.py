"""Runs the command as a person would, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

QUIET = {
    name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "AWS_", "CITYHALL_"))
}


def cityhall_fm(
    *arguments: object, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess:
    """Run a command with an empty PATH, so that nothing outside Python, such as ffmpeg, can help."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "cityhall_fm", *map(str, arguments)],
        env={**QUIET, "PATH": "", "CITYHALL_FM_LANGUAGE": "en", "PYTHONWARNINGS": "default", **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


def start_cityhall_fm(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start a command in the same way, and leave it at work."""
    return interruptible(
        [sys.executable, "-m", "cityhall_fm", *map(str, arguments)],
        env={**QUIET, "PATH": "", "CITYHALL_FM_LANGUAGE": "en", "PYTHONWARNINGS": "default", **environment},
    )


def interruptible(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """Start a process that Ctrl-C reaches, also where the tests themselves run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
        )
    finally:
        signal.signal(signal.SIGINT, before)
