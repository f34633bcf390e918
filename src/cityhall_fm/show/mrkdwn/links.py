"""What a message points to: pages on the web, and the people it mentions."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from cityhall_fm.show.mrkdwn.reading import MEMBER, REFERENCE, unescaped
from cityhall_fm.show.rundown import Link
from cityhall_fm.show.slack_thread import UserId

_SCHEMES: Final = frozenset({"http", "https"})
_SLACK_HOSTS: Final = ("slack.com", "slack-files.com")
_SLACK_PATHS: Final = ("/archives/", "/files/", "/files-pri/", "/files-tmb/", "/team/")
_PERMALINK: Final = re.compile(r"/archives/[CDG][A-Z0-9]+/p\d+")
_UNPRINTABLE: Final = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff]+")


def links(mrkdwn: str) -> tuple[Link, ...]:
    """List the web pages a message links to, each once, in order; Slack's own files and messages are none.

    >>> links("<https://example.jp/a?b=1&amp;c=2|冬支度> <mailto:a@example.jp> <https://example.jp/a?b=1&amp;c=2>")
    (Link(url='https://example.jp/a?b=1&c=2', title='冬支度'),)
    """
    found: dict[str, Link] = {}
    for match in REFERENCE.finditer(mrkdwn):
        url, _, label = (unescaped(half) for half in match[1].partition("|"))
        place = _place(url)
        if place is not None and not _is_slacks(place):
            title = _UNPRINTABLE.sub(" ", label).strip()
            known = found.get(url)
            if known is None or known.title == place.hostname:
                found[url] = Link(url, title if title and title != url else place.hostname or url)
    return tuple(found.values())


def mentions(mrkdwn: str) -> frozenset[UserId]:
    """Name everybody whom a message mentions."""
    found = (MEMBER.fullmatch(match[1]) for match in REFERENCE.finditer(mrkdwn))
    return frozenset(UserId(match[1]) for match in found if match)


def _place(url: str) -> SplitResult | None:
    """Take a url apart; None if it is none that a public page may lead to."""
    try:
        place = urlsplit(url)
        _ = place.port  # raises where it is no number
    except ValueError:
        return None
    is_clean = not _UNPRINTABLE.search(url) and "@" not in place.netloc  # a password in a link is private
    return place if place.scheme in _SCHEMES and place.hostname and is_clean else None


def _is_slacks(place: SplitResult) -> bool:
    host = place.hostname or ""
    if _PERMALINK.match(place.path):
        return True
    if not any(host == slack or host.endswith(f".{slack}") for slack in _SLACK_HOSTS):
        return False
    return (
        host.startswith("files.") or host.endswith("slack-files.com") or place.path.startswith(_SLACK_PATHS)
    )
