"""Built files and media -> Bucket: plan what differs, then send it, the feed last."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import MappingProxyType

from cityhall_fm.production.already_public import Known
from cityhall_fm.production.feed_base import base_of, is_somebody_elses, refusal_of
from cityhall_fm.production.forget_feeds import newest_kept
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import Bucket, FeedArchive, Listed, PublicFolder
from cityhall_fm.production.replace_feed import conditions_of, put_manifest, replace_feed
from cityhall_fm.production.send_files import Counter, send_files
from cityhall_fm.production.verify import kept_again, really_stored, tidied, told_of_foreign
from cityhall_fm.show.clock import is_odd, without_deletions
from cityhall_fm.show.episode import Enclosure, Key
from cityhall_fm.show.errors import ConflictError, NotReadyError
from cityhall_fm.show.kept_feed import Conditions
from cityhall_fm.show.publication import (
    FEED_KEY,
    Fingerprint,
    Manifest,
    Plan,
    Publication,
    PublicFile,
    Stage,
    changes_anything,
    disowned,
    doubted,
    manifest_after,
    plan_publication,
    public_file,
    wanted_files,
)
from cityhall_fm.show.strays import Strays, strays
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class PublishingWishes:
    """How a publication is to be made."""

    plan_only: bool = False
    """Do nothing but tell."""
    verify: bool = False
    """Do not believe the manifest: list what is stored, and send again what is missing or damaged."""
    adopt: bool = False
    """Replace the public feed although somebody else published it."""
    releasing: Collection[Key] = ()
    """The media of the episode that goes out with it."""
    hear: Callable[[], None] = lambda: None
    """What asks for the media that a new feed names, once they are there, and may refuse."""
    hold: Callable[[], None] = lambda: None
    """What is waited for once everything is there that no feed names yet."""
    still_alone: Callable[[], None] = lambda: None
    """What is asked right before the feed, and raises where somebody else may be publishing."""
    compare: Callable[[bytes], None] | None = None
    """What looks at the public feed before it is replaced, maybe only in outline, and may refuse."""
    examine: Callable[[], None] = lambda: None
    """What looks at what was built, and may refuse it; not asked where nothing would be sent."""
    forget_before: Callable[[], datetime | None] = lambda: None
    """Feeds kept before this time do not come back: a question in them may have been withdrawn since."""
    hidden: Callable[[], Collection[Key]] = tuple
    """What is public and in no manifest, which everybody can read: previews."""
    known: Known | None = None
    """What was looked at a moment ago, and need not be looked at again."""
    ahead: Mapping[Key, Fingerprint] = field(default_factory=lambda: MappingProxyType({}))
    """What `send_ahead` has sent already."""


def publish(
    *,
    folder: PublicFolder,
    enclosures: Sequence[Enclosure],
    bucket: Bucket,
    feeds: FeedArchive,
    progress: Progress,
    now: datetime,
    wishes: PublishingWishes = PublishingWishes(),
) -> Publication:
    """Put everything that listeners shall find in the bucket; `enclosures` are those of published episodes.

    Media go first, then attachments, pages, the feed; then what shall be gone goes; last the manifest:
    whatever breaks this off, listeners find the old show or the new one, and the next publication brings
    what it was at to what it shall be then. Raises NotReadyError for media
    that are neither here nor in the bucket, ConflictError where somebody else published meanwhile, and
    BucketError.
    """
    known = wishes.known
    stored = known.stored if known else bucket.manifest()
    here = known.here if known else folder.files()
    media = known.remembered.media if known else media_of(enclosures)
    wanted = wanted_files(here, media)
    found, listed = Strays((), (), ()), dict[Key, Listed]()
    if wishes.verify:
        listed = dict(bucket.listing())
        kept = (feed.key for feed in feeds.kept(bucket.where))
        expected = {*stored.files, *(file.key for file in wanted), *kept, *wishes.hidden()}
        found = strays(listed, known=expected, now=now, before=wishes.forget_before())
        stored = really_stored(stored, listed, strays=found.ours)
    begun = {} if known else feeds.begun(bucket.where)
    stored = doubted(stored, _in_doubt(begun.values(), stored, bucket, adopt=wishes.adopt))
    plan = plan_publication(wanted, stored, now)
    hangs_on_it = bool(plan.deletions or plan.fading or wishes.verify)
    odd = hangs_on_it and is_odd(now, server=bucket.clock(), newest=newest_kept(bucket, feeds))
    due = len(plan.deletions)
    if odd:
        plan = without_deletions(plan, stored)
    if plan.missing:
        raise NotReadyError(
            "publish.media_missing", count=len(plan.missing), missing=[_missing(key) for key in plan.missing]
        )
    changes = changes_anything(plan, stored)
    if changes:
        wishes.examine()
    remarks = told_of_foreign(found.foreign, bucket)
    if odd and due:
        remarks.append(Text.of("publish.clock_odd", now=now.date().isoformat(), where=bucket.where))
    if wishes.plan_only:
        refusal = refusal_of(partial(_base, plan, stored, folder, bucket, feeds, wishes))
        return Publication(plan, bucket.where, (*refusal, *remarks))
    if changes:
        remarks += _carry_out(plan, stored, folder, bucket, feeds, progress, now, wishes)
        if begun:
            feeds.end_sending(bucket.where, begun)
    if wishes.verify:
        remarks += [] if plan.at(Stage.FEED) else kept_again(listed, folder, bucket, feeds)
        remarks += [] if odd else tidied(found.feeds, bucket, now)
    return Publication(plan, bucket.where, tuple(remarks))


def send_ahead(
    enclosure: Enclosure,
    *,
    stored: Manifest,
    folder: PublicFolder,
    bucket: Bucket,
    progress: Progress,
    now: datetime,
) -> Mapping[Key, Fingerprint]:
    """Send an episode's audio before anything names it, so that nobody waits for it later.

    Gives what is stored now and in no manifest yet. Raises BucketError.
    """
    wanted = [
        public_file(file.key, sha256=file.sha256, length_bytes=file.length_bytes, here=folder.has(file))
        for file in enclosure.media
    ]
    uploads = plan_publication(wanted, stored, now).uploads
    length = sum(upload.file.fingerprint.length_bytes for upload in uploads)
    if uploads:
        progress.step(_sending(len(uploads), length))
    return send_files(uploads, folder=folder, bucket=bucket, counter=Counter(length, progress))


def _carry_out(
    plan: Plan,
    stored: Manifest,
    folder: PublicFolder,
    bucket: Bucket,
    feeds: FeedArchive,
    progress: Progress,
    now: datetime,
    wishes: PublishingWishes,
) -> Sequence[Text]:
    conditions = _remembered_conditions(bucket, wishes.known) or conditions_of(bucket, feeds)
    feed, content, replacing = _base(plan, stored, folder, bucket, feeds, wishes)  # told before all else
    left = [one for one in plan.uploads if wishes.ahead.get(one.file.key) != one.file.fingerprint]
    length = sum(upload.file.fingerprint.length_bytes for upload in left)
    progress.step(_sending(len(left), length))
    counter = Counter(length, progress)
    send = partial(send_files, folder=folder, bucket=bucket, counter=counter)
    sent = {**wishes.ahead, **send([upload for upload in left if upload.file.stage is Stage.MEDIA])}
    if feed:
        wishes.hear()
    sending = _begin_sending(plan, bucket, feeds, wishes.known)
    sent |= send(plan.at(Stage.ATTACHMENTS))
    wishes.hold()
    sent |= send(plan.at(Stage.PAGES))
    if feed:
        try:
            wishes.still_alone()
            sent[FEED_KEY] = replace_feed(
                feed,
                content,
                source=folder.path(FEED_KEY),
                replacing=replacing,
                conditions=conditions,
                bucket=bucket,
                feeds=feeds,
                now=now,
            )
        except ConflictError:
            _disown(sent, conditions, bucket)
            raise
        counter.add(len(content))
    for key in plan.gone:
        bucket.remove(key)
    changes = partial(manifest_after, plan=plan, sent=sent, before=stored)
    put_manifest(changes(stored), changes=changes, conditions=conditions, bucket=bucket)
    (wishes.known.last if wishes.known else feeds).end_sending(bucket.where, [sending])
    return [Text.of("publish.conditions_ignored", where=bucket.where)] * (conditions is Conditions.IGNORED)


def _base(
    plan: Plan,
    stored: Manifest,
    folder: PublicFolder,
    bucket: Bucket,
    feeds: FeedArchive,
    wishes: PublishingWishes,
) -> tuple[PublicFile | None, bytes, str | None]:
    """Give the feed that is sent, where one is, and which version it takes the place of."""
    feed = next((upload.file for upload in plan.at(Stage.FEED)), None)
    if feed is None:
        return None, b"", None
    content = folder.read(FEED_KEY)
    replacing = base_of(
        feed, content, stored, bucket=bucket, feeds=feeds, compare=wishes.compare, adopt=wishes.adopt
    )
    return feed, content, replacing


def _in_doubt(
    begun: Iterable[Collection[Key]], stored: Manifest, bucket: Bucket, *, adopt: bool
) -> Collection[Key]:
    """Name the files of which the manifest may be wrong; the feed, where another's is to be replaced."""
    replaced = [FEED_KEY] if adopt and is_somebody_elses(stored, bucket) else []
    return {*replaced, *(key for keys in begun for key in keys)}


