"""What can go wrong, sorted by who can mend it.

CompanionError            a text of two lines: what happened, and what to do
├─ InputError             the author: a path, and every problem in that file
├─ UnknownError           the person at the keyboard: a question or episode that is not there
├─ NotReadyError          the producer: what is missing, which command makes it
│  └─ ConflictError       somebody else was there meanwhile: what differs
└─ ServiceError           nobody here, or whoever keeps the service: retryable or not
   ├─ SlackError
   ├─ BucketError
   ├─ DatabaseError
   ├─ WebError
   └─ AudioError
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (field, and line where known) and what to write instead."""

    field: str
    text: Text
    line: int | None = None


class CompanionError(Exception):
    """Something a person can be told about; `text` names its entry in the catalogues."""

    def __init__(self, name: str, /, **values: object) -> None:
        self.text = Text.of(name, **values)
        super().__init__(repr(self.text))


class InputError(CompanionError):
    """A file that somebody wrote is not right; all of its problems at once."""

    def __init__(
        self, name: str, /, *, path: object, problems: Sequence[Problem] = (), **values: object
    ) -> None:
        super().__init__(name, path=path, **values)
        self.path = path
        self.problems = tuple(problems)


class UnknownError(CompanionError):
    """A question, an episode or a channel was named that is not there."""


class NotReadyError(CompanionError):
    """Something is missing before this step can run; `missing` names each thing and its command."""

    def __init__(self, name: str, /, *, missing: Sequence[Text] = (), **values: object) -> None:
        super().__init__(name, **values)
        self.missing = tuple(missing)


class ConflictError(NotReadyError):
    """Somebody else changed it, or is at it now; `missing` names each difference."""


class ServiceError(CompanionError):
    """A service outside did not do its part."""

    def __init__(self, name: str, /, *, retryable: bool = False, **values: object) -> None:
        super().__init__(name, **values)
        self.retryable = retryable


class SlackError(ServiceError):
    """Slack refused, or did not answer; `unsent` where it certainly never heard what was asked of it."""

    def __init__(
        self, name: str, /, *, retryable: bool = False, unsent: bool = False, **values: object
    ) -> None:
        super().__init__(name, retryable=retryable, **values)
        self.unsent = unsent


class BucketError(ServiceError):
    """The place that the show is published to refused, or did not answer."""


class DatabaseError(ServiceError):
    """The database could not be opened, read or written."""


class WebError(ServiceError):
    """An address could not be fetched; `wait` is how many seconds its server asked to be left alone."""

    def __init__(self, name: str, /, *, retryable: bool = False, wait: float = 0.0, **values: object) -> None:
        super().__init__(name, retryable=retryable, **values)
        self.wait = wait


class AudioError(ServiceError):
    """A recording could not be read or mastered."""
