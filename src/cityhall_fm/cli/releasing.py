"""`release`: now, at a time, or when its time has come."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.cli.producing import tell_plan, tell_rest_of_plan
from cityhall_fm.cli.times import MomentType
from cityhall_fm.show.episode import EpisodeNumber

if TYPE_CHECKING:
    from cityhall_fm.production.release import Released


@click.command(help=FACE.say("cli.release"))
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--plan", is_flag=True, help=FACE.say("cli.release_plan_option"))
@click.option(
    "--at", type=MomentType(), metavar="2026-12-01T20:00+09:00", help=FACE.say("cli.release_at_option")
)
@click.option("--cancel", is_flag=True, help=FACE.say("cli.release_cancel_option"))
@click.option("--wait", is_flag=True, help=FACE.say("cli.release_wait_option"))
@click.option("--within", type=click.IntRange(1), metavar="MINUTES", help=FACE.say("release.within_option"))
@click.option("--without-slack", "quietly", is_flag=True, help=FACE.say("release.quietly_option"))
@click.pass_obj
def release(
    face: Face,
    number: int | None,
    *,
    plan: bool,
    at: datetime | None,
    cancel: bool,
    wait: bool,
    within: int | None,
    quietly: bool,
) -> None:
    """Bring an episode to its listeners and its askers."""
    if (number is None) != wait or plan + cancel + (at is not None) + quietly > 1 or (within and not wait):
        raise click.UsageError(FACE.say("cli.release_usage"))
    if wait:
        _wait(face, timedelta(minutes=within) if within else None)
    elif number is not None:
        episode = EpisodeNumber(number)
        if plan:
            _plan(face, episode)
        elif cancel:
            _cancel(face, episode)
        elif at is not None:
            _prepare(face, episode, at)
        else:
            _release(face, episode, quietly=quietly)


def _release(face: Face, episode: EpisodeNumber, *, quietly: bool) -> None:
    from cityhall_fm.production.release import release as release_episode

    with TerminalProgress(FACE) as progress:
        released = release_episode(
            episode,
            face.companion,
            now=datetime.now(UTC),
            progress=progress,
            pause=time.sleep,
            quietly=quietly,
        )
    tell_released(released, quietly=quietly)


def _plan(face: Face, episode: EpisodeNumber) -> None:
    from cityhall_fm.production.release import plan_release

    now = datetime.now(UTC)
    with TerminalProgress(FACE) as progress:
        plan = plan_release(episode, face.companion, now=now, progress=progress)
    for step in plan.first:
        FACE.tell_text(step)
    if plan.publication:
        tell_plan(plan.publication)
        tell_rest_of_plan(plan.publication, face.companion, now=now, going_out=episode)
    for step in plan.then:
        FACE.tell_text(step)


def _prepare(face: Face, episode: EpisodeNumber, at: datetime) -> None:
    from cityhall_fm.production.scheduling import prepare

    with TerminalProgress(FACE) as progress:
        prepared = prepare(
            episode,
            face.companion,
            at=at,
            now=datetime.now(UTC),
            token=secrets.token_hex(16),
            progress=progress,
            pause=time.sleep,
        )
    for remark in prepared.remarks:
        FACE.tell_text(remark)
    tell_plan(prepared.publication)
    FACE.tell("release.prepared", number=episode, at=at.isoformat(), preview=prepared.preview)


def _cancel(face: Face, episode: EpisodeNumber) -> None:
    from cityhall_fm.production.scheduling import cancel

    cancel(episode, face.companion, now=datetime.now(UTC))
    FACE.tell("release.cancelled", number=episode)


def _wait(face: Face, within: timedelta | None) -> None:
    from cityhall_fm.production.scheduling import keep_dates

    with TerminalProgress(FACE) as progress:
        keep_dates(
            face.companion,
            clock=lambda: datetime.now(UTC),
            sleep=time.sleep,
            progress=progress,
            told=FACE.tell_text,
            out=tell_released,
            within=within,
        )


def tell_released(released: Released, *, quietly: bool = False) -> None:
    """Tell what a release came to."""
    for remark in released.remarks:
        FACE.tell_text(remark)
    tell_plan(released.publication)
    if quietly:
        FACE.tell("release.quietly", number=released.episode.number)
    else:
        FACE.tell("release.announced" if released.announced else "release.already_announced")
        FACE.tell("release.thanked", sent=released.receipts.sent, kept=released.receipts.kept)
    FACE.tell("release.done", number=released.episode.number, url=released.url)
