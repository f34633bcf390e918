"""Askers' voices for the host: where they lie, whether they may be played, and a copy for the programme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.production.keep_voices import KeptVoices
    from cityhall_fm.show.question import Question
    from cityhall_fm.wiring import Wired


@click.command("voice", help=FACE.say("slack_app.voice_command"))
@click.argument("question")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help=FACE.say("slack_app.voice_to_option"),
)
@click.pass_obj
def voice(face: Face, question: str, folder: Path) -> None:
    """Copy recordings out, if their speaker agreed to have them played."""
    from cityhall_fm.production.keep_voices import voice_for_programme

    companion = face.companion
    for name, content in voice_for_programme(
        question, inbox=companion.inbox, voices=companion.voices
    ).items():
        to = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            to.write_bytes(content)
        except OSError as error:
            raise InputError("files.unwritable", path=to, reason=error.strerror or str(error)) from error
        FACE.tell("slack_app.voice_copied", path=to)


def keep_all_voices(companion: Wired) -> KeptVoices:
    """Fetch what is not here yet, where there is a token; remove what may not be kept."""
    from cityhall_fm.production.keep_voices import keep_voices

    return keep_voices(inbox=companion.inbox, voices=companion.voices, source=companion.clips)


def tell_voices(kept: KeptVoices) -> None:
    """Say what came, and what could not be had."""
    if kept.fetched:
        FACE.tell("slack_app.voices_fetched", count=kept.fetched)
    for error in kept.refused:
        happened = FACE.texts.word(error.text).strip().partition("\n")[0]
        click.echo(FACE.say("slack_app.problem", what=happened), err=True)


def tell_recordings(question: Question, companion: Wired) -> None:
    """Say where a question's recordings lie, and whether they may be played."""
    from cityhall_fm.show.voices import wanted_clips

    paths = companion.voices.for_host(question.id)
    agreed = bool(question.consent and question.consent.stands and question.consent.voice)
    for clip in wanted_clips(question):
        FACE.tell(
            "slack_app.voice_line",
            path=paths.get(clip.id, FACE.say("slack_app.voice_not_here")),
            time=Timecode.of_seconds(clip.seconds),
            agreed=FACE.say("slack_app.voice_agreed" if agreed else "slack_app.voice_only_host"),
        )


def voices_json(question: Question, companion: Wired) -> dict[str, object]:
    """Tell the same as data."""
    agreed = bool(question.consent and question.consent.stands and question.consent.voice)
    paths = companion.voices.for_host(question.id)
    return {"voices": [str(path) for path in paths.values()], "voice_agreed": agreed}
