"""The main job: check -> master -> notes -> feed and pages -> publish -> announce -> receipts.

Every step notes in the ledger what it did before the next begins, and each does only what is left: run
again after a kill, the outcome is that of one clean run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.production.check import check
from cityhall_fm.production.cut_clips import cut_bites
from cityhall_fm.production.deliver import Delivered
from cityhall_fm.production.go_public import build, plan_publishing, publish_all
from cityhall_fm.production.going_out import date_it, is_out, settle
from cityhall_fm.production.master import Made, master
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.publish import PublishingWishes, send_ahead
from cityhall_fm.production.publish_pictures import publish_pictures
from cityhall_fm.production.say import Pause, announce_all, correct_all, mean_to_correct, planned
from cityhall_fm.production.write_notes import notes_of
from cityhall_fm.show.announcement import announcement_key
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.outbox import Kind
from cityhall_fm.show.publication import Publication
from cityhall_fm.show.slack_thread import Channel
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Receipts:
    """How many receipts went out now, and how many had gone out before."""

    sent: int
    kept: int


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to; `url` is the episode's page."""

    episode: Episode
    url: str
    publication: Publication
    announced: bool
    receipts: Receipts
    remarks: tuple[Text, ...]


def release(
    number: EpisodeNumber,
    companion: Companion,
    *,
    now: datetime,
    progress: Progress,
    pause: Pause | None = None,
    hold: Callable[[], None] = lambda: None,
    quietly: bool = False,
    at_its_hour: bool = False,
) -> Released:
    """Bring an episode to its listeners and its askers; ConflictError where somebody else is at it.

    `hold` waits, when all is there that nothing public names yet, for the moment to go out; `quietly`
    leaves Slack alone, for `announce` to catch up on. What goes out `at_its_hour` asks Slack for nothing
    before it is public: whoever prepared it did, and Slack's trouble must not make listeners wait.
    """
    with companion.turn.alone(number):
        ledger = companion.ledger
        progress.step(Text.of("release.checking"))
        warnings = check_episode(number, companion)
        channel = None if quietly or at_its_hour else announcing_channel(number, companion)
        stored = companion.bucket.manifest()  # an unreachable bucket is told now, not after the mastering

        made = master_episode(number, companion, progress=progress)
        ledger.record(number, "master", made.enclosure.sha256, at=now)
        if made.anew:
            warnings = check_episode(number, companion)  # now a transcript can be held against the audio
        ahead = send_ahead(
            made.enclosure,
            stored=stored,
            folder=companion.folder,
            bucket=companion.bucket,
            progress=progress,
            now=now,
        )

        with companion.turn.alone():  # from here on others wait: all episodes share feed and pages
            if not is_out(companion.shelf.episode(number), companion):
                date_it(number, companion, at=now)
            build(companion, progress=progress, going_out=number)
            ledger.record(number, "build", "", at=now)

            releasing = frozenset(file.key for file in made.enclosure.sounds)
            wishes = PublishingWishes(hold=hold, ahead=ahead, releasing=releasing)
            publication = publish_all(companion, now=now, progress=progress, wishes=wishes, pause=pause)
            settle(number, companion, at=now)
            ledger.record(number, "publish", publication.where, at=now)

        said = Delivered(())
        if not quietly:
            if at_its_hour:
                channel = announcing_channel(number, companion)
            said = announce_all(number, companion, channel, now=now, progress=progress, pause=pause)
            ledger.record(number, "announce", str(len(said.sent)), at=now)
        return Released(
            companion.shelf.episode(number),
            companion.show.url(f"{number}/"),
            publication,
            said.count(Kind.ANNOUNCEMENT) > 0,
            _receipts(number, companion, said),
            (*warnings, *made.remarks, *publication.remarks, *said.remarks),
        )


