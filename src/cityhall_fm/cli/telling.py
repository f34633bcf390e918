"""`--tell` and `--preview`: an asker hears in private what became of their question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cityhall_fm.cli.console import FACE, Face

if TYPE_CHECKING:
    from cityhall_fm.production.ports.words import Words
    from cityhall_fm.show.question import Status

_REASONS = ("time", "theme", "answered", "personal")
_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])


def telling(command: _CommandT) -> _CommandT:
    """Give a command the options of telling."""
    for option in (
        click.option("--preview", is_flag=True, help=FACE.say("kind.preview_option")),
        click.option("--reason", type=click.Choice(_REASONS), help=FACE.say("kind.reason_option")),
        click.option("--tell", is_flag=True, help=FACE.say("kind.tell_option")),
    ):
        command = option(command)
    return command


def words_to_tell(face: Face, question: str, to: Status, reason: str | None) -> Words:
    """Word the message; NotReadyError where there is nobody to tell."""
    from cityhall_fm.production.tell_asker import Reason, words_for

    companion = face.companion
    return words_for(
        companion.inbox.question(question),
        to,
        reason=Reason(reason) if reason else None,
        everything=companion.inbox.questions(),
        show=companion.show,
        renderer=companion.renderer,
    )


def show_words(face: Face, question: str, to: Status, reason: str | None) -> None:
    """Print what would be told."""
    click.echo(words_to_tell(face, question, to, reason).text)


def tell_now(face: Face, question: str, words: Words) -> None:
    """Send it, once."""
    from cityhall_fm.production.tell_asker import tell_asker

    companion = face.companion
    found = companion.inbox.question(question)
    sent = tell_asker(
        found, words, workspace=companion.workspace, ledger=companion.ledger, now=datetime.now(UTC)
    )
    FACE.tell("kind.told" if sent else "kind.told_before", question=found.id)
