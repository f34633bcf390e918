"""What was published is fetched as apps fetch it: before it is heard, nobody is told of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cityhall_fm.production.listen import Pause, is_attachment, listen, listen_to_media
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.roll_back import RolledBack, roll_back
from cityhall_fm.show.announcement import announcement_key
from cityhall_fm.show.episode import Enclosure, Key
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.feed_difference import Offered, offered
from cityhall_fm.show.publication import FEED_KEY, Publication
from cityhall_fm.show.schedule import State
from cityhall_fm.show.text import Text


def hear(
    publication: Publication,
    companion: Companion,
    *,
    releasing: Collection[Key],
    now: datetime,
    progress: Progress,
    pause: Pause | None = None,
) -> Publication:
    """Fetch the feed as a podcast app would, unless it was heard before, and note that it was.

    Where that fails it is taken back, NotReadyError; where it succeeds the world is told. `releasing` are
    the media of the episode that goes out. A feed that nobody heard, since a process was killed or nothing
    could be taken back, is heard by the next publication, whatever that sends.
    """
    sent = {upload.file.key: upload.file.fingerprint for upload in publication.plan.uploads}
    live = companion.feeds.live(publication.where)
    path = companion.folder.path(FEED_KEY)
    if live is None or not path.is_file():
        return publication
    feed = path.read_bytes()
    if live.sha256 != hashlib.sha256(feed).hexdigest() or (live.heard and FEED_KEY not in sent):
        return publication
    offers = _ours(offered(feed), companion)
    url = companion.show.url(FEED_KEY)
    remarks = [*companion.heralds.purge(url)]
    if companion.listener is not None:
        progress.step(Text.of("release.listening", url=companion.show.public_url))
        found = listen(
            companion.show,
            feed,
            media=_new(offers, companion, releasing),
            attached={key: of.content_type for key, of in sent.items() if is_attachment(key)},
            web=companion.listener,
            pause=pause,
        )
        if found.problems:
            missing = [*found.problems, *_taken_back(companion, now), *remarks]
            raise NotReadyError("publish.not_heard", missing=missing, where=publication.where)
        remarks += found.remarks
    remarks += companion.heralds.tell(url)
    companion.feeds.note_heard(publication.where, live.sha256, [offer.url for offer in offers])
    return replace(publication, remarks=(*publication.remarks, *remarks))


def hear_media_of_built(
    companion: Companion, releasing: Collection[Key], *, progress: Progress, pause: Pause | None = None
) -> None:
    """Ask for what the feed that was built offers anew, before it takes the place of the public one.

    NotReadyError where listeners would not get it: then nothing has changed for them.
    """
    offers = _ours(offered(companion.folder.path(FEED_KEY).read_bytes()), companion)
    _hear_media(_new(offers, companion, releasing), companion, progress=progress, pause=pause)


def hear_media(
    enclosure: Enclosure, companion: Companion, *, progress: Progress, pause: Pause | None = None
) -> None:
    """Ask for an episode's audio, which no feed need name yet; NotReadyError where listeners cannot."""
    sounds = (enclosure.sounds[0], *enclosure.alternates)
    offers = [Offered(companion.show.url(file.key), file.length_bytes, file.media_type) for file in sounds]
    _hear_media(offers, companion, progress=progress, pause=pause)


def take_back(companion: Companion, *, now: datetime) -> RolledBack:
    """Make the feed before the last one public again, and tell whoever heard of the last one.

    Dates at which episodes that are taken out would go out end with that: nobody put them back in yet.
    """
    back = _rolled_back(companion, now)
    ended = _end_dates(back, companion, now)
    told = companion.heralds.tell(companion.show.url(FEED_KEY))
    return replace(back, remarks=(*back.remarks, *ended, *told))


def _end_dates(back: RolledBack, companion: Companion, now: datetime) -> Sequence[Text]:
    """End the dates that still wait: Slack was away at the hour, or somebody released before it."""
    out = {one.number for one in companion.shelf.episodes() if one.guid in back.removed}
    waiting = [one for one in companion.dates.all() if one.state is State.WAITING and one.episode in out]
    for date in waiting:
        companion.dates.note(replace(date, state=State.CANCELLED), at=now)
    return [Text.of("publish.date_ended", number=date.episode) for date in waiting]


def still_announced(back: RolledBack, companion: Companion) -> Sequence[Text]:
    """Tell which announcements stand in Slack although their episodes are no longer in the feed."""
    titles = {episode.guid: episode for episode in companion.shelf.episodes()}
    return [
        Text.of("publish.still_announced", number=titles[guid].number, title=titles[guid].title)
        for guid in back.removed
        if guid in titles and companion.ledger.posted(announcement_key(guid))
    ]


def _hear_media(
    offers: Sequence[Offered], companion: Companion, *, progress: Progress, pause: Pause | None
) -> None:
    if companion.listener is None or not offers:
        return
    progress.step(Text.of("release.listening", url=companion.show.public_url))
    problems = listen_to_media(offers, web=companion.listener, pause=pause)
    if problems:
        raise NotReadyError("publish.media_not_heard", missing=problems, where=companion.bucket.where)


def _ours(offers: Iterable[Offered], companion: Companion) -> Sequence[Offered]:
    return [offer for offer in offers if offer.url.startswith(f"{companion.show.public_url}/")]


def _new(offers: Iterable[Offered], companion: Companion, releasing: Collection[Key]) -> Sequence[Offered]:
    """Choose what was never heard, and in any case what goes out now."""
    always = {companion.show.url(key) for key in releasing}
    heard = _heard_media(companion)
    return [offer for offer in offers if offer.url in always or offer.url not in heard]


def _heard_media(companion: Companion) -> Collection[str]:
    """Tell what was heard before; where it was not written down then, what the public feed offers."""
    where = companion.bucket.where
    live = companion.feeds.live(where)
    if live is None:
        return ()
    if live.heard_media is None:
        public = companion.bucket.feed()
        media = [offer.url for offer in offered(public.content)] if public else []
        companion.feeds.note_heard(where, live.sha256, media)
        return media
    return live.heard_media


def _taken_back(companion: Companion, now: datetime) -> Sequence[Text]:
    """Take the new feed back, and tell what came of it: what was not heard must be told in any case."""
    try:
        back = _rolled_back(companion, now)
    except CompanionError as error:
        if error.text.name == "publish.no_earlier_feed":
            return [Text.of("publish.nothing_to_take_back")]
        more = error.missing if isinstance(error, NotReadyError) else ()
        return [Text.of("publish.not_taken_back"), error.text, *more]
    return [Text.of("publish.taken_back"), *back.remarks]


def _rolled_back(companion: Companion, now: datetime) -> RolledBack:
    with companion.turn.alone():
        back = roll_back(
            bucket=companion.bucket,
            feeds=companion.feeds,
            public_url=companion.show.public_url,
            now=now,
            forget_before=companion.inbox.last_withdrawal(),
        )
        purged = companion.heralds.purge(companion.show.url(FEED_KEY))
        return replace(back, remarks=(*back.remarks, *purged))