def _begin_sending(plan: Plan, bucket: Bucket, feeds: FeedArchive, known: Known | None) -> int:
    """Note of which files nobody would know, were this broken off; media lie under names of their own."""
    sent = (*plan.at(Stage.ATTACHMENTS), *plan.at(Stage.PAGES), *plan.at(Stage.FEED))
    keys = [*(upload.file.key for upload in sent), *plan.gone]
    number = known.last.begin_sending(bucket.where, keys) if known else None
    return feeds.begin_sending(bucket.where, keys) if number is None else number


def _disown(sent: Mapping[Key, Fingerprint], conditions: Conditions, bucket: Bucket) -> None:
    stored = bucket.manifest()
    changes = partial(disowned, sent=sent)
    if changes(stored) != stored:
        put_manifest(changes(stored), changes=changes, conditions=conditions, bucket=bucket)


def _remembered_conditions(bucket: Bucket, known: Known | None) -> Conditions | None:
    if known and known.remembered.conditions and known.remembered.endpoint == bucket.endpoint:
        return Conditions(known.remembered.conditions)
    return None


def media_of(enclosures: Iterable[Enclosure]) -> list[PublicFile]:
    """List what episodes publish beside the feed: audio, its alternates, clips and waveform too."""
    return [
        public_file(file.key, sha256=file.sha256, length_bytes=file.length_bytes, here=False)
        for enclosure in enclosures
        for file in enclosure.media
    ]


def _sending(count: int, length_bytes: int) -> Text:
    return Text.of("publish.sending", count=count, megabytes=f"{length_bytes / 1e6:.1f}")


def _missing(key: Key) -> Text:
    number = re.match(r"media/0*(\d+)-", key)
    if number:
        return Text.of("publish.master_missing", key=key, number=int(number[1]))
    return Text.of("publish.file_missing", key=key)
