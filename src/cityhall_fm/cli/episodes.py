"""`episode`: new, list, show, check, add."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from cityhall_fm.cli.chapters import chapters
from cityhall_fm.cli.concerned import tell_concerned
from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.cli.times import MomentType, TimecodeType
from cityhall_fm.cli.transcripts import transcript
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.show.episode import Episode


@click.group(help=FACE.say("cli.episode"))
def episode() -> None:
    """Hold the commands about episodes."""


@episode.command("new", help=FACE.say("cli.episode_new"))
@click.argument("title")
@click.option("--at", "planned_for", type=MomentType(), help=FACE.say("cli.planned_option"))
@click.pass_obj
def new(face: Face, title: str, planned_for: datetime | None) -> None:
    """Make the next episode's folder."""
    shelf = face.companion.shelf
    made = shelf.create(title=title, guid=Guid(str(uuid4())), planned_for=planned_for)
    FACE.tell("cli.episode_made", number=made.number, title=made.title, label=made.label)


@episode.command("list", help=FACE.say("cli.episode_list"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def list_(face: Face, *, as_json: bool) -> None:
    """List the episodes."""
    episodes = face.companion.shelf.episodes()
    if as_json:
        FACE.tell_json([_as_json(one) for one in episodes])
        return
    for one in episodes:
        FACE.tell(
            "cli.episode_line", number=one.number, title=one.title, state=FACE.say(f"cli.state_{_state(one)}")
        )


@episode.command("show", help=FACE.say("cli.episode_show"))
@click.argument("number", type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def show(face: Face, number: int, *, as_json: bool) -> None:
    """Show one episode with its rundown."""
    one = face.companion.shelf.episode(EpisodeNumber(number))
    if as_json:
        FACE.tell_json(_as_json(one))
        return
    FACE.tell(
        "cli.episode_line", number=one.number, title=one.title, state=FACE.say(f"cli.state_{_state(one)}")
    )
    for place, segment in enumerate(one.rundown.segments, 1):
        at = str(segment.at) if segment.at is not None else "–:––"
        click.echo(f"  {place:2} {at:>7}  {segment.title}  {segment.question or ''}".rstrip())
    tell_concerned(face.companion, number=one.number, aside=True)


@episode.command("check", help=FACE.say("cli.episode_check"))
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def check(face: Face, number: int) -> None:
    """Tell everything that is missing before a release."""
    from cityhall_fm.production.release import check_episode

    for warning in check_episode(EpisodeNumber(number), face.companion):
        FACE.tell("cli.warning", warning=warning)
    FACE.tell("episodes.ready", number=number)


@episode.command("add", help=FACE.say("cli.episode_add"))
@click.argument("number", type=click.IntRange(1))
@click.argument("question")
@click.option("--segment", type=click.IntRange(1), help=FACE.say("cli.segment_option"))
@click.option("--title", help=FACE.say("cli.title_option"))
@click.option("--at", type=TimecodeType(), help=FACE.say("cli.at_option"))
@click.pass_obj
def add(
    face: Face, number: int, question: str, segment: int | None, title: str | None, at: Timecode | None
) -> None:
    """Slot a question into an episode's rundown."""
    from cityhall_fm.production.curate import slot

    companion = face.companion
    changed = slot(
        question,
        EpisodeNumber(number),
        shelf=companion.shelf,
        inbox=companion.inbox,
        title=title,
        at=at,
        at_position=segment,
        links=links,
        now=datetime.now(UTC),
    )
    FACE.tell("cli.episode_added", number=number, title=changed.title)


def _state(one: Episode) -> str:
    if one.published_at:
        return "published"
    return "mastered" if one.enclosure else "waiting"


def _as_json(one: Episode) -> dict[str, object]:
    return {
        "number": one.number,
        "title": one.title,
        "guid": one.guid,
        "state": _state(one),
        "planned_for": one.planned_for.isoformat() if one.planned_for else None,
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "rundown": [
            {
                "title": segment.title,
                "at": segment.at.exact() if segment.at is not None else None,
                "question": segment.question,
            }
            for segment in one.rundown.segments
        ],
    }


episode.add_command(chapters)
episode.add_command(transcript)
