"""What an asker chose in the app's form, for the host; and what the asker sees when the host decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.errors import CompanionError

if TYPE_CHECKING:
    from cityhall_fm.show.question import Question


def submitted(face: Face, question: Question) -> dict[str, object] | None:
    """Tell corner, department and contact permission; None for what was not asked through the app."""
    given = face.companion.app_memory.submission(question.id)
    if given is None:
        return None
    return {
        "corner": given.corner,
        "department": given.department,
        "may_contact": given.may_contact,
        "publicly": given.publicly,
    }


def tell_submitted(face: Face, question: Question) -> None:
    """Say it in a line, where there is something to say."""
    chosen = submitted(face, question)
    if chosen:
        FACE.tell(
            "slack_app.submitted_line",
            corner=FACE.say(f"slack_app.corner_{chosen['corner']}"),
            department=chosen["department"] or "–",
            contact=FACE.say("slack_app.may_contact" if chosen["may_contact"] else "slack_app.no_contact"),
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
