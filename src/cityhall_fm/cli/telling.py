"""`--tell` and `--preview`: an asker hears in private what became of their question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.asking import LONGEST_WORDS
from cityhall_fm.show.clean import clean

if TYPE_CHECKING:
    from cityhall_fm.production.ports.words import Words
    from cityhall_fm.show.question import Status

_REASONS = ("time", "theme", "answered", "personal")
_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])


def telling(command: _CommandT) -> _CommandT:
    """Give a command the options of telling."""
    for option in (
        click.option("--text", "own", default="", help=FACE.say("kind.text_option")),
        click.option("--preview", is_flag=True, help=FACE.say("kind.preview_option")),
        click.option("--reason", type=click.Choice(_REASONS), help=FACE.say("kind.reason_option")),
        click.option("--tell", is_flag=True, help=FACE.say("kind.tell_option")),
    ):
        command = option(command)
    return command


def words_to_tell(face: Face, question: str, to: Status, reason: str | None, own: str = "") -> Words:
    """Word the message; NotReadyError where there is nobody to tell."""
    from cityhall_fm.production.tell_asker import Reason, words_for

    companion = face.companion
    return words_for(
        companion.inbox.question(question),
        to,
        reason=Reason(reason) if reason else None,
        everything=companion.inbox.questions(),
        show=companion.show_for(companion.inbox.question(question).asker),
        renderer=companion.renderer,
        own=tidied(own),
    )


def tidied(own: str) -> str:
    """Take a host's words as Slack can carry them."""
    return clean(own).strip()[:LONGEST_WORDS]


def show_words(face: Face, question: str, to: Status, reason: str | None, own: str = "") -> None:
    """Print what would be told."""
    click.echo(words_to_tell(face, question, to, reason, own).text)


def tell_now(
    face: Face, question: str, words: Words, *, to: Status, reason: str | None, own: str = ""
) -> None:
    """Send it, once."""
    from cityhall_fm.production.tell_asker import Reason, named, tell_asker

    companion = face.companion
    found = companion.inbox.question(question)
    sent = tell_asker(
        found,
        words,
        about=named(to, Reason(reason) if reason else None, tidied(own)),
        workspace=companion.workspace,
        ledger=companion.ledger,
        outbox=companion.outbox,
        now=datetime.now(UTC),
    )
    FACE.tell("kind.told" if sent else "kind.told_before", question=found.id)
