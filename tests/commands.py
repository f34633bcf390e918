"""Runs the command as a person would, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
