"""Questions -> the emoji under them: what their askers see of where they stand."""

from __future__ import annotations

from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.slack_app import AppMemory, Desk
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.question import EMOJI, Kind, Question, QuestionId, Status

_GONE: Final = "slack.message_gone"


def show_status(
    *, desk: Desk, inbox: Inbox, memory: AppMemory, most: int = 40, only: QuestionId | None = None
) -> int:
    """Bring the emoji under the questions to say how they stand; tells how many were changed.

    What was put is remembered, so only what differs is asked of Slack: `most` questions at a time, since it
    takes 50 reactions a minute, or `only` one. A topic has none: nobody asked. Raises SlackError where Slack
    is in trouble.
    """
    marks = memory.marks()
    changed = 0
    for question in inbox.questions():
        wanted, put = _wanted(question), marks.get(question.id)
        if wanted == put or question.kind is Kind.TOPIC or only not in (None, question.id):
            continue
        if changed >= most:
            break
        changed += 1
        try:
            if wanted:
                desk.react(question.thread.channel, question.thread.ts, wanted)
            if put:
                desk.unreact(question.thread.channel, question.thread.ts, put)
        except SlackError as error:
            if error.text.name != _GONE:
                raise
        memory.set_mark(question.id, wanted)
    return changed


def _wanted(question: Question) -> str | None:
    if question.thread.opening.deleted:
        return None
    # A question in a rundown is still on the shortlist as far as its asker can see.
    shown = Status.SHORTLISTED if question.status is Status.SLOTTED else question.status
    return EMOJI.get(shown)
