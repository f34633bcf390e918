"""Who shall be told that a feed is new."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heralding:
    """A WebSub hub, and commands, each a list of words in which `{url}` stands for the feed's address."""

    hub: str | None = None
    commands: tuple[tuple[str, ...], ...] = ()
    """What tells of a new feed, such as podping: once it was heard."""
    purges: tuple[tuple[str, ...], ...] = ()
    """What makes caches forget the feed: as soon as there is another one, before it is heard."""
