"""`backup`, `restore`, `units`: so that the show survives its machine, and goes out by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cityhall_fm.cli.console import FACE, Face


@click.command(help=FACE.say("backup.backup"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(face: Face, file: Path) -> None:
    """Save what cannot be made again."""
    from cityhall_fm.production.back_up import back_up

    done = back_up(face.folder, memory=face.companion.memory, to=file)
    FACE.tell("backup.saved", file=file, count=done.files, megabytes=done.length_bytes / 1e6)


@click.command(help=FACE.say("backup.restore"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(face: Face, file: Path) -> None:
    """Bring a show back onto an empty machine."""
    from cityhall_fm.production.back_up import restore as bring_back
    from cityhall_fm.wiring import memory_of

    with memory_of(face.folder, os.environ) as memory:
        done = bring_back(face.folder, memory=memory, source=file)
    FACE.tell("backup.restored", folder=face.folder, count=done.files)


@click.command(help=FACE.say("backup.units"))
@click.option("--cron", is_flag=True, help=FACE.say("backup.cron_option"))
@click.pass_obj
def units(face: Face, *, cron: bool) -> None:
    """Print what makes this machine keep the dates by itself."""
    command = f"{sys.executable} -m cityhall_fm --show {_quoted(face.folder.resolve())} release --wait"
    if cron:
        # Cron starts a second one while the first still waits: it is told that it is not its turn.
        click.echo(f"*/5 * * * * {command.replace('%', chr(92) + '%')}")
        return
    click.echo(_SERVICE.format(command=command.replace("%", "%%")))


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


_SERVICE = """\
# ~/.config/systemd/user/cityhall-fm.service
# systemctl --user enable --now cityhall-fm; loginctl enable-linger
[Unit]
Description=Remote City Hall on FM
After=network-online.target

[Service]
ExecStart={command}
EnvironmentFile=%h/.config/cityhall-fm.env
Restart=always
RestartSec=20

[Install]
WantedBy=default.target"""
