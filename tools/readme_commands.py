"""Writes the table of commands in README.md from the commands themselves; `--check` only compares."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ["CITYHALL_FM_LANGUAGE"] = "en"  # before the commands are imported: they word their help then

import click

from cityhall_fm.cli import commands

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- commands: begin -->\n", "<!-- commands: end -->"


def main() -> int:
    """Rewrite the table, or tell that it is not true any more."""
    text = README.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    renewed = f"{before}{BEGIN}{_table()}{END}{after}"
    if "--check" not in sys.argv:
        README.write_text(renewed, "utf-8")
    elif renewed != text:
        print("README.md: the table of commands is out of date. Run: python tools/readme_commands.py")
        return 1
    return 0


def _table() -> str:
    rows = [f"| `{usage}` | {about} |" for usage, about in _commands(commands, "cityhall-fm")]
    return "\n".join(["| command | does |", "|---|---|", *rows, ""])


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        usage = f"{path} {name}"
        if isinstance(command, click.Group):
            yield from _commands(command, usage)
            continue
        arguments = [part for param in command.params if (part := _argument(param))]
        yield " ".join([usage, *arguments]), command.help or ""


def _argument(param: click.Parameter) -> str:
    if isinstance(param, click.Argument):
        return (param.name or "").upper()
    value = "" if isinstance(param, click.Option) and param.is_flag else f" {_value(param)}"
    shown = f"{param.opts[-1]}{value}"
    return shown if param.required else f"[{shown}]"


def _value(param: click.Parameter) -> str:
    if isinstance(param.type, click.Choice):
        return "…"
    if param.metavar:
        return param.metavar
    return {"integer range": "N", "directory": "DIR", "path": "PATH", "text": "TEXT"}.get(
        param.type.name, param.type.name
    )


if __name__ == "__main__":
    sys.exit(main())
