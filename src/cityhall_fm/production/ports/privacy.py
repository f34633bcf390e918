"""What keeping people's words for no longer than stated asks of the outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cityhall_fm.show.asking import Submission
from cityhall_fm.show.consent import Consent
from cityhall_fm.show.erasure import Erased
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import UserId


class Keeping(Protocol):
    """What is kept about people, and how it is let go; in the database."""

    def since(self, ids: Iterable[QuestionId], *, now: datetime) -> Mapping[QuestionId, datetime]:
        """Tell since when each is kept; of one that was not asked about before, since now."""

    def forgotten(self) -> Mapping[QuestionId, datetime]:
        """Name the questions whose words were removed, and when: they are not collected again."""

    def forget(self, ids: Sequence[QuestionId], *, at: datetime) -> None:
        """Remove words, names, threads and radio names; id, status and the consents' dates stay."""

    def drop_proofs(self, *, before: datetime) -> int:
        """Remove the consents of what was forgotten before a day; tells how many."""

    def consents(self, ids: Iterable[QuestionId]) -> Mapping[QuestionId, Sequence[Consent]]:
        """Read every consent that was ever given to these, oldest first."""

    def draft(self, person: UserId) -> Submission | None:
        """Read what somebody typed into the app's form and did not send."""

    def drop_drafts(self, *, before: datetime) -> int:
        """Remove the unsent forms of before a day; tells how many."""

    def erase(self, person: UserId, *, at: datetime, salt: str) -> None:
        """Remove a person from everybody's threads, and remember not to read them again.

        `salt` goes into the fingerprint where the show has none yet.
        """

    def erase_again(self, erased: Erased) -> None:
        """Do so with everybody on a list: what they did until then goes from the threads."""

    def people(self) -> frozenset[UserId]:
        """Name everybody of whom something is kept."""

    def erased(self) -> Erased: ...
