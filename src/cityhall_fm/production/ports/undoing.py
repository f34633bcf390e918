"""What production asks to be remembered, so that what was done to a question can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.undoing import Done, History


class Undoing(Protocol):
    """What was lately done to questions, and their history; in the database."""

    def history(self, question: QuestionId) -> History: ...

    def note(self, done: Done) -> Done:
        """Keep what was done, under a number; what is past for good goes."""

    def done(self, number: int) -> Done | None: ...

    def lately(self, person: str, *, now: datetime) -> Sequence[Done]:
        """List what somebody did that is not past yet, the latest first."""

    def forget(self, number: int) -> None: ...

    def revert(self, question: QuestionId, status: Status, *, before: History, after: History) -> bool:
        """Take a question's moves and consents since `before` out of its history, and set its status.

        Nothing is changed, and False told, where its history is not `after` any more.
        """
