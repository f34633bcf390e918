"""People who asked to be erased: what they said and did in Slack until then is not read again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.consent import Private
from cityhall_fm.show.mrkdwn.names import NOBODY
from cityhall_fm.show.slack_thread import Message, Thread, Ts, UserId, ts_order

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")


@dataclass(frozen=True, slots=True)
class Erased:
    """Fingerprints of people's ids, and until when: a fingerprint names nobody who does not name themselves.

    Whoever writes again after that day takes part anew.
    """

    until: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def covers(self, person: UserId | None, ts: Ts) -> bool:
        """Tell whether something that a person did at this time is to be left out."""
        if person is None or not self.until:
            return False
        at = self.until.get(fingerprint(person))
        return at is not None and ts_order(ts)[0] <= at.timestamp()

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


def fingerprint(person: UserId) -> str:
    """Recognise an id without keeping it."""
    return hashlib.sha256(f"cityhall-fm/{person}".encode()).hexdigest()
