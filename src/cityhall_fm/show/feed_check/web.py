"""What a server answered when it was asked as apps ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

OK: Final = range(200, 300)
PARTIAL: Final = 206
NOT_MODIFIED: Final = 304
PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of HTTP after all redirections; `status` is 0 where none came, and `failure` tells why."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By their names in lower case."""
    content: bytes = b""
    """As much as was asked for."""
    whole: bool = True
    """Whether `content` is all of it."""
    final_url: str = ""
    hops: tuple[int, ...] = ()
    """The statuses of the redirections before it."""
    failure: str = ""
    """The name of a sentence in `check`."""

    @property
    def ok(self) -> bool:
        return self.status in OK

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        written = self.headers.get("content-length", "")
        return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None  # noqa: PLR2004

    @property
    def validators(self) -> Mapping[str, str]:
        """Make the conditions under which it need not be sent again (RFC 9110, 13.1)."""
        known = {
            "If-None-Match": self.headers.get("etag"),
            "If-Modified-Since": self.headers.get("last-modified"),
        }
        return {name: value for name, value in known.items() if value}
