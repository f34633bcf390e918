"""What lies where the show is published although nobody knows of it any more."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cityhall_fm.show.kept_feed import kept_since
from cityhall_fm.show.keys import Key
from cityhall_fm.show.manifest import OURS
from cityhall_fm.show.publication import GRACE_OF_MEDIA

_OURS: Final = re.compile(
    r"""media/[^/]+-[0-9a-f]{12}\.[a-z0-9]+
      | (?:cards/)?[a-z0-9-]+-[0-9a-f]{12}\.(?:jpg|png|webp)
      | \d+/(?:index\.html|chapters\.json|transcript\.(?:html|json|srt|vtt))
      | (?:qa/q|topics/x|departments/x)-[a-z0-9]+/index\.html
      | seasons/\d+/index\.html
      | search/(?:episodes|words)-\d+\.json
      | feed-[a-z0-9-]+\.xml
      | preview/[0-9a-f]{32}/index\.html""",
    re.VERBOSE,
)
"""Names that nobody but a publication of ours gives."""
_UNFINISHED: Final = re.compile(r"(?:.*/)?\.new-[^/]+")


@dataclass(frozen=True, slots=True)
class Strays:
    """Stored files that nothing knows of."""

    ours: tuple[Key, ...]
    """By their names our own: they go as all does that is no longer wanted."""
    foreign: tuple[Key, ...]
    """Whoever put them there may want them."""
    feeds: tuple[Key, ...]
    """Kept feeds that no longer come back."""


def strays(
    listed: Iterable[Key], *, known: Collection[Key], now: datetime, before: datetime | None = None
) -> Strays:
    """Sort what is stored and not `known`; a feed kept `before` a withdrawal does not come back.

    >>> found = strays([Key("7/index.html"), Key("google0123.html")], known=(), now=datetime.max)
    >>> found.ours, found.foreign
    (('7/index.html',), ('google0123.html',))
    """
    unknown = sorted(key for key in set(listed).difference(known) if not _UNFINISHED.fullmatch(key))
    public = [key for key in unknown if not key.startswith(OURS)]
    ours = tuple(key for key in public if _OURS.fullmatch(key))
    kept = [(key, since) for key in unknown if (since := kept_since(key))]
    return Strays(
        ours,
        tuple(key for key in public if key not in ours),
        tuple(key for key, since in kept if since + GRACE_OF_MEDIA <= now or (before and since < before)),
    )
