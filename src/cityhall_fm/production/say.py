"""What is said in Slack about an episode: queued in the outbox, delivered from it, and corrected."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from cityhall_fm.production.announce import is_message, what_to_say, worded
from cityhall_fm.production.deliver import PERHAPS, Delivered, deliver, perhaps_said, refused_for
from cityhall_fm.production.going_out import is_out
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.progress import UNWATCHED, Progress
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.write_notes import notes_of
from cityhall_fm.show.episode import Episode, EpisodeNumber, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.feed_difference import names
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.outbox import Delivery, Kind, Waiting, correcting, due, hash_of_words
from cityhall_fm.show.publication import FEED_KEY
from cityhall_fm.show.slack_thread import Channel, ChannelId
from cityhall_fm.show.text import Text
from cityhall_fm.texts import LANGUAGES

Pause = Callable[[float], None]


def announce_all(
    number: EpisodeNumber,
    companion: Companion,
    channel: Channel | None,
    *,
    now: datetime,
    progress: Progress,
    pause: Pause | None = None,
) -> Delivered:
    """Announce an episode and thank its askers, each once; no channel, no announcement.

    NotReadyError where listeners could not get it: it is not in the public feed, or nobody has heard that.
    """
    with companion.turn.alone(number):
        _refuse_what_listeners_lack(companion.shelf.episode(number), companion)
        _queue(number, companion, channel, now=now)
        waiting = companion.outbox.waiting(number)
        return _deliver(number, companion, waiting, now=now, progress=progress, pause=pause)


def mean_to_correct(number: EpisodeNumber, companion: Companion, *, now: datetime) -> None:
    """Queue the corrections of what is about to be public: a kill after that loses none of them."""
    with companion.turn.alone(number):
        _queue_corrections(number, companion, now=now)


def correct_all(
    number: EpisodeNumber,
    companion: Companion,
    *,
    now: datetime,
    progress: Progress,
    pause: Pause | None = None,
) -> Delivered:
    """Edit every message about an episode that no longer says what it would say now."""
    with companion.turn.alone(number):
        _queue(number, companion, None, now=now)
        _queue_corrections(number, companion, now=now)
        waiting = companion.outbox.waiting(number)
        return _deliver(number, companion, waiting, now=now, progress=progress, pause=pause)


def send_left(
    number: EpisodeNumber, companion: Companion, *, now: datetime, pause: Pause | None = None
) -> Delivered:
    """Say what was queued about an episode and did not get through, as far as its time has come."""
    with companion.turn.alone(number):
        waiting = due(companion.outbox.waiting(number), now)
        return _deliver(number, companion, waiting, now=now, progress=UNWATCHED, pause=pause)


def wordings(number: EpisodeNumber, companion: Companion) -> Sequence[tuple[Delivery, Words]]:
    """Word everything that would be said about an episode, without saying it."""
    episode, notes = _with_notes(number, companion)
    said = [one for one, _ in planned(number, companion) if is_message(one)]
    worded_now = [(one, _word(one, episode, notes, companion)) for one in said]
    return [(delivery, words) for delivery, words in worded_now if words]


def in_doubt_about(number: EpisodeNumber, companion: Companion) -> Sequence[Text]:
    """Tell which messages about an episode Slack refuses, and of which nobody knows whether they arrived."""
    waiting = companion.outbox.waiting(number)
    # A receipt and its emoji are refused alike: the first of them is told.
    refused = {each.delivery.question: each for each in reversed(waiting) if each.refused}
    ended = [(each, companion.outbox.said_before(each.key)) for each in companion.outbox.deliveries(number)]
    doubted = [perhaps_said(each) for each, before in ended if before and before.given_up == PERHAPS]
    told = [refused_for(each.delivery, each.refused or "", companion.inbox) for each in refused.values()]
    return [*reversed(told), *doubted]


def planned(number: EpisodeNumber, companion: Companion) -> Sequence[tuple[Delivery, bool]]:
    """List everything to be said about an episode, and whether it was; the channel by its name."""

    def was_said(one: Delivery) -> bool:
        return bool(companion.outbox.said_before(one.key) or companion.ledger.posted(one.key))

    episode, notes = _with_notes(number, companion)
    name = companion.announce_channel.removeprefix("#")
    channel = Channel(ChannelId(name), name) if name else None
    said = what_to_say(episode, notes, channel=channel, inbox=companion.inbox)
    return [(one, was_said(one)) for one in said]


def is_named(episode: Episode, feed: bytes, companion: Companion) -> bool:
    """Tell whether the public feed offers an episode; where it has pages, an older one may."""
    return companion.show.feed.page_size is not None or names(feed, episode.guid)


def _refuse_what_listeners_lack(episode: Episode, companion: Companion) -> None:
    if not is_out(episode, companion):
        raise NotReadyError("release.not_published", number=episode.number)
    public = companion.bucket.feed()
    if public is None or not is_named(episode, public.content, companion):
        raise NotReadyError("release.not_in_feed", number=episode.number)
    live = companion.feeds.live(companion.bucket.where)
    if companion.listener is None or live is None or live.heard:
        return
    # After a rollback the feed is unheard too, but the audio in it was heard before it came back.
    known = live.heard_media is not None and _audio(episode, companion) <= live.heard_media
    if live.sha256 == hashlib.sha256(public.content).hexdigest() and not known:
        raise NotReadyError("release.not_heard", number=episode.number)


def _audio(episode: Episode, companion: Companion) -> frozenset[str]:
    enclosure = episode.enclosure
    files = (enclosure.sounds[0], *enclosure.alternates) if enclosure else ()
    return frozenset(companion.show.url(file.key) for file in files)


def _queue(number: EpisodeNumber, companion: Companion, channel: Channel | None, *, now: datetime) -> None:
    episode, notes = _with_notes(number, companion)
    if not is_out(episode, companion):
        raise NotReadyError("release.not_published", number=number)
    said = what_to_say(episode, notes, channel=channel, inbox=companion.inbox)
    companion.outbox.put(said, at=now)
    for each in companion.outbox.waiting(number):
        # Slack refused it there, so that it stands nowhere: the host has named another place since.
        was_refused = each.refused and each.delivery.kind is Kind.ANNOUNCEMENT
        if channel and was_refused and each.delivery.channel != channel.id:
            companion.outbox.redirect(each.delivery, channel.id)


def _queue_corrections(number: EpisodeNumber, companion: Companion, *, now: datetime) -> None:
    episode, notes = _with_notes(number, companion)
    all_ = companion.outbox.deliveries(number)
    waiting = {each.of for each in all_ if not companion.outbox.said_before(each.key)}
    for delivery in all_:
        before = companion.outbox.said_before(delivery.key)
        words = _word(delivery, episode, notes, companion) if is_message(delivery) else None
        if words is None or before is None or before.given_up or delivery.key in waiting:
            continue  # what waits is worded when it is sent
        new = hash_of_words(words.text, words.blocks)
        if new != before.said and companion.ledger.posted(delivery.key):
            times = sum(each.of == delivery.key for each in all_)
            companion.outbox.put([correcting(delivery, new, times)], at=now)


def _deliver(
    number: EpisodeNumber,
    companion: Companion,
    waiting: Sequence[Waiting],
    *,
    now: datetime,
    progress: Progress,
    pause: Pause | None,
) -> Delivered:
    progress.step(Text.of("release.announcing"))
    episode, notes = _with_notes(number, companion)
    if any(each.delivery.kind is Kind.CORRECTION for each in waiting) and not _is_public_as_built(companion):
        # A correction was broken off before it was public: Slack keeps to what listeners find.
        waiting = [each for each in waiting if each.delivery.kind is not Kind.CORRECTION]
    return deliver(
        waiting=waiting,
        word=lambda delivery: _word(delivery, episode, notes, companion),
        since=min(episode.published_at or now, now),
        outbox=companion.outbox,
        ledger=companion.ledger,
        workspace=companion.workspace,
        inbox=companion.inbox,
        now=now,
        pause=pause,
        still_alone=companion.turn.still_alone,
    )


def _is_public_as_built(companion: Companion) -> bool:
    public, built = companion.bucket.feed(), companion.folder.path(FEED_KEY)
    return public is not None and built.exists() and public.content == built.read_bytes()


def _word(delivery: Delivery, episode: Episode, notes: ShowNotes, companion: Companion) -> Words | None:
    return worded(
        delivery,
        episode,
        notes,
        show=_for_reader(delivery, companion),
        artwork=companion.folder.artwork()[0],
        renderer=companion.renderer,
    )


def _for_reader(delivery: Delivery, companion: Companion) -> Show:
    """Take the show in its reader's language where somebody is told in private, else in its own."""
    if delivery.question is None or not delivery.channel.startswith("D"):
        return companion.show
    asker = companion.inbox.question(delivery.question).asker
    language = companion.workspace.locale(asker)[:2].lower() if asker else ""
    return replace(companion.show, language=language) if language in LANGUAGES else companion.show


def _with_notes(number: EpisodeNumber, companion: Companion) -> tuple[Episode, ShowNotes]:
    episode = companion.shelf.episode(number)
    return episode, notes_of(companion.show, episode, inbox=companion.inbox)
