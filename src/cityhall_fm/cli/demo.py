"""`demo`: the whole main job on the example show; then it serves the result, with the Slack app at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cityhall_fm.cli.console import FACE, TerminalProgress
from cityhall_fm.cli.slack import pin_the_button, tell_problem

if TYPE_CHECKING:
    from cityhall_fm.wiring import Wired

_STATUS_SECONDS: Final = 2.0
"""Who tries the show out sees at once what a host's choice changes in Slack."""


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
    from cityhall_fm.demo.play import open_to_members, play, workspace

    now = datetime.now(UTC)
    with workspace(folder, port=port + 1, ids_from=int(now.timestamp())) as sandbox:
        with TerminalProgress(FACE) as progress:
            played = play(folder, sandbox, port=port, now=now, progress=progress)
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
        from cityhall_fm.demo.serving import serve

        with suppress(KeyboardInterrupt), open_to_members(folder, sandbox) as companion, _app(companion):
            FACE.tell(
                "demo.serving",
                page=f"http://127.0.0.1:{port}/",
                feed=f"http://127.0.0.1:{port}/feed.xml",
                slack=sandbox.page_url,
            )
            FACE.tell("demo.to_try", folder=played.folder, channel=_channel_to_ask_in(companion))
            serve(played.site, port=port)


@contextmanager
def _app(companion: Wired) -> Iterator[None]:
    """Run the Slack app beside the pages; its button stands in the question channel."""
    from cityhall_fm.slack_app.serving import desk_at_work, over_socket

    pin_the_button(companion, _channel_to_ask_in(companion))
    # What stands in the channels was collected a moment ago.
    at_work = desk_at_work(companion, status_seconds=_STATUS_SECONDS, collecting=False, told=tell_problem)
    with at_work as (app, desk), over_socket(companion, app, desk):
        yield


def _channel_to_ask_in(companion: Wired) -> str:
    """Name it; the folder of an earlier play may have been changed since."""
    return (*companion.rules.question_channels, companion.announce_channel)[0]
