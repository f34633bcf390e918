"""The commands: parse, call one job, show its result; each is loaded when it is called."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Final

import click

from cityhall_fm import __version__
from cityhall_fm.cli.console import FACE, Face

_WHERE: Final = {
    "demo": ("demo", "demo", "cli.demo"),
    "init": ("beginning", "init", "start.about"),
    "collect": ("inbox", "collect", "cli.collect"),
    "inbox": ("inbox", "inbox", "cli.inbox"),
    "episode": ("episodes", "episode", "cli.episode"),
    "transcribe": ("transcripts", "transcribe", "transcripts.transcribe"),
    "script": ("script", "script", "script.about"),
    "master": ("mastering", "master", "cli.master"),
    "notes": ("producing", "notes", "cli.notes"),
    "build": ("producing", "build", "cli.build"),
    "publish": ("producing", "publish", "cli.publish"),
    "announce": ("producing", "announce", "cli.announce"),
    "release": ("releasing", "release", "cli.release"),
    "correct": ("mending", "correct", "cli.correct"),
    "rollback": ("mending", "rollback", "cli.rollback"),
    "backup": ("safekeeping", "backup", "backup.backup"),
    "restore": ("safekeeping", "restore", "backup.restore"),
    "units": ("safekeeping", "units", "backup.units"),
    "serve": ("serving", "serve", "serve.about"),
    "import": ("feeds", "import_", "moving.import"),
    "check-feed": ("feeds", "check_feed", "check.about"),
    "slack": ("slack", "slack", "manifest.slack"),
    "studio": ("studio", "studio", "studio.about"),
    "doctor": ("doctor", "doctor", "doctor.command"),
    "privacy": ("privacy", "privacy", "privacy.group"),
    "handover": ("handover", "handover", "studio_handover.command"),
}
"""Each command's file, its function there, and the sentence that says what it does."""


class _OnDemand(MutableMapping[str, click.Command]):
    """All commands by name; to look one up is to load it."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            file, function, _ = _WHERE[name]
            self._loaded[name] = getattr(import_module(f"{__name__}.{file}"), function)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


class _Commands(click.Group):
    """Lists its commands without loading any of them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        told = {name: click.Command(name, help=FACE.say(about)) for name, (_, _, about) in _WHERE.items()}
        click.Group(commands=told).format_commands(ctx, formatter)


@click.group(
    cls=_Commands,
    commands=_OnDemand(),
    help=FACE.say("cli.about"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--show",
    "folder",
    type=click.Path(file_okay=False),
    default=".",
    envvar="CITYHALL_FM_SHOW",
    help=FACE.say("cli.show_option"),
)
@click.version_option(__version__, prog_name="cityhall-fm", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context, folder: str) -> None:
    """Hold what every command needs."""
    context.obj = Face(folder)
    context.call_on_close(context.obj.close)


def main() -> None:
    """Run a command; the one place where a CompanionError becomes two lines and exit code 1."""
    with FACE.errors_told():
        commands(prog_name="cityhall-fm")
