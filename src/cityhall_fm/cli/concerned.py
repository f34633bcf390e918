"""What was recorded, or is out, of questions that were withdrawn since: said wherever a host looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE

if TYPE_CHECKING:
    from cityhall_fm.show.concerned import Concerned
    from cityhall_fm.show.episode import EpisodeNumber
    from cityhall_fm.show.question import QuestionId
    from cityhall_fm.wiring import Wired


def concerned_now(companion: Wired, only: QuestionId | None = None) -> tuple[Concerned, ...]:
    """List them, or those of one question."""
    from cityhall_fm.production.concerned import concerned

    return concerned(inbox=companion.inbox, shelf=companion.shelf, taps=companion.taps, only=only)


def tell_concerned(
    companion: Wired,
    *,
    only: QuestionId | None = None,
    number: EpisodeNumber | None = None,
    aside: bool = False,
) -> None:
    """Say each with episode and time; `aside`, where a program may read what is printed."""
    for one in concerned_now(companion, only):
        if number in (None, one.episode.number):
            click.echo(f"⚠ {FACE.texts.word(one.text).strip()}", err=aside)


def concerned_json(companion: Wired, only: QuestionId | None = None) -> list[dict[str, object]]:
    """Tell them to programs."""
    return [
        {
            "question": one.question,
            "episode": one.episode.number,
            "at": str(one.at) if one.at is not None else None,
        }
        for one in concerned_now(companion, only)
    ]
