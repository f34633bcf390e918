"""`studio`: the show in a browser."""

from __future__ import annotations

import os
import threading

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.cli.serving import OnTheTerminal, end_on_signals


@click.command(help=FACE.say("studio.about"))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8430,
    show_default=True,
    help=FACE.say("studio.port_option"),
)
@click.pass_obj
def studio(face: Face, port: int) -> None:
    """Open the studio until Ctrl-C; what it sets for an hour goes out meanwhile."""
    from cityhall_fm.services import run_together, services_of
    from cityhall_fm.settings import read_settings

    ended, teller = threading.Event(), OnTheTerminal()
    services = services_of(read_settings(face.folder, os.environ), teller, studio_port=port, slack_app=False)
    end_on_signals(ended)
    run_together(services, teller, ended)