def correct(
    number: EpisodeNumber,
    companion: Companion,
    *,
    now: datetime,
    progress: Progress,
    pause: Pause | None = None,
) -> tuple[Publication, Delivered]:
    """Bring notes, page, feed, audio and the messages in Slack to what the folder says now.

    The guid stays, new audio gets a new address, and posted messages are edited, not posted again.
    """
    with companion.turn.alone(number):
        if not is_out(companion.shelf.episode(number), companion):
            raise NotReadyError("release.not_published", number=number)
        check_episode(number, companion)
        master_episode(number, companion, progress=progress)
        with companion.turn.alone():
            build(companion, progress=progress)
            mean_to_correct(number, companion, now=now)
            publication = publish_all(companion, now=now, progress=progress, pause=pause)
        said = correct_all(number, companion, now=now, progress=progress, pause=pause)
        return publication, said


def check_episode(number: EpisodeNumber, companion: Companion) -> Sequence[Text]:
    """Tell what would better be there before an episode goes out; NotReadyError where something must be."""
    return check(
        companion.shelf.episode(number),
        shelf=companion.shelf,
        inbox=companion.inbox,
        transcript_required=companion.show.accessibility.transcript_required,
    )


def master_episode(number: EpisodeNumber, companion: Companion, *, progress: Progress) -> Made:
    """Master one episode's recording, and cut out what is worth hearing by itself.

    ConflictError where somebody else is at the episode.
    """
    with companion.turn.alone(number):
        return _master(number, companion, progress)


def _master(number: EpisodeNumber, companion: Companion, progress: Progress) -> Made:
    progress.step(Text.of("release.mastering", number=number))
    episode = companion.shelf.episode(number)
    notes = notes_of(companion.show, episode, inbox=companion.inbox)
    made = master(
        episode,
        notes,
        show=companion.show,
        settings=companion.mastering,
        artwork=companion.shelf.artwork(number) or companion.artwork,
        suite=companion.suite,
        shelf=companion.shelf,
        folder=companion.folder,
        progress=progress,
    )
    enclosure = publish_pictures(
        episode,
        notes,
        made.enclosure,
        anew=made.anew or made.enclosure.imported,
        suite=companion.suite,
        shelf=companion.shelf,
        folder=companion.folder,
    )
    cut = cut_bites(
        replace(episode, enclosure=enclosure),
        show=companion.show,
        settings=companion.mastering,
        suite=companion.suite,
        shelf=companion.shelf,
        folder=companion.folder,
        progress=progress,
    )
    return replace(made, enclosure=cut.enclosure, remarks=(*made.remarks, *cut.remarks))


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


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """What a release would do; no publication where the audio must be mastered first."""

    first: tuple[Text, ...]
    publication: Publication | None
    then: tuple[Text, ...]


def plan_release(
    number: EpisodeNumber, companion: Companion, *, now: datetime, progress: Progress
) -> PlannedRelease:
    """Tell every step of a release and do none; NotReadyError where something is missing."""
    episode = companion.shelf.episode(number)
    warnings = check_episode(number, companion)
    mastered = bool(episode.enclosure and companion.folder.holds(episode.enclosure))
    at = episode.published_at or now
    publication = plan_publishing(number, companion, at=at, now=now, progress=progress) if mastered else None
    why = Text.of("release.why_mastered" if mastered else "release.why_unmastered")
    mastering = _planned(Text.of("release.mastering", number=number), why, done=mastered)
    after = Text.of("release.why_after_mastering")
    sending = [] if mastered else [_planned(Text.of("release.plan_unmastered"), after, done=False)]
    saying = [
        _planned(
            Text.of(f"release.plan_{delivery.kind}", place=delivery.question or delivery.channel),
            Text.of("release.why_said" if done else f"release.why_{delivery.kind}", number=number),
            done=done,
        )
        for delivery, done in planned(number, companion)
    ]
    return PlannedRelease((*warnings, mastering, *sending), publication, tuple(saying))


def _planned(step: Text, why: Text, *, done: bool) -> Text:
    return Text.of("release.plan_kept" if done else "release.plan_todo", step=step, why=why)


def _receipts(number: EpisodeNumber, companion: Companion, said: Delivered) -> Receipts:
    all_ = [each for each in companion.outbox.deliveries(number) if each.kind is Kind.RECEIPT]
    sent = said.count(Kind.RECEIPT)
    given_up = sum(each.kind is Kind.RECEIPT for each in (*said.given_up, *said.in_doubt, *said.refused))
    return Receipts(sent, len(all_) - sent - given_up)
