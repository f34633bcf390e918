"""`collect` and `inbox`: from Slack into the inbox, and what becomes of each question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.concerned import concerned_json, tell_concerned
from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.cli.privacy import purge_now
from cityhall_fm.cli.reassuring import reassure
from cityhall_fm.cli.recordings import keep_all_voices, tell_recordings, tell_voices, voice, voices_json
from cityhall_fm.cli.shelf import ShelfView
from cityhall_fm.cli.submitted import show_emoji, submitted, tell_submitted
from cityhall_fm.cli.taking_back import take_back_posts
from cityhall_fm.cli.telling import show_words, tell_now, telling, words_to_tell
from cityhall_fm.show.asking import is_held_back
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import in_rundowns
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.mrkdwn import KnownNames, plain
from cityhall_fm.show.question import Status
from cityhall_fm.show.retention import Why
from cityhall_fm.show.shelf import IN_PRIVATE, Shelf, place_of

if TYPE_CHECKING:
    from cityhall_fm.show.question import Question
    from cityhall_fm.show.slack_thread import ChannelId
    from cityhall_fm.wiring import Wired


@click.command(help=FACE.say("cli.collect"))
@click.option("--export", type=click.Path(path_type=Path), help=FACE.say("cli.export_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def collect(face: Face, export: Path | None, *, as_json: bool) -> None:
    """Collect threads from Slack, or from its export."""
    from cityhall_fm.production.collect import A_NIGHT
    from cityhall_fm.production.collect import collect as collect_threads

    companion = face.companion
    with TerminalProgress(FACE) as progress:
        collected = collect_threads(
            source=companion.source(export),
            inbox=companion.inbox,
            rules=companion.rules,
            in_rundowns=in_rundowns(companion.shelf.episodes()),
            now=datetime.now(UTC),
            emoji=companion.emoji,
            progress=progress,
            keeping=companion.keeping,
            again=A_NIGHT,
        )
    purged = purge_now(companion)
    voices_kept = keep_all_voices(companion)
    tell_concerned(companion, aside=True)
    if as_json:
        FACE.tell_json(
            [
                {
                    "channel": one.channel_name,
                    "questions": one.questions,
                    "topics": one.topics,
                    "changed": one.changed,
                    "withdrawn": one.withdrawn,
                }
                for one in collected
            ]
        )
        return
    for one in collected:
        FACE.tell(
            "cli.collected",
            channel=one.channel_name,
            questions=one.questions,
            topics=one.topics,
            changed=one.changed,
            withdrawn=one.withdrawn,
        )
    if purged.questions:
        FACE.tell("privacy.purged", **{why.value: purged.count(why) for why in Why}, proofs=purged.proofs)
    tell_voices(voices_kept)


@click.group(help=FACE.say("cli.inbox"))
def inbox() -> None:
    """Hold the commands about questions and topics."""


@inbox.command("list", help=FACE.say("cli.inbox_list"))
@click.option("--channel", help=FACE.say("cli.channel_option"))
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help=FACE.say("cli.status_option"),
)
@click.option(
    "--shelf",
    "shelf_name",
    type=click.Choice([shelf.value for shelf in Shelf]),
    help=FACE.say("choosing.option"),
)
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def list_(
    face: Face,
    channel: str | None,
    statuses: tuple[str, ...],
    shelf_name: str | None,
    *,
    as_json: bool,
) -> None:
    """List questions and topics."""
    kept = face.companion.inbox
    channels = kept.channels()
    everything = kept.questions()
    within = _channel(channel, channels)
    wanted = frozenset(Status(status) for status in statuses) or frozenset(Status)
    view = ShelfView(everything, channels, face.companion, shelf_name, now=datetime.now(UTC))
    found = [one for one in everything if one.status in wanted and within in (None, one.thread.channel)]
    questions = view.chosen(found)
    if as_json:
        FACE.tell_json([{**_as_json(question), **view.as_json(question)} for question in questions])
        return
    for question in questions:
        for line in (*view.heading(question), f"{_line(question)}{view.marks(question)}"):
            click.echo(line)
    FACE.tell("cli.inbox_sum", count=len(questions))
    view.warn()
    tell_concerned(face.companion, aside=True)


@inbox.command("show", help=FACE.say("cli.inbox_show"))
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def show(face: Face, question: str, *, as_json: bool) -> None:
    """Show one question with its thread, to the host."""
    companion = face.companion
    found = companion.inbox.question(question)
    known = KnownNames(
        {id_: member.name for id_, member in companion.inbox.names().items()}, {}, companion.emoji
    )
    replies = [plain(reply.mrkdwn.for_host(), known) for reply in found.thread.replies]
    similar = _similar_answers(found, companion)
    if as_json:
        FACE.tell_json(
            {
                **_as_json(found),
                "replies": replies,
                "similar": similar,
                "submitted": submitted(face, found),
                **voices_json(found, companion),
                "concerned": concerned_json(companion, found.id),
            }
        )
        return
    naming = found.consent.naming if found.consent and found.consent.stands else "none"
    click.echo(_line(found))
    FACE.tell("cli.consent_line", naming=FACE.say(f"cli.naming_{naming}"))
    tell_submitted(face, found)
    if is_held_back(found):
        FACE.tell("choosing.held_back_line")
    click.echo(found.words.for_host())
    for reply in replies:
        click.echo(f"  └ {reply}")
    tell_recordings(found, companion)
    if found.thread.permalink:
        click.echo(found.thread.permalink)
    tell_concerned(companion, only=found.id)
    for one in similar:
        FACE.tell("choosing.similar" if one["at"] else "choosing.similar_untimed", **one)


@inbox.command("shortlist", help=FACE.say("cli.shortlist"))
@click.argument("question")
@click.pass_obj
def shortlist(face: Face, question: str) -> None:
    """Put a question on the shortlist."""
    _move(face, question, Status.SHORTLISTED)


@inbox.command("next-time", help=FACE.say("cli.next_time"))
@click.argument("question")
@telling
@click.pass_obj
def next_time(face: Face, question: str, reason: str | None, own: str, *, tell: bool, preview: bool) -> None:
    """Keep a question for another episode."""
    if preview:
        show_words(face, question, Status.NEXT_TIME, reason, own)
        return
    words = words_to_tell(face, question, Status.NEXT_TIME, reason, own) if tell else None
    _move(face, question, Status.NEXT_TIME)
    if words:
        tell_now(face, question, words, to=Status.NEXT_TIME, reason=reason, own=own)


@inbox.command("decline", help=FACE.say("cli.decline"))
@click.argument("question")
@telling
@click.pass_obj
def decline(face: Face, question: str, reason: str | None, own: str, *, tell: bool, preview: bool) -> None:
    """Decide not to take a question."""
    if preview:
        show_words(face, question, Status.DECLINED, reason, own)
        return
    words = words_to_tell(face, question, Status.DECLINED, reason, own) if tell else None
    _move(face, question, Status.DECLINED)
    if words:
        tell_now(face, question, words, to=Status.DECLINED, reason=reason, own=own)


@inbox.command("withdraw", help=FACE.say("cli.withdraw"))
@click.argument("question")
@click.pass_obj
def withdraw(face: Face, question: str) -> None:
    """Take a question back for its asker."""
    found = _move(face, question, Status.WITHDRAWN)
    take_back_posts(face.companion)
    tell_concerned(face.companion, only=found.id)


@inbox.command("consent", help=FACE.say("cli.consent"))
@click.argument("question")
@click.option(
    "--as",
    "naming",
    type=click.Choice([naming.value for naming in Naming]),
    required=True,
    help=FACE.say("cli.naming_option"),
)
@click.option("--name", help=FACE.say("cli.radio_name_option"))
@click.option("--reading", help=FACE.say("cli.reading_option"))
@click.option("--voice", is_flag=True, help=FACE.say("slack_app.voice_option"))
@click.pass_obj
def consent(
    face: Face, question: str, naming: str, name: str | None, reading: str | None, *, voice: bool
) -> None:
    """Note what an asker agreed to."""
    from cityhall_fm.production.curate import note_consent

    companion = face.companion
    found = note_consent(
        question,
        Naming(naming),
        radio_name=name,
        reading=reading,
        voice=voice,
        keeping=companion.keeping,
        wording=companion.rules.consent_wording,
        inbox=companion.inbox,
        now=datetime.now(UTC),
    )
    FACE.tell("cli.consent_noted", question=found.id, naming=FACE.say(f"cli.naming_{naming}"))


inbox.add_command(voice)
inbox.add_command(reassure)


def _channel(wanted: str | None, known: Mapping[ChannelId, str]) -> ChannelId | None:
    """Find a channel that was collected from by name or id."""
    if wanted is None:
        return None
    for id_, name in known.items():
        if wanted.removeprefix("#") in {id_, name}:
            return id_
    raise UnknownError("inbox.unknown_channel", channel=wanted, known=", ".join(known.values()) or "–")


def _similar_answers(question: Question, companion: Wired) -> list[dict[str, object]]:
    """Name what was already answered in an episode, most alike first."""
    from cityhall_fm.production.write_notes import notes_of
    from cityhall_fm.show.library import answered
    from cityhall_fm.show.similar import AnsweredBefore

    show, inbox = companion.show, companion.inbox
    published = [episode for episode in companion.shelf.episodes() if episode.published_at]
    noted = [(episode, notes_of(show, episode, inbox=inbox)) for episode in reversed(published)]
    before = AnsweredBefore([one for one in answered(noted) if one.id != question.id])
    return [
        {
            "episode": one.answered.episode.number,
            "at": str(at) if (at := one.answered.part.at) is not None else None,
            "title": one.answered.part.title,
            "url": show.url(f"{one.answered.episode.number}/{at.fragment if at is not None else ''}"),
            "alike": round(one.alike, 2),
        }
        for one in before.like(question.words.for_host())
    ]


def _move(face: Face, question: str, to: Status) -> Question:
    from cityhall_fm.production.curate import move

    companion = face.companion
    found = move(question, to, inbox=companion.inbox, now=datetime.now(UTC), voices=companion.voices)
    show_emoji(face, found)
    FACE.tell("cli.moved", question=found.id, status=FACE.say(f"cli.status_{to}"))
    return found


def _line(question: Question) -> str:
    spoken = "🎤" if question.thread.opening.clips else ""
    first = question.words.for_host().strip().partition("\n")[0] or spoken
    cut = first if len(first) <= 50 else first[:49] + "…"  # noqa: PLR2004 - half a line of Japanese
    status = FACE.say(f"cli.status_{question.status}")
    return f"{question.id}  {FACE.say(f'cli.kind_{question.kind}')}  {status}  {cut}"


def _as_json(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "kind": question.kind,
        "status": question.status,
        "channel": None if place_of(question) == IN_PRIVATE else question.thread.channel,
        "ts": question.thread.ts,
        "words": question.words.for_host(),
        "replies_count": len(question.thread.replies),
        "reactions": {reaction.emoji: reaction.count for reaction in question.thread.opening.reactions},
        "naming": question.consent.naming if question.consent and question.consent.stands else None,
        "permalink": question.thread.permalink,
        "held_back": is_held_back(question),
    }
