"""After a withdrawal, an erasure or a purge: neutral words in place of what the app posted in Slack."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE
from cityhall_fm.show.errors import CompanionError

if TYPE_CHECKING:
    from cityhall_fm.wiring import Wired


def take_back_posts(companion: Wired) -> None:
    """Take back all that must not stand there any more; a failure in Slack undoes nothing.

    What cannot be done now, without a token or while Slack is down, waits in the outbox for a later command,
    `slack serve` or `serve`.
    """
    from cityhall_fm.production.take_back import queue_taking_back, take_back_waiting

    queue_taking_back(
        inbox=companion.inbox,
        keeping=companion.keeping,
        ledger=companion.ledger,
        outbox=companion.outbox,
        now=datetime.now(UTC),
    )
    if not companion.settings.slack.token:
        return
    try:
        take_back_waiting(
            inbox=companion.inbox,
            workspace=companion.workspace,
            outbox=companion.outbox,
            show_for=companion.show_for,
            now=datetime.now(UTC),
        )
    except CompanionError as error:
        happened = FACE.texts.word(error.text).strip().partition("\n")[0]
        click.echo(FACE.say("slack_app.problem", what=happened), err=True)
