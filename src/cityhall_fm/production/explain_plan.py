"""A planned publication -> all that it would do beside sending files, from what the show remembers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.show.episode import EpisodeNumber, Show
from cityhall_fm.show.feed_difference import offered
from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.kept_feed import LiveFeed
from cityhall_fm.show.plan_in_words import rest_in_words
from cityhall_fm.show.publication import FEED_KEY, Publication
from cityhall_fm.show.text import Text


def explain_plan(
    publication: Publication,
    companion: Companion,
    *,
    listens: bool,
    heralding: Heralding,
    now: datetime,
    going_out: EpisodeNumber | None = None,
) -> Sequence[Text]:
    """Tell the rest of a plan made `now`; what a publication would keep, forget, listen to and tell."""
    plan, where = publication.plan, publication.where
    live = companion.feeds.live(where)
    begins = any(unwanted.since == now for unwanted in plan.fading)  # else the manifest tells it already
    return list(
        rest_in_words(
            plan,
            kept=companion.feeds.kept(where),
            live=live.sha256 if live else "",
            now=now,
            forget_before=companion.inbox.last_withdrawal(),
            changes=bool(plan.uploads or plan.gone or plan.wanted_again or begins),
            public_url=companion.show.public_url,
            to_hear=len(_to_hear(companion, live, going_out)) if listens else None,
            heralding=heralding,
        )
    )


def _to_hear(companion: Companion, live: LiveFeed | None, going_out: EpisodeNumber | None) -> Collection[str]:
    """Name the media that were never heard, and in any case those of the episode that goes out."""
    show, path = companion.show, companion.folder.path(FEED_KEY)
    enclosure = companion.shelf.episode(going_out).enclosure if going_out is not None else None
    files = (enclosure.sounds[0], *enclosure.alternates) if enclosure else ()
    built = _ours(path.read_bytes(), show) if path.is_file() else set()
    known: Collection[str] = live.heard_media or () if live else ()
    if live and live.heard_media is None and (public := companion.bucket.feed()):
        known = _ours(public.content, show)
    return {show.url(file.key) for file in files} | built.difference(known)


def _ours(feed: bytes, show: Show) -> set[str]:
    return {offer.url for offer in offered(feed) if offer.url.startswith(f"{show.public_url}/")}
