"""What the studio asks to be remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cityhall_fm.show.roles import Role
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at the studio; `key` is a hash of the secret that only their browser holds."""

    key: str
    person: str
    """A member's id, or `local` for whoever sits at this machine."""
    name: str
    role: Role
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did in the studio: what it was, never which words."""

    at: datetime
    person: str
    what: Text


class SignIn(Protocol):
    """Sign in with Slack."""

    @property
    def client_id(self) -> str: ...

    def team(self) -> str:
        """Name the workspace whose members may come in."""

    def page(self, *, redirect_uri: str, state: str, nonce: str, challenge: str) -> str:
        """Give the address where Slack asks somebody whether they want to sign in."""

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> Mapping[str, object]:
        """Exchange a code for what Slack says of whoever signed in."""

    def groups_of(self, person: UserId) -> frozenset[str]:
        """Name the user groups that hold a member, by their handles."""


class StudioMemory(Protocol):
    """Sessions and who did what; in the database."""

    def begin(self, session: Session) -> None: ...

    def session(self, key: str) -> Session | None: ...

    def seen(self, key: str, *, at: datetime) -> None: ...

    def end(self, key: str) -> None: ...

    def end_before(self, *, began: datetime, seen: datetime) -> None:
        """End every session that began, or was last seen, before these times."""

    def note(self, act: Act) -> None: ...

    def acts(self, *, most: int) -> Sequence[Act]:
        """List what was done, the latest first."""

    def state(self) -> str:
        """Fingerprint what the inbox holds, so that an open page learns that it is old."""

    def readings(self) -> Mapping[str, str]:
        """List the readings of words that hosts have corrected."""

    def keep_reading(self, word: str, reading: str | None) -> None:
        """Keep a word's reading; None forgets it."""
