"""What whoever leafs through a large inbox asks of it: what has changed, without reading all of it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from cityhall_fm.show.consent import Consent
from cityhall_fm.show.question import Kind, QuestionId, Status


class Standing(NamedTuple):
    """What changes about a question while its thread stays as it is."""

    kind: Kind
    status: Status
    consent: Consent | None


class InboxState(NamedTuple):
    """Fingerprints of what the inbox holds: its threads, and what was chosen and agreed to."""

    threads: str
    choices: str


class Browsing(Protocol):
    """The inbox as something that one leafs through; in the database."""

    def state(self) -> InboxState:
        """Fingerprint the inbox: any change to a message, a name, a status or a consent alters it."""

    def thread_states(self) -> Mapping[QuestionId, str]:
        """Fingerprint the thread of every question."""

    def standings(self) -> Mapping[QuestionId, Standing]:
        """Read how every question stands."""
