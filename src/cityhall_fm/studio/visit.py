"""One request of somebody who may be here: what pages are given, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from cityhall_fm.production.ports.studio import Session
from cityhall_fm.show.roles import Right, may
from cityhall_fm.show.text import Text
from cityhall_fm.texts import Catalogue


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what, in their language; `form` is what they filled in, each field once."""

    request: Request
    session: Session
    say: Catalogue
    csrf: str
    """What every form of theirs must bring back."""
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same form, for fields that come more than once."""
    json: Any = None
    body: bytes = b""
    """A piece of a file, where one was sent."""

    def place(self, name: str) -> str:
        """Read a part of the address."""
        return str(self.request.path_params[name])

    def number(self, name: str = "number") -> int:
        return int(self.request.path_params[name])

    def asked(self, name: str, otherwise: str = "") -> str:
        """Read what the address asks for after its question mark."""
        return self.request.query_params.get(name, otherwise)

    def may(self, right: Right | str) -> bool:
        return may(self.session.role, Right(right))

    def word(self, text: Text) -> str:
        return self.say.word(text)
