"""`episode chapters`: print an episode's chapters, or bring times from a file into its rundown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.chapters import Form, How, in_finished, linked, read, write
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError

if TYPE_CHECKING:
    from cityhall_fm.show.chapters import Laid
    from cityhall_fm.show.rundown import Chapter


@click.command("chapters", help=FACE.say("chapters.command"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    help=FACE.say("chapters.format_option"),
)
@click.option(
    "--from", "file", type=click.Path(path_type=Path), metavar="FILE", help=FACE.say("chapters.from_option")
)
@click.option("--finished", is_flag=True, help=FACE.say("chapters.finished_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def chapters(
    face: Face, number: int, form: str | None, file: Path | None, *, finished: bool, as_json: bool
) -> None:
    """Print chapters, or bring them in."""
    if (file and form) or (finished and not file) or (form and as_json):
        raise click.UsageError(FACE.say("chapters.usage"))
    if file:
        _bring(face, EpisodeNumber(number), file, finished=finished, as_json=as_json)
    else:
        _print(face, EpisodeNumber(number), Form(form or Form.TEXT), as_json=as_json)


def _print(face: Face, number: EpisodeNumber, form: Form, *, as_json: bool) -> None:
    from cityhall_fm.production.write_notes import notes_of
    from cityhall_fm.texts import Catalogue

    show, episode = face.companion.show, face.companion.shelf.episode(number)
    notes = notes_of(show, episode, inbox=face.companion.inbox)
    found = in_finished(episode, notes, opening=Catalogue(show.language)("pages.opening"), url=show.url)
    if not found:
        raise NotReadyError("chapters.untimed", number=number)
    if episode.enclosure is None:
        click.echo(FACE.say("chapters.not_mastered", number=number), err=True)
    if as_json:
        FACE.tell_json([_as_json(chapter) for chapter in found])
        return
    if form is Form.JSON:  # as the feed's: every chapter opens its second on the page
        found = linked(found, show.url(f"{number}/"))
    end = episode.enclosure.duration if episode.enclosure else None
    click.echo(write(found, form, title=episode.title, show=show.title, end=end), nl=False)


def _bring(face: Face, number: EpisodeNumber, file: Path, *, finished: bool, as_json: bool) -> None:
    from cityhall_fm.production.time_rundown import time_rundown
    from cityhall_fm.reading import read_text

    companion = face.companion
    laid = time_rundown(
        number,
        read(read_text(file), file),
        shelf=companion.shelf,
        language=companion.show.language,
        finished=finished,
    )
    if as_json:
        FACE.tell_json(_laid_as_json(laid))
    else:
        _tell(number, laid)


def _tell(number: EpisodeNumber, laid: Laid) -> None:
    for one in laid.placed:
        how = FACE.say(f"chapters.how_{one.how}" if one.changed else "chapters.kept")
        before = f"{one.before.exact()} → " if one.changed and one.before is not None else ""
        click.echo(f"  {one.position:2} {before}{one.at.exact()}  {one.title}  ({how})")
    for mark in laid.left_over:
        click.echo(FACE.say("chapters.left_over", at=mark.at.exact(), title=mark.title).rstrip())
    for segment in laid.rundown.untimed:
        FACE.tell("chapters.still_untimed", title=segment.title)
    if not laid.changed:
        FACE.tell("chapters.unchanged", number=number)
        return
    counts = {how.value: sum(one.how is how for one in laid.changed) for how in How}
    FACE.tell("chapters.brought", number=number, count=len(laid.changed), **counts)


def _as_json(chapter: Chapter) -> dict[str, object]:
    return {
        "at": chapter.at.exact(),
        "title": chapter.title,
        "url": chapter.url,
        "image": chapter.image,
    }


def _laid_as_json(laid: Laid) -> dict[str, object]:
    return {
        "placed": [
            {
                "position": one.position,
                "title": one.title,
                "before": one.before.exact() if one.before is not None else None,
                "at": one.at.exact(),
                "how": one.how.value,
                "changed": one.changed,
            }
            for one in laid.placed
        ],
        "left_over": [_as_json(mark) for mark in laid.left_over],
        "untimed": [segment.title for segment in laid.rundown.untimed],
    }
