"""`privacy`: what is kept about people, for how long, and its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.cli.submitted import submitted_json, submitted_line
from cityhall_fm.cli.taking_back import take_back_posts
from cityhall_fm.show.episode import aired
from cityhall_fm.show.mrkdwn import KnownNames, plain
from cityhall_fm.show.retention import Why, next_day

if TYPE_CHECKING:
    from cityhall_fm.production.personal import Asked, Kept
    from cityhall_fm.production.purge import Purged
    from cityhall_fm.show.consent import Consent
    from cityhall_fm.wiring import Wired


@click.group(help=FACE.say("privacy.group"))
def privacy() -> None:
    """Hold the commands about people's words and names."""


@privacy.command("purge", help=FACE.say("privacy.purge"))
@click.option("--plan", is_flag=True, help=FACE.say("privacy.plan_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def purge(face: Face, *, plan: bool, as_json: bool) -> None:
    """Remove what is past its day."""
    purged = purge_now(face.companion, plan_only=plan)
    if as_json:
        found = [{"question": id_, "why": why} for id_, why in purged.questions]
        FACE.tell_json({"questions": found, "proofs": purged.proofs})
        return
    counts = {why.value: purged.count(why) for why in Why}
    if plan:
        for id_, why in purged.questions:
            FACE.tell("privacy.purge_line", question=id_, why=FACE.say(f"privacy.why_{why}"))
        FACE.tell("privacy.would_purge", **counts)
    else:
        FACE.tell("privacy.purged", **counts, proofs=purged.proofs)


@privacy.command("show", help=FACE.say("privacy.show"))
@click.argument("user")
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def show(face: Face, user: str, *, as_json: bool) -> None:
    """Show everything about one person."""
    kept = _kept(user, face.companion)
    if as_json:
        FACE.tell_json(_as_json(kept, face.companion))
        return
    for line in _lines(kept, face.companion):
        click.echo(line)


@privacy.command("erase", help=FACE.say("privacy.erase"))
@click.argument("user")
@click.option("--yes", is_flag=True, help=FACE.say("privacy.yes_option"))
@click.pass_obj
def erase(face: Face, user: str, *, yes: bool) -> None:
    """Remove everything about one person."""
    from cityhall_fm.production.personal import erase as erase_all
    from cityhall_fm.production.personal import withdraw_all

    companion = face.companion
    kept = _kept(user, companion)
    if not yes:
        for line in _lines(kept, companion):
            click.echo(line)
    concerned = [(one, episode) for one in kept.on_air for episode in one.episodes if episode.published_at]
    for one, episode in concerned:
        FACE.tell(
            "privacy.concerned",
            number=episode.number,
            title=episode.title,
            question=one.question.id,
            path=f"episodes/{episode.label}-…/episode.md",
        )
    for episode in kept.written_in:
        FACE.tell(
            "privacy.written_in",
            number=episode.number,
            title=episode.title,
            folder=f"episodes/{episode.label}-…",
        )
    if yes:
        withdraw_all(kept, inbox=companion.inbox, now=datetime.now(UTC))
        take_back_posts(companion)  # while it is known whose they are, and which language they read
        erase_all(
            kept,
            inbox=companion.inbox,
            keeping=companion.keeping,
            now=datetime.now(UTC),
            voices=companion.voices,
            salt=secrets.token_hex(16),
        )
        companion.erased_file.add(companion.keeping.erased())
        FACE.tell("privacy.erased", questions=len(kept.asked), said=len(kept.said))
        FACE.tell("privacy.keep_the_list", path=companion.erased_file.path)
    FACE.tell("privacy.beyond_us")
    if not yes:
        FACE.tell("privacy.would_erase")


def purge_now(companion: Wired, *, plan_only: bool = False) -> Purged:
    """Run the purge with the show's own periods; the posts in Slack follow."""
    from cityhall_fm.production.purge import purge as purge_all

    purged = purge_all(
        inbox=companion.inbox,
        shelf=companion.shelf,
        keeping=companion.keeping,
        retention=companion.settings.retention,
        now=datetime.now(UTC),
        plan_only=plan_only,
        voices=companion.voices,
    )
    if not plan_only:
        take_back_posts(companion)
    return purged


def _kept(user: str, companion: Wired) -> Kept:
    from cityhall_fm.production.personal import kept_about

    return kept_about(
        user,
        inbox=companion.inbox,
        keeping=companion.keeping,
        shelf=companion.shelf,
        memory=companion.app_memory,
    )


def _lines(kept: Kept, companion: Wired) -> Iterator[str]:
    yield FACE.say("privacy.person", person=kept.person, name=kept.name.for_host())
    for one in kept.asked:
        yield from _about(one, companion)
    known = _known_names(companion)
    for question, message in kept.said:
        yield FACE.say("privacy.said", question=question, words=plain(message.mrkdwn.for_host(), known))
    if kept.mentioned:
        yield FACE.say("privacy.mentioned", questions=", ".join(kept.mentioned))
    if kept.draft:
        yield FACE.say("privacy.draft", words=kept.draft.words.for_host())
    for one in kept.asked:
        for path in companion.voices.for_host(one.question.id).values():
            yield FACE.say("privacy.voice", question=one.question.id, path=path)
    if kept.reacted:
        yield FACE.say("privacy.reacted", questions=", ".join(kept.reacted))


def _about(one: Asked, companion: Wired) -> Iterator[str]:
    words = one.question.words.for_host()
    status = FACE.say(f"cli.status_{one.question.status}")
    yield FACE.say("privacy.asked", question=one.question.id, status=status, words=words)
    if one.submitted:
        yield f"    {submitted_line(one.submitted)}"
    yield from (_consent_line(consent, companion) for consent in one.consents)
    for episode in one.episodes:
        yield FACE.say("privacy.in_episode", number=episode.number, title=episode.title)
    day = _removed_on(one, companion)
    if day:
        yield FACE.say("privacy.until", day=_day(day, companion))


def _consent_line(consent: Consent, companion: Wired) -> str:
    line = FACE.say(
        "privacy.consent_withdrawn" if consent.withdrawn_at else "privacy.consent",
        at=_day(consent.given_at, companion),
        naming=FACE.say(f"cli.naming_{consent.naming}"),
        name=consent.radio_name.for_host() if consent.radio_name else "",
        **({"withdrawn": _day(consent.withdrawn_at, companion)} if consent.withdrawn_at else {}),
    )
    return f"{line} 🎤 {FACE.say('slack_app.voice_agreed')}" if consent.voice else line


def _as_json(kept: Kept, companion: Wired) -> dict[str, object]:
    known = _known_names(companion)
    return {
        "person": kept.person,
        "name": kept.name.for_host(),
        "questions": [
            {
                "id": one.question.id,
                "status": one.question.status,
                "words": one.question.words.for_host(),
                "submitted": submitted_json(one.submitted) if one.submitted else None,
                "episodes": [episode.number for episode in one.episodes],
                "removed_on": day.isoformat() if (day := _removed_on(one, companion)) else None,
                "consents": [
                    {
                        "naming": consent.naming,
                        "wording": consent.wording,
                        "given_at": consent.given_at.isoformat(),
                        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
                        "radio_name": consent.radio_name.for_host() if consent.radio_name else None,
                        "reading": consent.reading.for_host() if consent.reading else None,
                        "voice": consent.voice,
                    }
                    for consent in one.consents
                ],
            }
            for one in kept.asked
        ],
        "said": [
            {"question": question, "words": plain(message.mrkdwn.for_host(), known)}
            for question, message in kept.said
        ],
        "mentioned": kept.mentioned,
        "draft": kept.draft.words.for_host() if kept.draft else None,
        "voices": [
            str(path) for one in kept.asked for path in companion.voices.for_host(one.question.id).values()
        ],
        "reacted": kept.reacted,
    }


def _removed_on(one: Asked, companion: Wired) -> datetime | None:
    since = companion.keeping.since([one.question.id], now=datetime.now(UTC))
    return next_day(
        one.question,
        aired=aired(one.episodes).get(one.question.id),
        in_preparation=any(episode.published_at is None for episode in one.episodes),
        kept_since=since[one.question.id],
        retention=companion.settings.retention,
    )


def _known_names(companion: Wired) -> KnownNames:
    names = {id_: member.name for id_, member in companion.inbox.names().items()}
    return KnownNames(names, {}, companion.emoji)


def _day(moment: datetime, companion: Wired) -> str:
    return f"{moment.astimezone(ZoneInfo(companion.show.timezone)):%Y-%m-%d}"
