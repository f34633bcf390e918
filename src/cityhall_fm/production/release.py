"""The main job: check -> master -> notes -> feed and pages -> publish -> announce -> receipts.

Every step notes in the ledger what it did before the next begins, and each does only what is left: run
again after a kill, the outcome is that of one clean run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityhall_fm.production.announce import Receipts, announce, send_receipts
from cityhall_fm.production.build_feed import build_feed
from cityhall_fm.production.check import check
from cityhall_fm.production.master import Made, master
from cityhall_fm.production.ports import Companion, Progress
from cityhall_fm.production.publish import publish
from cityhall_fm.production.write_notes import notes_of
from cityhall_fm.show.announcement import announcement_key, receipt_key
from cityhall_fm.show.episode import Episode, EpisodeNumber, Key
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.publication import Publication
from cityhall_fm.show.slack_thread import Channel
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to; `url` is the episode's page."""

    episode: Episode
    url: str
    publication: Publication
    announced: bool
    receipts: Receipts
    remarks: tuple[Text, ...]


def release(number: EpisodeNumber, companion: Companion, *, now: datetime, progress: Progress) -> Released:
    """Bring an episode to its listeners and its askers."""
    ledger = companion.ledger
    progress.step(Text.of("release.checking"))
    check(companion.shelf.episode(number), shelf=companion.shelf, inbox=companion.inbox)
    channel = announcing_channel(number, companion)
    companion.bucket.manifest()  # an unreachable bucket is told now, not after the mastering

    made = master_episode(number, companion, progress=progress)
    ledger.record(number, "master", made.enclosure.sha256, at=now)

    if companion.shelf.episode(number).published_at is None:
        companion.shelf.mark_published(number, now)
    build(companion, progress=progress)
    ledger.record(number, "build", "", at=now)

    publication = publish_all(companion, progress=progress)
    ledger.record(number, "publish", publication.where, at=now)

    announced = announce_episode(number, companion, channel, now=now, progress=progress)
    ledger.record(number, "announce", channel.id if channel else "", at=now)

    receipts = thank_askers(number, companion, now=now, progress=progress)
    ledger.record(number, "receipts", str(receipts.sent + receipts.kept), at=now)
    return Released(
        companion.shelf.episode(number),
        companion.show.url(f"{number}/"),
        publication,
        announced,
        receipts,
        made.remarks,
    )


def master_episode(number: EpisodeNumber, companion: Companion, *, progress: Progress) -> Made:
    """Master one episode's recording."""
    progress.step(Text.of("release.mastering", number=number))
    episode = companion.shelf.episode(number)
    return master(
        episode,
        notes_of(companion.show, episode, inbox=companion.inbox),
        show=companion.show,
        settings=companion.mastering,
        artwork=companion.artwork,
        suite=companion.suite,
        shelf=companion.shelf,
        folder=companion.folder,
        progress=progress,
    )


def build(companion: Companion, *, progress: Progress) -> Sequence[Key]:
    """Build notes, feed and pages of all published episodes; tells what changed."""
    progress.step(Text.of("release.building"))
    published = [episode for episode in companion.shelf.episodes() if episode.published_at]
    return build_feed(
        show=companion.show,
        noted=[(episode, notes_of(companion.show, episode, inbox=companion.inbox)) for episode in published],
        renderer=companion.renderer,
        feed_writer=companion.feed_writer,
        folder=companion.folder,
    )


def publish_all(companion: Companion, *, progress: Progress, plan_only: bool = False) -> Publication:
    """Send what listeners shall find to where they fetch it."""
    progress.step(Text.of("release.publishing", where=companion.bucket.where))
    published = [episode for episode in companion.shelf.episodes() if episode.published_at]
    return publish(
        folder=companion.folder,
        enclosures=[episode.enclosure for episode in published if episode.enclosure],
        bucket=companion.bucket,
        progress=progress,
        plan_only=plan_only,
    )


def announce_episode(
    number: EpisodeNumber,
    companion: Companion,
    channel: Channel | None,
    *,
    now: datetime,
    progress: Progress,
) -> bool:
    """Announce one episode in Slack unless it was, and there is no channel left to do it in."""
    progress.step(Text.of("release.announcing"))
    if channel is None:
        return False
    episode = companion.shelf.episode(number)
    return announce(
        episode,
        notes_of(companion.show, episode, inbox=companion.inbox),
        show=companion.show,
        artwork=companion.folder.artwork()[0],
        channel=channel,
        renderer=companion.renderer,
        workspace=companion.workspace,
        ledger=companion.ledger,
        now=now,
    )


def thank_askers(
    number: EpisodeNumber, companion: Companion, *, now: datetime, progress: Progress
) -> Receipts:
    """Send one episode's receipts."""
    progress.step(Text.of("release.thanking"))
    episode = companion.shelf.episode(number)
    return send_receipts(
        episode,
        notes_of(companion.show, episode, inbox=companion.inbox),
        show=companion.show,
        renderer=companion.renderer,
        workspace=companion.workspace,
        inbox=companion.inbox,
        ledger=companion.ledger,
        now=now,
    )


def announcing_channel(number: EpisodeNumber, companion: Companion) -> Channel | None:
    """Find where to announce before anything is done; None where the episode was announced already.

    Raises NotReadyError where the settings name no channel, and what Slack refuses.
    """
    episode = companion.shelf.episode(number)
    if companion.ledger.posted(announcement_key(episode.guid)):
        return None
    if not companion.announce_channel:
        raise NotReadyError("release.no_announce_channel")
    return companion.workspace.channel_named(companion.announce_channel)


def plan_release(number: EpisodeNumber, companion: Companion) -> Sequence[Text]:
    """Tell, step by step, what a release would do; NotReadyError where something is missing."""
    episode = companion.shelf.episode(number)
    check(episode, shelf=companion.shelf, inbox=companion.inbox)
    announced = companion.ledger.posted(announcement_key(episode.guid))
    mastered = episode.enclosure and companion.folder.holds(episode.enclosure)
    answers = notes_of(companion.show, episode, inbox=companion.inbox).answers
    thanked = [
        part
        for part in answers
        if part.question and companion.ledger.posted(receipt_key(episode.guid, part.question))
    ]
    return [
        Text.of("release.plan_kept" if done else "release.plan_todo", step=step)
        for step, done in (
            (Text.of("release.mastering", number=number), mastered),
            (Text.of("release.building"), bool(announced)),
            (Text.of("release.publishing", where=companion.bucket.where), bool(announced)),
            (Text.of("release.announcing"), bool(announced)),
            (Text.of("release.plan_receipts", count=len(answers)), len(thanked) == len(answers)),
        )
    ]
