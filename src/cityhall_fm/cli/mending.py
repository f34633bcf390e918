"""`correct`, `rollback`: what is done after something went out that should have been otherwise."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.cli.producing import tell_plan
from cityhall_fm.show.episode import EpisodeNumber


@click.command(help=FACE.say("cli.correct"))
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def correct(face: Face, number: int) -> None:
    """Bring everything that is out about one episode up to date."""
    from cityhall_fm.production.release import correct as correct_episode
    from cityhall_fm.show.outbox import Kind

    with TerminalProgress(FACE) as progress:
        publication, said = correct_episode(
            EpisodeNumber(number),
            face.companion,
            now=datetime.now(UTC),
            progress=progress,
            pause=time.sleep,
        )
    tell_plan(publication)
    FACE.tell("cli.corrected", number=number, count=said.count(Kind.CORRECTION))
    for remark in said.remarks:
        FACE.tell_text(remark)


@click.command(help=FACE.say("cli.rollback"))
@click.pass_obj
def rollback(face: Face) -> None:
    """Make the previous feed public again."""
    from cityhall_fm.production.hear import still_announced, take_back

    companion = face.companion
    back = take_back(companion, now=datetime.now(UTC))
    FACE.tell("publish.rolled_back", where=companion.bucket.where)
    for line in back.differs:
        FACE.tell_text(line)
    for line in still_announced(back, companion):
        FACE.tell_text(line)
    for line in back.remarks:
        FACE.tell_text(line)
    FACE.tell("publish.rolled_back_next")
