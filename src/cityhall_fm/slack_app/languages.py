"""Which language each member reads Slack in: asked of Slack, and again after an hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.show.errors import CompanionError, SlackError
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.texts import LANGUAGES, Catalogue

KEPT: Final = timedelta(hours=1)
"""Slack tells of a member's change to one process only; the others learn of it by asking again."""


@dataclass(slots=True)
class Languages:
    """`locale` asks Slack; `otherwise` is the show's own language, for where Slack does not tell."""

    locale: Callable[[UserId], str]
    clock: Callable[[], datetime]
    complain: Callable[[CompanionError], None]
    otherwise: str
    _known: dict[UserId, tuple[str, datetime]] = field(default_factory=dict)

    def forget(self, user: UserId) -> None:
        """Ask Slack again when the member's language is next needed."""
        self._known.pop(user, None)

    def say(self, user: UserId | None) -> Catalogue:
        """Speak a member's language; an old answer of Slack's is better than none."""
        if user is None:
            return Catalogue(self.otherwise)
        now = self.clock()
        known = self._known.get(user)
        if known is None or now - known[1] >= KEPT:
            try:
                self._known[user] = self.locale(user)[:2].lower(), now
            except SlackError as error:
                self.complain(error)
        return self.known(user)

    def known(self, user: UserId) -> Catalogue:
        """Speak a member's language as far as it is known; asks nobody."""
        language, _ = self._known.get(user, ("", None))
        return Catalogue(language if language in LANGUAGES else self.otherwise)
