"""How somebody comes in and stays: one-time links, sessions that end, tokens that forms must bring back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from cityhall_fm.production.ports.studio import Session, StudioMemory
from cityhall_fm.show.roles import Role

LOCAL: Final = "local"
"""Whoever sits at this machine."""
IDLE: Final = timedelta(hours=12)
AT_MOST: Final = timedelta(days=7)
LINK_STANDS: Final = timedelta(minutes=30)
_COOKIE: Final = "studio"
_SEEN_EVERY: Final = timedelta(minutes=1)


class Entry:
    """Lets people in; what the database keeps of a session opens no door."""

    def __init__(self, memory: StudioMemory, clock: Callable[[], datetime], *, https: bool) -> None:
        self._memory, self._clock, self._https = memory, clock, https
        self._links: dict[str, datetime] = {}

    def link(self) -> str:
        """Make a secret that lets one browser in, once, soon."""
        secret = secrets.token_urlsafe(24)
        self._links[_hash(secret)] = self._clock() + LINK_STANDS
        return secret

    def use_link(self, secret: str) -> bool:
        """Take a link away; tells whether it still stood."""
        ends = self._links.pop(_hash(secret), None)
        return ends is not None and self._clock() < ends

    def let_in(self, response: Response, *, person: str, name: str, role: Role) -> Session:
        """Begin a session, whose secret only this response's cookie holds."""
        now = self._clock()
        self._memory.end_before(began=now - AT_MOST, seen=now - IDLE)
        secret = secrets.token_urlsafe(32)
        session = Session(_hash(secret), person, name, role, now, now)
        self._memory.begin(session)
        response.set_cookie(
            _COOKIE, secret, max_age=int(AT_MOST.total_seconds()), httponly=True, samesite="lax",
            secure=self._https, path="/",
        )  # fmt: skip
        return session

    def session(self, connection: HTTPConnection) -> Session | None:
        """Find whose request it is; None for strangers and for sessions that have ended."""
        secret = connection.cookies.get(_COOKIE)
        session = self._memory.session(_hash(secret)) if secret else None
        now = self._clock()
        if session is None or session.began_at < now - AT_MOST or session.seen_at < now - IDLE:
            return None
        if now - session.seen_at > _SEEN_EVERY:
            self._memory.seen(session.key, at=now)
        return session

    def leave(self, response: Response, session: Session) -> None:
        self._memory.end(session.key)
        response.delete_cookie(_COOKIE, path="/")


def csrf_of(session: Session) -> str:
    """Derive what this session's forms must bring back; another site can neither read nor guess it."""
    return hmac.new(session.key.encode(), b"form", hashlib.sha256).hexdigest()


def is_csrf_of(session: Session, given: str) -> bool:
    """Tell whether a form brought it back."""
    return hmac.compare_digest(csrf_of(session).encode(), given.encode())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
