"""An episode gets its date right before it is public; one whose release broke off in between is not out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.feed_difference import names
from cityhall_fm.show.publication import FEED_KEY

_DATED: Final = "dated"
"""The ledger's step between the two: with the date until the feed is public, then empty."""


def date_it(number: EpisodeNumber, companion: Companion, *, at: datetime) -> None:
    """Write into an episode's folder when it goes out, as what is about to happen; `settle` follows."""
    if companion.shelf.episode(number).published_at is not None:
        undate(number, companion)  # or the folder would have, for a moment, a date that nobody doubts
    companion.ledger.record(number, _DATED, _to_the_second(at).isoformat(), at=at)
    companion.shelf.mark_published(number, at)


def undate(number: EpisodeNumber, companion: Companion) -> None:
    """Take the date of a release that broke off out of its folder again."""
    _drop_kept(companion)
    companion.shelf.mark_published(number, None)


def settle(number: EpisodeNumber, companion: Companion, *, at: datetime) -> None:
    """Note that what was dated has become public, or that nothing of it is."""
    companion.ledger.record(number, _DATED, "", at=at)


def has_begun(number: EpisodeNumber, companion: Companion) -> bool:
    """Tell whether a release dated an episode, and nobody has noted since how that ended."""
    is_dated = companion.shelf.episode(number).published_at is not None
    return is_dated or bool(companion.ledger.steps(number).get(_DATED))


def is_out(episode: Episode, companion: Companion) -> bool:
    """Tell whether listeners have an episode; asks for the public feed only where a release broke off."""
    return episode.published_at is not None and not broken_off([episode], companion)


def in_doubt(episodes: Iterable[Episode], companion: Companion) -> Collection[Episode]:
    """List the episodes that were dated by a release which did not come to tell how that ended."""
    dated = {number: at for number, at in companion.ledger.outcomes(_DATED).items() if at}
    return [
        episode
        for episode in episodes
        if episode.published_at
        and episode.number in dated
        and _to_the_second(episode.published_at) == datetime.fromisoformat(dated[episode.number])
    ]


def broken_off(episodes: Iterable[Episode], companion: Companion) -> frozenset[EpisodeNumber]:
    """Name the episodes whose release dated them and broke off before the public feed named them."""
    doubted = in_doubt(episodes, companion)
    public = companion.bucket.feed() if doubted else None
    return frozenset(one.number for one in doubted if public is None or not names(public.content, one.guid))


def named_publicly(companion: Companion) -> frozenset[EpisodeNumber]:
    """Name the episodes in doubt which the public feed has; it is asked only where there are any."""
    doubted = in_doubt(companion.shelf.episodes(), companion)
    return frozenset(one.number for one in doubted) - broken_off(doubted, companion)


def settle_heard(companion: Companion, before: Collection[EpisodeNumber], *, at: datetime) -> None:
    """Note that the episodes in doubt are out which the feed has that was heard, or the one `before` it had.

    Nobody may have come to note it for an episode that was released; in later feeds it may stand on another
    page, where it would not be found.
    """
    path, live = companion.folder.path(FEED_KEY), companion.feeds.live(companion.bucket.where)
    doubted = in_doubt(companion.shelf.episodes(), companion)
    if not (doubted and live and live.heard and path.is_file()):
        return
    feed = path.read_bytes()
    if hashlib.sha256(feed).hexdigest() == live.sha256:
        for one in doubted:
            if one.number in before or names(feed, one.guid):
                settle(one.number, companion, at=at)


def _drop_kept(companion: Companion) -> None:
    """Remove the kept copies of feeds that were meant to be public and never were: none is gone back to."""
    where, feeds, public = companion.bucket.where, companion.feeds, companion.bucket.feed()
    live = hashlib.sha256(public.content).hexdigest() if public else ""
    meant = feeds.unsettled(where) - {live}
    for kept in feeds.kept(where):
        if kept.sha256 in meant:
            companion.bucket.remove(kept.key)


def _to_the_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)  # as it is written into the folder
