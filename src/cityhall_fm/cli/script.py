"""`script`: what the hosts read aloud, to print or to take along."""

from __future__ import annotations

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.episode import EpisodeNumber


@click.command(help=FACE.say("script.about"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "txt"]),
    default="txt",
    show_default=True,
    help=FACE.say("script.format_option"),
)
@click.option("--vertical", is_flag=True, help=FACE.say("script.vertical_option"))
@click.pass_obj
def script(face: Face, number: int, *, form: str, vertical: bool) -> None:
    """Write an episode's script."""
    from cityhall_fm.phrases import phrases
    from cityhall_fm.production.write_script import write_script

    companion = face.companion
    show, episode = companion.show, companion.shelf.episode(EpisodeNumber(number))
    written = write_script(
        show,
        episode,
        inbox=companion.inbox,
        furigana=companion.furigana,
        phrases=phrases,
        readings=companion.studio_memory.readings(),
    )
    renderer = companion.renderer
    words = (
        renderer.script_html(show, episode, written, vertical=vertical)
        if form == "html"
        else renderer.script_text(show, episode, written)
    )
    click.echo(words.rstrip())
