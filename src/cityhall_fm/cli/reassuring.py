"""`inbox reassure`: nobody waits for longer than was promised without a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from cityhall_fm.cli.console import FACE, Face


@click.command("reassure", help=FACE.say("kind.reassure"))
@click.option("--preview", is_flag=True, help=FACE.say("kind.preview_option"))
@click.pass_obj
def reassure(face: Face, *, preview: bool) -> None:
    """Write to those who have waited too long, or show who they are and what they would read."""
    from cityhall_fm.production.reassure import reassure as reassure_all
    from cityhall_fm.production.reassure import silent, word_for
    from cityhall_fm.show.shelf import waiting_days

    companion, now = face.companion, datetime.now(UTC)
    inbox, keeping, ledger, outbox = companion.inbox, companion.keeping, companion.ledger, companion.outbox
    within = timedelta(days=companion.settings.slack.answer_within_days)
    if preview:
        for question in silent(
            inbox=inbox, keeping=keeping, ledger=ledger, outbox=outbox, within=within, now=now
        ):
            show = companion.show_for(question.asker)
            _, words = word_for(
                question, everything=inbox.questions(), show=show, renderer=companion.renderer
            )
            FACE.tell("kind.reassure_line", question=question.id, days=waiting_days(question, now))
            click.echo(words.text)
        return
    done = reassure_all(
        inbox=inbox,
        keeping=keeping,
        ledger=ledger,
        outbox=outbox,
        workspace=companion.workspace,
        renderer=companion.renderer,
        show_for=companion.show_for,
        within=within,
        now=now,
    )
    FACE.tell("kind.reassured", count=len(done.told))
    for error in done.refused:
        happened = FACE.texts.word(error.text).strip().partition("\n")[0]
        click.echo(FACE.say("slack_app.problem", what=happened), err=True)
