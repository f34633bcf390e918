"""Two feeds of one show, before and after its move -> what subscribers would notice."""

from __future__ import annotations

from cityhall_fm.production.ports.moving import Movers
from cityhall_fm.show.moving.comparison import Comparison, compare


def compare_feeds(old: str, new: str, *, movers: Movers) -> Comparison:
    """Compare the feeds at two addresses or in two files.

    Raises WebError or InputError where one of them cannot be had, or is no feed.
    """
    return compare(movers.find(old)[0], movers.find(new)[0])
