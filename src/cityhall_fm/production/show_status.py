"""Questions -> the emoji under them: what their askers see of where they stand."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox, Outline
from cityhall_fm.production.ports.slack_app import AppMemory, Desk
from cityhall_fm.show.errors import CompanionError, SlackError
from cityhall_fm.show.question import EMOJI, Kind, QuestionId, Status

_GONE: Final = "slack.message_gone"


def show_status(
    *,
    desk: Desk,
    inbox: Inbox,
    memory: AppMemory,
    most: int = 40,
    only: QuestionId | None = None,
    refusals: MutableMapping[QuestionId, str | None] | None = None,
) -> int:
    """Bring the emoji under the questions to say how they stand; tells how many were changed.

    What was put is remembered, so only what differs is asked of Slack: `most` questions at a time, since it
    takes 50 reactions a minute, or `only` one. A topic has none: nobody asked. Raises SlackError where Slack
    is in trouble; what Slack refuses for one question is raised after all others had their turn. It is noted
    in `refusals`, and whoever passes that again is not told of it again, nor is Slack asked. Where another
    process was sooner, its emoji stays, and the next time compares anew.
    """
    refused: CompanionError | None = None
    refusals = {} if refusals is None else refusals
    marks = memory.marks()
    changed = 0
    for question in [Outline.of(inbox.question(only))] if only else inbox.outlines():
        wanted, put = _wanted(question), marks.get(question.id)
        if wanted in {put, refusals.get(question.id, put)} or question.kind is Kind.TOPIC:
            continue
        if changed >= most:
            break
        changed += 1
        try:
            if wanted:
                desk.react(question.channel, question.ts, wanted)
            if put:
                desk.unreact(question.channel, question.ts, put)
        except CompanionError as error:
            if isinstance(error, SlackError) and error.retryable:
                raise
            if error.text.name != _GONE:
                refused = refused or error
                refusals[question.id] = wanted
                continue
        _note(question, put, wanted, desk=desk, memory=memory)
        refusals.pop(question.id, None)
    if refused:
        raise refused
    return changed


def _note(question: Outline, put: str | None, ours: str | None, *, desk: Desk, memory: AppMemory) -> None:
    """Remember our emoji, or take it back: another process put one meanwhile, of how things stood before."""
    if memory.change_mark(question.id, put, ours):
        return
    if ours and ours != memory.marks().get(question.id):
        desk.unreact(question.channel, question.ts, ours)


def _wanted(question: Outline) -> str | None:
    if question.is_deleted:
        return None
    # A question in a rundown is still on the shortlist as far as its asker can see.
    shown = Status.SHORTLISTED if question.status is Status.SLOTTED else question.status
    return EMOJI.get(shown)
