"""`demo`: the whole main job on the example show; then it serves the result."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from cityhall_fm.cli.console import FACE, TerminalProgress


@click.command(help=FACE.say("cli.demo"))
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help=FACE.say("cli.demo_dir_option"),
)
@click.option("--once", is_flag=True, help=FACE.say("cli.demo_once_option"))
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8420,
    show_default=True,
    help=FACE.say("cli.demo_port_option"),
)
def demo(folder: Path, port: int, *, once: bool) -> None:
    """Play the demo."""
    from cityhall_fm.demo.play import play, workspace
    from cityhall_fm.demo.serving import serve

    with workspace(folder, port=port + 1) as sandbox:
        with TerminalProgress(FACE) as progress:
            played = play(folder, sandbox, port=port, now=datetime.now(UTC), progress=progress)
        released = played.released
        FACE.tell(
            "demo.played",
            title=released.episode.title,
            number=released.episode.number,
            folder=played.folder,
            feed=played.site / "feed.xml",
            export=played.export,
        )
        FACE.tell("release.announced" if released.announced else "release.already_announced")
        FACE.tell("release.thanked", sent=released.receipts.sent, kept=released.receipts.kept)
        if once:
            return
        FACE.tell(
            "demo.serving",
            page=f"http://127.0.0.1:{port}/",
            feed=f"http://127.0.0.1:{port}/feed.xml",
            slack=sandbox.page_url,
        )
        serve(played.site, port=port)
