"""People who asked to be erased: what they said and did in Slack until then is not read again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.consent import Private
from cityhall_fm.show.mrkdwn.names import NOBODY
from cityhall_fm.show.slack_thread import Message, Thread, Ts, UserId, ts_order

_MARK: Final = "$"
"""Stands between the salt and the fingerprint."""
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")


@dataclass(frozen=True, slots=True)
class Erased:
    """Fingerprints of people's ids, and until when: a fingerprint names nobody who does not name themselves.

    Whoever writes again after that day takes part anew.
    """

    until: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def covers(self, person: UserId | None, ts: Ts) -> bool:
        """Tell whether something that a person did at this time is to be left out."""
        at = self.when(person)
        return at is not None and ts_order(ts)[0] <= at.timestamp()

    def when(self, person: UserId | None) -> datetime | None:
        """Tell when a person was erased; None where they were not."""
        if person is None or not self.until:
            return None
        found = [self.until.get(fingerprint(person, salt)) for salt in self._salts()]
        return max((at for at in found if at), default=None)

    def salt(self, otherwise: str) -> str:
        """Take the salt that this show already uses, or a new one."""
        return max(self._salts(), default="") or otherwise

    def and_(self, other: Erased) -> Erased:
        """Put two lists together; of somebody in both the later day counts."""
        both = {key: self.until.get(key) or at for key, at in {**self.until, **other.until}.items()}
        return Erased({key: max(at, other.until.get(key, at)) for key, at in both.items()})

    def _salts(self) -> frozenset[str]:
        return frozenset(key.rpartition(_MARK)[0] for key in self.until)

    def without(self, message: Message) -> Message | None:
        """Take erased people out of a message: who reacted, who is mentioned; None where it is their own."""
        if self.covers(message.author, message.ts):
            return None
        if not self.until:
            return message
        reactions = tuple(
            replace(one, users=tuple(user for user in one.users if not self.covers(user, message.ts)))
            for one in message.reactions
        )
        return replace(message, reactions=reactions, mrkdwn=self._unmentioned(message))

    def without_in(self, thread: Thread) -> Thread | None:
        """Take erased people out of a thread; None where they opened it."""
        opening = self.without(thread.opening)
        replies = tuple(kept for reply in thread.replies if (kept := self.without(reply)))
        return replace(thread, opening=opening, replies=replies) if opening else None

    def _unmentioned(self, message: Message) -> Private:
        def spoken_of(mention: re.Match[str]) -> str:
            return NOBODY if self.covers(UserId(mention[1]), message.ts) else mention[0]

        return Private(_MENTION.sub(spoken_of, message.mrkdwn.for_host()))


@lru_cache(maxsize=8192)
def fingerprint(person: UserId, salt: str) -> str:
    """Recognise an id without keeping it; the show's own salt keeps others from trying ids.

    >>> fingerprint(UserId("U1"), "a") == fingerprint(UserId("U1"), "b")
    False
    """
    made = hashlib.sha256(
        f"cityhall-fm/{salt}/{person}".encode() if salt else f"cityhall-fm/{person}".encode()
    )
    return f"{salt}{_MARK}{made.hexdigest()}" if salt else made.hexdigest()


def written(erased: Erased) -> str:
    r"""Write the list down, a person a line: fingerprint and day.

    >>> written(read("a$0f 2026-11-20T03:00:00+00:00\n# a note"))
    'a$0f 2026-11-20T03:00:00+00:00\n'
    """
    return "".join(f"{key} {at.isoformat()}\n" for key, at in sorted(erased.until.items()))


def read(text: str) -> Erased:
    """Read such a list; ValueError for a line that is none."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if any(len(line) != 2 for line in lines):  # noqa: PLR2004 - fingerprint and day
        raise ValueError("not a fingerprint and a day")
    found = {key: datetime.fromisoformat(at) for key, at in lines}
    if any(at.tzinfo is None for at in found.values()):
        raise ValueError("a day without a zone")
    return Erased(found)
