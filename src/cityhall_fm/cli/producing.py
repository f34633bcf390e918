"""`master`, `notes`, `build`, `publish`, `announce`, `release`: one step each, or all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.show.episode import EpisodeNumber, Key

if TYPE_CHECKING:
    from cityhall_fm.show.publication import Publication


@click.command(help=FACE.say("cli.master"))
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def master(face: Face, number: int) -> None:
    """Master one episode."""
    from cityhall_fm.production.release import master_episode

    with TerminalProgress(FACE) as progress:
        made = master_episode(EpisodeNumber(number), face.companion, progress=progress)
    loudness = made.enclosure.loudness
    FACE.tell(
        "cli.mastered" if made.anew else "cli.master_kept",
        path=face.companion.folder.path(made.enclosure.key),
        integrated=loudness.integrated,
        true_peak=loudness.true_peak,
        duration=made.enclosure.duration,
    )
    for remark in made.remarks:
        FACE.tell_text(remark)


@click.command(help=FACE.say("cli.notes"))
@click.argument("number", type=click.IntRange(1))
@click.option("--html", is_flag=True, help=FACE.say("cli.notes_html_option"))
@click.pass_obj
def notes(face: Face, number: int, *, html: bool) -> None:
    """Show the notes of one episode."""
    from cityhall_fm.production.write_notes import write_notes

    companion = face.companion
    episode = companion.shelf.episode(EpisodeNumber(number))
    written = write_notes(companion.show, episode, inbox=companion.inbox, renderer=companion.renderer)
    click.echo(written.html if html else written.text)


@click.command(help=FACE.say("cli.build"))
@click.pass_obj
def build(face: Face) -> None:
    """Build everything that listeners fetch."""
    from cityhall_fm.production.release import build as build_all

    with TerminalProgress(FACE) as progress:
        changed = build_all(face.companion, progress=progress)
    FACE.tell("cli.built", count=len(changed), folder=face.companion.folder.path(Key("")))


@click.command(help=FACE.say("cli.publish"))
@click.option("--plan", is_flag=True, help=FACE.say("cli.plan_option"))
@click.pass_obj
def publish(face: Face, *, plan: bool) -> None:
    """Send to the bucket what changed."""
    from cityhall_fm.production.release import publish_all

    with TerminalProgress(FACE) as progress:
        publication = publish_all(face.companion, progress=progress, plan_only=plan)
    _tell_plan(publication)
    if not plan:
        FACE.tell("cli.published", where=publication.where)


@click.command(help=FACE.say("cli.announce"))
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def announce(face: Face, number: int) -> None:
    """Announce one episode and send its receipts."""
    from cityhall_fm.production.release import announce_episode, announcing_channel, thank_askers

    companion, now = face.companion, datetime.now(UTC)
    with TerminalProgress(FACE) as progress:
        channel = announcing_channel(EpisodeNumber(number), companion)
        announced = announce_episode(EpisodeNumber(number), companion, channel, now=now, progress=progress)
        receipts = thank_askers(EpisodeNumber(number), companion, now=now, progress=progress)
    FACE.tell("release.announced" if announced else "release.already_announced")
    FACE.tell("release.thanked", sent=receipts.sent, kept=receipts.kept)


@click.command(help=FACE.say("cli.release"))
@click.argument("number", type=click.IntRange(1))
@click.option("--plan", is_flag=True, help=FACE.say("cli.release_plan_option"))
@click.pass_obj
def release(face: Face, number: int, *, plan: bool) -> None:
    """Bring an episode to its listeners and its askers."""
    from cityhall_fm.production.release import plan_release
    from cityhall_fm.production.release import release as release_episode

    if plan:
        for step in plan_release(EpisodeNumber(number), face.companion):
            FACE.tell_text(step)
        return
    with TerminalProgress(FACE) as progress:
        released = release_episode(
            EpisodeNumber(number), face.companion, now=datetime.now(UTC), progress=progress
        )
    for remark in released.remarks:
        FACE.tell_text(remark)
    _tell_plan(released.publication)
    FACE.tell("release.announced" if released.announced else "release.already_announced")
    FACE.tell("release.thanked", sent=released.receipts.sent, kept=released.receipts.kept)
    FACE.tell("release.done", number=number, url=released.url)


def _tell_plan(publication: Publication) -> None:
    plan = publication.plan
    for upload in plan.uploads:
        FACE.tell(
            f"cli.upload_{upload.why}",
            key=upload.file.key,
            kilobytes=upload.file.fingerprint.length_bytes / 1000,
        )
    FACE.tell("cli.plan_sum", count=len(plan.uploads), megabytes=plan.length_bytes / 1e6, kept=plan.kept)
