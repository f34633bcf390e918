"""Published episodes -> what listeners fetch: built, checked, sent, heard, and taken back if need be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.production.already_public import Known, Remembered
from cityhall_fm.production.built_from import is_current, origin_of, record_of
from cityhall_fm.production.check_feed import (
    check_built,
    check_public_folder,
    in_few_lines,
    refuse_changed_guids,
    refuse_errors,
)
from cityhall_fm.production.forget_feeds import forget_feeds, newest_kept
from cityhall_fm.production.going_out import broken_off, named_publicly, settle_heard
from cityhall_fm.production.hear import hear, hear_media_of_built
from cityhall_fm.production.listen import Pause
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.production.publish import PublishingWishes, media_of, publish
from cityhall_fm.production.trial import Trial
from cityhall_fm.production.write_notes import notes_with
from cityhall_fm.show.episode import Episode, EpisodeNumber, Key
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.feed_difference import difference
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.publication import FEED_KEY, GRACE_OF_MEDIA, Publication, Stage
from cityhall_fm.show.schedule import State
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Built:
    """What a build changed, and what the check of the feed found that does not stop it."""

    changed: tuple[Key, ...]
    warnings: tuple[Text, ...]


def build(companion: Companion, *, progress: Progress, going_out: EpisodeNumber | None = None) -> Built:
    """Build notes, feed and pages of all published episodes; tells what changed.

    An episode whose release broke off before it was public is left out, unless it is `going_out`. Where
    all is as the last build left and found it, nothing is done. NotReadyError with every error of the feed,
    and then nothing was replaced.
    """
    progress.step(Text.of("release.building"))
    with companion.turn.alone():  # nobody publishes meanwhile what is half built
        return _build_what_changed(companion, going_out)


def try_to_build(number: EpisodeNumber, companion: Companion, *, at: datetime, progress: Progress) -> Trial:
    """Build as if an episode had gone out at a time, and keep nothing of it on disk."""
    progress.step(Text.of("release.building"))
    upcoming = replace(companion.shelf.episode(number), published_at=at)
    others = [one for one in companion.shelf.episodes() if one.published_at and one.number != number]
    left_out = broken_off(others, companion)
    others = [one for one in others if one.number not in left_out]
    trial = Trial(companion.folder)
    _build(companion, [*others, upcoming], trial)
    return trial


def plan_publishing(
    number: EpisodeNumber, companion: Companion, *, at: datetime, now: datetime, progress: Progress
) -> Publication:
    """Tell what would be sent if an episode went out at a time; its audio must be there."""
    trial = try_to_build(number, companion, at=at, progress=progress)
    episodes = list(_heard_of(companion))
    if all(one.number != number for one in episodes):
        episodes.append(companion.shelf.episode(number))

    def compare(public: bytes) -> None:
        _compare(public, companion, trial, episodes, adopt=False)

    return publish(
        folder=trial,
        enclosures=[episode.enclosure for episode in episodes if episode.enclosure],
        bucket=companion.bucket,
        feeds=companion.feeds,
        progress=progress,
        now=now,
        wishes=PublishingWishes(plan_only=True, compare=compare),
    )


def publish_all(
    companion: Companion,
    *,
    now: datetime,
    progress: Progress,
    wishes: PublishingWishes = PublishingWishes(),  # noqa: B008 - a frozen value
    pause: Pause | None = None,
) -> Publication:
    """Send what listeners shall find to where they fetch it, and hear it there; `pause` waits in between.

    NotReadyError where listeners would not get it: the feed is then the one before.
    """
    progress.step(Text.of("release.publishing", where=companion.bucket.where))
    heard_of: Sequence[Episode] | None = None if wishes.known else _heard_of(companion)
    out: set[EpisodeNumber] = set()

    def compare(public: bytes) -> None:
        out.update(named_publicly(companion))
        episodes = _heard_of(companion) if heard_of is None else heard_of
        _compare(public, companion, companion.folder, episodes, adopt=wishes.adopt)

    def last_withdrawal() -> datetime | None:
        return companion.inbox.last_withdrawal()

    with companion.turn.alone():
        newest = None if wishes.known else newest_kept(companion.bucket, companion.feeds)
        publication = publish(
            folder=companion.folder,
            enclosures=[episode.enclosure for episode in heard_of or () if episode.enclosure],
            bucket=companion.bucket,
            feeds=companion.feeds,
            progress=progress,
            now=now,
            wishes=replace(
                wishes,
                still_alone=companion.turn.still_alone,
                forget_before=last_withdrawal,
                hidden=lambda: _previews(companion),
                examine=lambda: _refuse_errors_of_built(companion),
                compare=compare,
                hear=lambda: hear_media_of_built(companion, wishes.releasing, progress=progress, pause=pause),
            ),
        )
        if wishes.plan_only or (wishes.known and not publication.plan.at(Stage.FEED)):
            return publication
        heard = hear(
            publication, companion, releasing=wishes.releasing, now=now, progress=progress, pause=pause
        )
        if not wishes.known:  # what is known says that no kept feed has outlived its time
            forget_feeds(
                companion.bucket, companion.feeds, withdrawn_at=last_withdrawal(), now=now, newest=newest
            )
        settle_heard(companion, out, at=now)
        return heard


def to_remember(
    publication: Publication, companion: Companion, target: str, *, known: Known | None
) -> Remembered:
    """Tell what the next publication need not find out again, as long as nothing that decides it changes."""
    if known and not publication.plan.at(Stage.FEED):
        return known.remembered
    where, endpoint, feeds = companion.bucket.where, companion.bucket.endpoint, companion.feeds
    live = feeds.live(where)
    due = [feed.at + GRACE_OF_MEDIA for feed in feeds.kept(where) if not live or feed.sha256 != live.sha256]
    return Remembered(
        target,
        tuple(media_of(one.enclosure for one in _heard_of(companion) if one.enclosure)),
        endpoint=endpoint,
        conditions=feeds.conditions(endpoint) or "",
        until=min(due, default=None),
    )


def _previews(companion: Companion) -> Sequence[Key]:
    dated = [date.episode for date in companion.dates.all() if date.state is State.WAITING]
    return [Key(key) for number in dated if (key := companion.ledger.steps(number).get("preview"))]


def _build_what_changed(companion: Companion, going_out: EpisodeNumber | None) -> Built:
    folder, shelf = companion.folder, companion.shelf
    origin = origin_of(companion.show, shelf=shelf, renderer=companion.renderer, folder=folder)
    dated = [episode for episode in shelf.episodes() if episode.published_at]
    left_out = broken_off(dated, companion) - {going_out}
    if left_out:
        origin = fingerprint(origin, sorted(left_out))
    last = folder.last_build()
    if last and is_current(last, origin, inbox=companion.inbox):
        return Built((), last.warnings)
    published = [episode for episode in dated if episode.number not in left_out]
    return _build(companion, published, folder, origin)


def _heard_of(companion: Companion) -> Sequence[Episode]:
    dated = {date.episode for date in companion.dates.all() if date.state is State.WAITING}
    return [one for one in companion.shelf.episodes() if one.published_at or one.number in dated]


def _compare(
    public: bytes, companion: Companion, folder: PublicFolder, episodes: Sequence[Episode], *, adopt: bool
) -> None:
    """Refuse a feed by which apps would show an episode twice, or would lose one.

    An episode is lost where another machine released it and this one's folder does not know of it.
    """
    inspector, wanted = companion.inspector, folder.read(FEED_KEY)
    refuse_changed_guids(public=inspector.parse(public), wanted=inspector.parse(wanted))
    differs = difference(public, wanted)
    here = {episode.guid for episode in episodes if episode.published_at}
    lost = [
        title for title, guid in zip(differs.removed, differs.removed_guids, strict=True) if guid not in here
    ]
    if lost and not adopt:
        missing = [Text.of("publish.feed_removed", title=title) for title in lost]
        raise NotReadyError("publish.episodes_lost", count=len(lost), missing=missing)


def _refuse_errors_of_built(companion: Companion) -> None:
    """Refuse to publish a feed with errors; NotReadyError names them."""
    folder, inspector = companion.folder, companion.inspector
    if checked := check_public_folder(show=companion.show, folder=folder, inspector=inspector):
        refuse_errors(checked)


def _build(
    companion: Companion, published: Sequence[Episode], folder: PublicFolder, origin: str = ""
) -> Built:
    from cityhall_fm.production.build_feed import build_feed  # noqa: PLC0415 - whoever only publishes needs none

    named = [id_ for episode in published for id_ in episode.rundown.questions]
    known = companion.inbox.known(named)
    record = record_of(origin, named, known)
    pictured = {one.number: path for one in published if (path := companion.shelf.artwork(one.number))}
    warnings: list[Text] = []

    def examine(files: Mapping[Key, bytes]) -> Sequence[Text]:
        checked = check_built(files, show=companion.show, folder=folder, inspector=companion.inspector)
        refuse_errors(checked)
        warnings.extend(in_few_lines(checked.warnings))
        return warnings

    changed = build_feed(
        show=companion.show,
        noted=[(episode, notes_with(companion.show, episode, known)) for episode in published],
        renderer=companion.renderer,
        painter=companion.painter,
        feed_writer=companion.feed_writer,
        folder=folder,
        examine=examine,
        record=record,
        artworks=folder.artworks(pictured),
    )
    return Built(tuple(changed), tuple(warnings))
