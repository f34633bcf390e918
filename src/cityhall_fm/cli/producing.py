"""`notes`, `build`, `publish`, `announce`, `release`: one step each, or all of them."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.cli.taking_back import take_back_posts
from cityhall_fm.show.keys import Key

if TYPE_CHECKING:
    from cityhall_fm.production.already_public import Remembering
    from cityhall_fm.production.deliver import Delivered
    from cityhall_fm.production.publish import PublishingWishes
    from cityhall_fm.show.episode import EpisodeNumber
    from cityhall_fm.show.publication import Publication
    from cityhall_fm.wiring import Wired

_MOST_WARNINGS: Final = 12


@click.command(help=FACE.say("cli.notes"))
@click.argument("number", type=click.IntRange(1))
@click.option("--html", is_flag=True, help=FACE.say("cli.notes_html_option"))
@click.pass_obj
def notes(face: Face, number: int, *, html: bool) -> None:
    """Show the notes of one episode."""
    from cityhall_fm.production.write_notes import write_notes
    from cityhall_fm.show.episode import EpisodeNumber

    companion = face.companion
    episode = companion.shelf.episode(EpisodeNumber(number))
    written = write_notes(companion.show, episode, inbox=companion.inbox, renderer=companion.renderer)
    click.echo(written.html if html else written.text)


@click.command(help=FACE.say("cli.build"))
@click.pass_obj
def build(face: Face) -> None:
    """Build everything that listeners fetch."""
    from cityhall_fm.production.go_public import build as build_all

    with TerminalProgress(FACE) as progress:
        built = build_all(face.companion, progress=progress)
    folder = face.companion.folder.path(Key(""))
    for warning in built.warnings[:_MOST_WARNINGS]:
        FACE.tell("cli.build_warning", warning=warning)
    if more := built.warnings[_MOST_WARNINGS:]:
        FACE.tell("cli.build_warnings_more", count=len(more), feed=folder / "feed.xml")
    FACE.tell("cli.built" if built.changed else "cli.built_nothing", count=len(built.changed), folder=folder)


@click.command(help=FACE.say("cli.publish"))
@click.option("--plan", is_flag=True, help=FACE.say("cli.plan_option"))
@click.option("--verify", is_flag=True, help=FACE.say("cli.verify_option"))
@click.option("--adopt", is_flag=True, help=FACE.say("cli.adopt_option"))
@click.pass_obj
def publish(face: Face, *, plan: bool, verify: bool, adopt: bool) -> None:
    """Send to the bucket what changed."""
    from cityhall_fm.production.already_public import look_once
    from cityhall_fm.wiring import bucket_at, last_publication

    now = datetime.now(UTC)
    # Others change a database elsewhere, so that nothing is believed to hold since the last publication.
    last = None if os.environ.get("CITYHALL_FM_DATABASE_URL") else last_publication(face.folder)
    publication, known = None, None
    if last and not (plan or verify or adopt):  # before all is loaded that a publication needs
        publication, known = look_once(last, bucket_at, now=now)
    if publication is None:
        from cityhall_fm.production.publish import PublishingWishes

        wishes = PublishingWishes(plan_only=plan, verify=verify, adopt=adopt, known=known)
        publication = _publish(face, wishes, last, now=now)
    tell_plan(publication)
    if plan:
        tell_rest_of_plan(publication, face.companion, now=now)
    else:
        FACE.tell("cli.published", where=publication.where)


def _publish(face: Face, wishes: PublishingWishes, last: Remembering | None, *, now: datetime) -> Publication:
    from cityhall_fm.production.go_public import publish_all, to_remember

    companion = face.companion
    with TerminalProgress(FACE) as progress:
        publication = publish_all(companion, now=now, progress=progress, wishes=wishes, pause=time.sleep)
    target = companion.settings.target
    if last and not wishes.plan_only and target.startswith("s3://"):  # a folder may be moved
        last.keep(to_remember(publication, companion, target, known=wishes.known))
    return publication


@click.command(help=FACE.say("cli.announce"))
@click.argument("number", type=click.IntRange(1))
@click.option("--preview", is_flag=True, help=FACE.say("cli.preview_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.preview_json_option"))
@click.pass_obj
def announce(face: Face, number: int, *, preview: bool, as_json: bool) -> None:
    """Announce one episode and send its receipts."""
    from cityhall_fm.production.release import announcing_channel
    from cityhall_fm.production.say import announce_all, wordings
    from cityhall_fm.show.episode import EpisodeNumber

    if as_json and not preview:
        raise click.UsageError(FACE.say("cli.json_of_preview"))
    companion, episode = face.companion, EpisodeNumber(number)
    if as_json:
        FACE.tell_json(
            [
                {"kind": one.kind, "question": one.question, "text": words.text, "blocks": words.blocks}
                for one, words in wordings(episode, companion)
            ]
        )
        return
    if preview:
        for delivery, words in wordings(episode, companion):
            FACE.tell("cli.message_preview", kind=FACE.say(f"cli.message_{delivery.kind}"), text=words.text)
            FACE.tell_json({"blocks": words.blocks})
        return
    with TerminalProgress(FACE) as progress:
        channel = announcing_channel(episode, companion)
        said = announce_all(
            episode, companion, channel, now=datetime.now(UTC), progress=progress, pause=time.sleep
        )
    take_back_posts(companion)
    _tell_said(said)


def tell_plan(publication: Publication) -> None:
    """Tell what is sent and what goes, with sizes and why."""
    from cityhall_fm.show.plan_in_words import gone_in_words, uploads_in_words

    plan = publication.plan
    for line in (*uploads_in_words(plan), *gone_in_words(plan)):
        FACE.tell_text(line)
    FACE.tell("cli.plan_sum", count=len(plan.uploads), megabytes=plan.length_bytes / 1e6, kept=plan.kept)
    for remark in publication.remarks:
        FACE.tell_text(remark)


def tell_rest_of_plan(
    publication: Publication, companion: Wired, *, now: datetime, going_out: EpisodeNumber | None = None
) -> None:
    """Tell what else a publication would do."""
    from cityhall_fm.production.explain_plan import explain_plan

    publishing = companion.settings.publishing
    lines = explain_plan(
        publication,
        companion,
        listens=publishing.listens,
        heralding=publishing.heralding,
        now=now,
        going_out=going_out,
    )
    for line in lines:
        FACE.tell_text(line)


def _tell_said(said: Delivered) -> None:
    from cityhall_fm.show.outbox import Kind

    FACE.tell("release.announced" if said.count(Kind.ANNOUNCEMENT) else "release.already_announced")
    FACE.tell("cli.said", receipts=said.count(Kind.RECEIPT), given_up=len(said.given_up))
    for remark in said.remarks:
        FACE.tell_text(remark)
