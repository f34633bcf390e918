"""`doctor`: one line each about what a production depends on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.errors import InputError, NotReadyError

if TYPE_CHECKING:
    from cityhall_fm.production.doctor import Check, Diagnosis, Finding

_MARKS: Final = {"right": "✓", "wrong": "✗", "skipped": "–"}
_OTHERS: Final = (
    *("token", "channels", "announce", "history", "socket", "signed_http", "clock"),
    *("bucket", "public", "artwork", "audio", "database", "answers", "disk"),
)
_WEB_SECONDS: Final = 15.0


@click.command(help=FACE.say("doctor.command"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def doctor(face: Face, *, as_json: bool) -> None:
    """Check everything, and tell what to do."""
    from cityhall_fm.production.doctor import Mark, examine

    told = []
    for diagnosis in examine(_checks(face)):
        told.append(diagnosis)
        if not as_json:
            for line in _lines(diagnosis):
                click.echo(line)
    wrong = sum(one.finding.mark is Mark.WRONG for one in told)
    if as_json:
        FACE.tell_json([_as_json(one) for one in told])
        sys.exit(1 if wrong else 0)
    if wrong:
        raise NotReadyError("doctor.sum_wrong", count=wrong)
    FACE.tell("doctor.sum_right")


def _checks(face: Face) -> Sequence[Check]:
    from cityhall_fm.production.doctor import Check, right, skipped
    from cityhall_fm.production.doctor.here import local_checks
    from cityhall_fm.production.doctor.publishing import publishing_checks
    from cityhall_fm.production.doctor.slack import slack_checks
    from cityhall_fm.settings import MANIFEST
    from cityhall_fm.wiring import machine, web_probe

    def settings() -> Finding:
        return right("doctor.settings_right", path=MANIFEST, title=face.companion.show.title)

    def clock() -> datetime:
        return datetime.now(UTC)

    first = Check("doctor.settings", settings)
    try:
        companion = face.companion
    except InputError:
        return (
            first,
            *(Check(f"doctor.{name}", lambda: skipped("doctor.needs_settings")) for name in _OTHERS),
        )
    this_machine = machine()
    return (
        first,
        *slack_checks(
            companion.checkup,
            rules=companion.rules,
            announce_channel=companion.announce_channel,
            has_app_token=bool(companion.settings.slack.app_token),
            signing_secret=companion.settings.slack.signing_secret or "",
            inbox=companion.inbox,
            timezone=companion.show.timezone,
            clock=clock,
        ),
        *publishing_checks(
            companion.show,
            bucket=companion.bucket,
            shelf=companion.shelf,
            artwork=companion.artwork,
            web=web_probe(seconds=_WEB_SECONDS),
            inspector=companion.inspector,
            machine=this_machine,
        ),
        *local_checks(
            folder=companion.settings.folder,
            machine=this_machine,
            inbox=companion.inbox,
            ledger=companion.ledger,
            answer_within=timedelta(days=companion.settings.slack.answer_within_days),
            clock=clock,
        ),
    )


def _lines(diagnosis: Diagnosis) -> list[str]:
    says, todo = _said(diagnosis)
    if todo:
        says = FACE.say("doctor.todo", says=says, todo=todo)
    mark = _MARKS[diagnosis.finding.mark]
    first = FACE.say("doctor.line", mark=mark, name=FACE.say(diagnosis.check.name), says=says)
    return [first, *(f"    {FACE.texts.word(detail).strip()}" for detail in diagnosis.finding.details)]


def _said(diagnosis: Diagnosis) -> tuple[str, str]:
    says, _, todo = FACE.texts.word(diagnosis.finding.text).strip().partition("\n")
    return says, todo


def _as_json(diagnosis: Diagnosis) -> dict[str, object]:
    says, todo = _said(diagnosis)
    return {
        "check": diagnosis.check.name.partition(".")[2],
        "mark": diagnosis.finding.mark,
        "says": says,
        "todo": todo or None,
        "details": [FACE.texts.word(detail).strip() for detail in diagnosis.finding.details],
    }
