"""A question that is not in the show -> its asker hears it in private, kindly and once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Renderer, Words
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.episode import Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.question import Kind, Question, Status
from cityhall_fm.show.shelf import first_messages, is_first_time


class Reason(StrEnum):
    """Why not this time, as an asker may hear it."""

    TIME = "time"
    THEME = "theme"
    ANSWERED = "answered"
    PERSONAL = "personal"


def words_for(
    question: Question,
    to: Status,
    *,
    reason: Reason | None,
    everything: Sequence[Question],
    show: Show,
    renderer: Renderer,
) -> Words:
    """Word what an asker is told when their question becomes declined, or is kept for next time.

    `everything` is what the inbox knows, by which a first question is told. Raises NotReadyError where
    there is nobody to tell: nobody submitted a topic, and whoever withdrew wants to hear no more of it.
    """
    if question.kind is not Kind.QUESTION or question.asker is None or question.status is Status.WITHDRAWN:
        raise NotReadyError("kind.nobody_to_tell", question=question.id)
    return renderer.declined(
        show,
        later=to is Status.NEXT_TIME,
        first=is_first_time(question, first_messages(everything)),
        reason=reason.value if reason else "",
        permalink=question.thread.permalink,
    )


def tell_asker(
    question: Question, words: Words, *, workspace: Workspace, ledger: Ledger, now: datetime
) -> bool:
    """Send it as a direct message; tells whether it was sent now, False where it was before.

    Raises NotReadyError where an earlier answer of Slack was lost: direct messages cannot be looked
    through, and better one message too few than two.
    """
    key = told_key(question.id)
    if question.asker is None:
        raise NotReadyError("kind.nobody_to_tell", question=question.id)
    if ledger.posted(key):
        return False
    if ledger.intend(key, at=now) != now:
        raise NotReadyError("kind.perhaps_told", question=question.id)
    ledger.remember(workspace.post_privately(question.asker, words, key=key), at=now)
    return True
