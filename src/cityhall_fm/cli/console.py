"""What a terminal shows: sentences in its language, progress, and errors as two lines."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, Self

import click

from cityhall_fm.show.errors import CompanionError, InputError, NotReadyError
from cityhall_fm.show.text import Text
from cityhall_fm.texts import LANGUAGES, Catalogue

if TYPE_CHECKING:
    from cityhall_fm.wiring import Wired

_BAR: Final = 24
_REDRAW_SECONDS: Final = 0.1
_JUDGED_AFTER_SECONDS: Final = 2.0


def language(environment: Mapping[str, str]) -> str:
    """Choose the language of the terminal; Japanese where it does not say one of ours."""
    for name in ("CITYHALL_FM_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = environment.get(name, "")[:2].lower()
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


class Console:
    """Words on the terminal: results to standard output, progress and errors to standard error."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.texts = Catalogue(language(environment))

    def say(self, name: str, /, **values: object) -> str:
        return self.texts(name, **values)

    def tell(self, name: str, /, **values: object) -> None:
        click.echo(self.say(name, **values))

    def tell_text(self, text: Text) -> None:
        click.echo(self.texts.word(text))

    def tell_json(self, value: object) -> None:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    @contextmanager
    def errors_told(self) -> Iterator[None]:
        try:
            yield
        except CompanionError as error:
            self._fail(error)

    def _fail(self, error: CompanionError) -> NoReturn:
        happened, _, advice = self.texts.word(error.text).strip().partition("\n")
        click.echo(click.style(happened, bold=True), err=True)
        if isinstance(error, InputError):
            for problem in error.problems:
                words = self.texts.word(problem.text)
                line = self.say("files.problem_line", line=problem.line, problem=words)
                click.echo(line if problem.line else f"  {words}", err=True)
        if isinstance(error, NotReadyError):
            for missing in error.missing:
                click.echo(f"  - {self.texts.word(missing)}", err=True)
        click.echo(advice, err=True)
        sys.exit(1)


FACE: Final = Console(os.environ)
"""The terminal that this process was started on."""


class Face:
    """What a command holds: the show folder, and the companion once a command needs it."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    @cached_property
    def companion(self) -> Wired:
        from cityhall_fm.settings import read_settings
        from cityhall_fm.wiring import Wired

        return Wired(read_settings(self.folder, os.environ))

    def close(self) -> None:
        """Let go of what a command has opened."""
        if "companion" in self.__dict__:
            self.companion.close()


class TerminalProgress:
    """Steps with a bar for the long ones; silent where nobody looks."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began_at = 0.0
        self._shows = sys.stderr.isatty()
        self._step = ""
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._end("✗" if kind else "✓")

    def step(self, text: Text) -> None:
        self._end("✓")
        self._step = self._console.texts.word(text)
        self._began_at = self._clock()
        self._draw(f"  {self._step}")

    def advance(self, done: float, total: float) -> None:
        now = self._clock()
        if total > 0 and now - self._drawn_at > _REDRAW_SECONDS:
            self._drawn_at = now
            share = min(1.0, done / total)
            filled = round(_BAR * share)
            self._draw(
                f"  {self._step}  {'█' * filled}{'░' * (_BAR - filled)} {share:4.0%}{self._left(now, share)}"
            )

    def _left(self, now: float, share: float) -> str:
        """Say how long it may still take, once there is something to judge by."""
        elapsed = now - self._began_at
        if elapsed < _JUDGED_AFTER_SECONDS or not 0 < share < 1:
            return ""
        seconds = round(elapsed * (1 - share) / share)
        return "  " + self._console.say("cli.time_left", minutes=seconds // 60, seconds=seconds % 60)

    def _end(self, mark: str) -> None:
        if self._step:
            self._draw(f"{mark} {self._step}", end="\n")
        self._step = ""

    def _draw(self, line: str, end: str = "") -> None:
        if self._shows:
            click.echo(f"\r\033[K{line}{end}", nl=False, err=True)
