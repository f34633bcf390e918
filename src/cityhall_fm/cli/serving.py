"""`serve`: everything that runs for as long as the machine does."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face

if TYPE_CHECKING:
    from cityhall_fm.production.release import Released
    from cityhall_fm.show.text import Text


def end_on_signals(ended: threading.Event) -> None:
    """Let Ctrl-C and SIGTERM end what runs, in its own time."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())


def end_as_by_ctrl_c() -> None:
    """Let SIGTERM, as systemd and docker send it, raise KeyboardInterrupt in the main thread.

    Left alone it ends the process on the spot, and what was acknowledged is lost.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)


class OnTheTerminal:
    """Fulfils Teller: a line at a time, whichever thread it comes from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def tell(self, text: Text) -> None:
        with self._lock:
            FACE.tell_text(text)

    def released(self, released: Released) -> None:
        from cityhall_fm.cli.releasing import tell_released

        with self._lock:
            tell_released(released)


@click.command(help=FACE.say("serve.about"))
@click.option(
    "--http", "port", type=click.IntRange(1, 65535), metavar="PORT", help=FACE.say("serve.http_option")
)
@click.option(
    "--studio",
    "studio_port",
    type=click.IntRange(1, 65535),
    default=8430,
    show_default=True,
    metavar="PORT",
    help=FACE.say("serve.studio_option"),
)
@click.option("--no-studio", is_flag=True, help=FACE.say("serve.no_studio_option"))
@click.pass_obj
def serve(face: Face, port: int | None, studio_port: int, *, no_studio: bool) -> None:
    """Run until Ctrl-C or SIGTERM."""
    from cityhall_fm.services import run_together, services_of
    from cityhall_fm.settings import read_settings

    ended, teller = threading.Event(), OnTheTerminal()
    services = services_of(
        read_settings(face.folder, os.environ),
        teller,
        port=port,
        studio_port=None if no_studio else studio_port,
    )
    if not any(service.name.name.startswith("serve.slack") for service in services):
        FACE.tell("serve.no_slack")
    end_on_signals(ended)
    run_together(services, teller, ended)
