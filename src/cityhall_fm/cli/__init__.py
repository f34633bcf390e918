"""The commands: parse, call one job, show its result."""

from __future__ import annotations

import click

from cityhall_fm import __version__
from cityhall_fm.cli import (
    chapters,
    demo,
    doctor,
    episodes,
    feeds,
    inbox,
    mastering,
    mending,
    privacy,
    producing,
    releasing,
    safekeeping,
    slack,
    transcripts,
)
from cityhall_fm.cli.console import FACE, Face


@click.group(help=FACE.say("cli.about"), context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (
    demo.demo,
    inbox.collect,
    inbox.inbox,
    episodes.episode,
    transcripts.transcribe,
    mastering.master,
    producing.notes,
    producing.build,
    producing.publish,
    producing.announce,
    releasing.release,
    mending.correct,
    mending.rollback,
    safekeeping.backup,
    safekeeping.restore,
    safekeeping.units,
    feeds.import_,
    feeds.check_feed,
    slack.slack,
    doctor.doctor,
    privacy.privacy,
):
    commands.add_command(command)
episodes.episode.add_command(chapters.chapters)
episodes.episode.add_command(transcripts.transcript)


def main() -> None:
    """Run a command; the one place where a CompanionError becomes two lines and exit code 1."""
    with FACE.errors_told():
        commands(prog_name="cityhall-fm")
