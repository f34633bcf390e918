"""What an asker chose in the app's form, for the host; and what the asker sees when the host decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.errors import CompanionError

if TYPE_CHECKING:
    from cityhall_fm.show.asking import Submission
    from cityhall_fm.show.question import Question


def submitted(face: Face, question: Question) -> dict[str, object] | None:
    """Tell corner, department and contact permission; None for what was not asked through the app."""
    given = face.companion.app_memory.submission(question.id)
    return submitted_json(given) if given else None


def submitted_json(given: Submission) -> dict[str, object]:
    """Tell what was chosen beside words and name to programs."""
    return {
        "corner": given.corner,
        "department": given.department,
        "may_contact": given.may_contact,
        "publicly": given.publicly,
    }


def tell_submitted(face: Face, question: Question) -> None:
    """Say it in a line, where there is something to say."""
    given = face.companion.app_memory.submission(question.id)
    if given:
        click.echo(submitted_line(given))


def submitted_line(given: Submission) -> str:
    """Word what was chosen beside words and name."""
    return FACE.say(
        "slack_app.submitted_line",
        corner=FACE.say(f"slack_app.corner_{given.corner}"),
        department=given.department or "–",
        contact=FACE.say("slack_app.may_contact" if given.may_contact else "slack_app.no_contact"),
    )


def show_emoji(face: Face, question: Question) -> None:
    """Put the emoji of its status under a question, where there is a Slack; a failure there undoes nothing.

    What could not be put now, `slack serve` puts later.
    """
    from cityhall_fm.production.show_status import show_status

    companion = face.companion
    if not companion.settings.slack.token:
        return
    try:
        show_status(desk=companion.desk, inbox=companion.inbox, memory=companion.app_memory, only=question.id)
    except CompanionError as error:
        happened = FACE.texts.word(error.text).strip().partition("\n")[0]
        FACE.tell("slack_app.problem", what=happened)
