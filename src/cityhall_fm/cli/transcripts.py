"""`episode transcript`: print a transcript, or bring one from a file; `transcribe`: have one written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.transcript import Form, transcript_of, written

if TYPE_CHECKING:
    from cityhall_fm.show.errors import Problem


@click.command("transcript", help=FACE.say("transcripts.command"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    help=FACE.say("transcripts.format_option"),
)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=FACE.say("transcripts.from_option"),
)
@click.option("--finished", is_flag=True, help=FACE.say("transcripts.finished_option"))
@click.pass_obj
def transcript(face: Face, number: int, form: str | None, file: Path | None, *, finished: bool) -> None:
    """Print a transcript, or bring one in."""
    if (file and form) or (finished and not file):
        raise click.UsageError(FACE.say("transcripts.usage"))
    if file:
        _bring(face, EpisodeNumber(number), file, finished=finished)
    else:
        _print(face, EpisodeNumber(number), Form(form or Form.TEXT))


@click.command("transcribe", help=FACE.say("transcripts.transcribe"))
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help=FACE.say("transcripts.model_option"),
)
@click.option("--replace", is_flag=True, help=FACE.say("transcripts.replace_option"))
@click.pass_obj
def transcribe(face: Face, number: int, model: Path, *, replace: bool) -> None:
    """Have a recording written down."""
    from cityhall_fm.production.transcribe import transcribe as transcribe_recording

    companion = face.companion
    with TerminalProgress(FACE) as progress:
        heard = transcribe_recording(
            companion.shelf.episode(EpisodeNumber(number)),
            show=companion.show,
            transcriber=lambda: companion.transcriber(model),
            shelf=companion.shelf,
            progress=progress,
            replace=replace,
        )
    FACE.tell("transcripts.transcribed", number=number, count=heard.cues, duration=heard.duration)
    _tell_speakers(heard.speakers)


def _print(face: Face, number: EpisodeNumber, form: Form) -> None:
    from cityhall_fm.production.write_notes import notes_of

    companion = face.companion
    episode = companion.shelf.episode(number)
    if not episode.transcript:
        raise NotReadyError("transcripts.none", number=number)
    if episode.enclosure is None:
        click.echo(FACE.say("transcripts.not_mastered", number=number), err=True)
    cues = transcript_of(episode, notes_of(companion.show, episode, inbox=companion.inbox))
    text = written(cues, form, title=episode.title, language=companion.show.language)
    click.echo(text, nl=False)


def _bring(face: Face, number: EpisodeNumber, file: Path, *, finished: bool) -> None:
    from cityhall_fm.production.import_transcript import import_transcript
    from cityhall_fm.reading import read_text

    shelf = face.companion.shelf
    imported = import_transcript(
        shelf.episode(number), read_text(file), path=file, finished=finished, shelf=shelf
    )
    FACE.tell(
        "transcripts.replaced" if imported.replaced else "transcripts.imported",
        number=number,
        count=imported.cues,
        until=imported.until,
    )
    _tell_speakers(imported.speakers)
    if not imported.compared:
        FACE.tell("transcripts.not_compared", number=number)
    if imported.warnings:
        FACE.tell("transcripts.warnings", count=len(imported.warnings))
        for problem in imported.warnings:
            click.echo(_worded(problem))


def _tell_speakers(names: tuple[str, ...]) -> None:
    """Show the names that will be public."""
    if names:
        FACE.tell("transcripts.speakers", names=FACE.say("transcripts.comma").join(names))


def _worded(problem: Problem) -> str:
    words = FACE.texts.word(problem.text)
    return FACE.say("files.problem_line", line=problem.line, problem=words) if problem.line else f"  {words}"
