"""Processes that have everything imported, and fork one for each release."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from commands import QUIET

CHILD = Path(__file__).parent / "child.py"
_numbers = count(1)


@dataclass(frozen=True)
class Run:
    """How a process ended: its code as a shell would see it, and the lines that a person would read."""

    code: int
    effects: int = 0
    error: str = ""
    told: list[str] = field(default_factory=list)

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Nursery:
    """Starts one process after the other."""

    def __init__(self, folder: Path) -> None:
        self._result = folder / f"result-{next(_numbers)}.json"
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, str(CHILD)], env=QUIET, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, arguments: list[str], environment: dict[str, str]) -> int:
        """Start a job; gives the number of its process."""
        self._result.unlink(missing_ok=True)
        order = {"arguments": arguments, "environment": environment, "result": str(self._result)}
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> Run:
        """Wait for it; what is no error of ours is a bug, and told with its traceback."""
        code = int(self._process.stdout.readline())
        if not self._result.exists():
            return Run(code)
        told = json.loads(self._result.read_text("utf-8"))
        if "bug" in told:
            return Run(70, error=f"a bug: {told['bug']}")
        return Run(told["code"], told["effects"], told["error"], told["told"])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(20)
