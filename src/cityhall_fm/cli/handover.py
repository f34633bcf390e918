"""`handover`: the pack for the next section chief, as a page to print."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from cityhall_fm.cli.concerned import concerned_json, concerned_now
from cityhall_fm.cli.console import FACE, Face


@click.command(help=FACE.say("studio_handover.command"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def handover(face: Face, *, as_json: bool) -> None:
    """Print the handover pack."""
    from cityhall_fm.production.hand_over import hand_over

    companion = face.companion
    pack = hand_over(
        shelf=companion.shelf,
        inbox=companion.inbox,
        dates=companion.dates,
        keeping=companion.keeping,
        retention=companion.settings.retention,
        people=companion.settings.studio.people,
        environment=os.environ,
        now=datetime.now(UTC),
        concerned=concerned_now(companion),
    )
    if as_json:
        FACE.tell_json(
            {
                "concerned": concerned_json(companion),
                "open": [{"id": one.question.id, "waiting_days": one.days} for one in pack.open],
                "promises": [
                    {
                        "episode": one.episode.number,
                        "what": one.promise.what,
                        "by": one.promise.by.isoformat() if one.promise.by else None,
                    }
                    for one in pack.promised
                ],
                "consents": [
                    {
                        "id": one.question,
                        "naming": one.naming,
                        "given_at": one.given_at.isoformat(),
                        "ends": one.ends.isoformat() if one.ends else None,
                    }
                    for one in pack.agreed
                ],
                "dates": [{"episode": one.episode, "at": one.at.isoformat()} for one in pack.dates],
                "people": [{"who": one.who, "role": one.role} for one in pack.entrusted],
                "keys": dict(pack.keys),
            }
        )
        return
    from cityhall_fm.studio.handing_over import as_file

    click.echo(as_file(pack, companion, FACE.texts))
