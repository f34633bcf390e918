"""`slack`: what the city's own Slack app needs."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.show.errors import CompanionError, NotReadyError

if TYPE_CHECKING:
    from cityhall_fm.wiring import Wired


@click.group(help=FACE.say("manifest.slack"))
def slack() -> None:
    """Hold the commands about the Slack app."""


@slack.command("manifest", help=FACE.say("manifest.command"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help=FACE.say("manifest.format_option"),
)
@click.option("--http", metavar="URL", help=FACE.say("manifest.http_option"))
@click.option("--studio", metavar="URL", help=FACE.say("manifest.studio_option"))
@click.pass_obj
def manifest(face: Face, form: str, http: str | None, studio: str | None) -> None:
    """Print the app's manifest."""
    from cityhall_fm.production.slack_manifest import is_request_url, slack_manifest

    if http is not None and not is_request_url(http):
        raise click.BadParameter(FACE.say("manifest.not_an_address", url=http), param_hint="--http")
    if studio is not None and not is_request_url(studio):
        raise click.BadParameter(FACE.say("manifest.not_an_address", url=studio), param_hint="--studio")
    made = slack_manifest(face.companion.show, http=http, studio=studio)
    click.echo(_as_yaml(made) if form == "yaml" else json.dumps(made, ensure_ascii=False, indent=2))


@slack.command("pin", help=FACE.say("slack_app.pin"))
@click.option("--channel", help=FACE.say("slack_app.pin_channel_option"))
@click.pass_obj
def pin(face: Face, channel: str | None) -> None:
    """Pin the button to ask."""
    companion = face.companion
    name = channel or next(iter((*companion.rules.question_channels, companion.announce_channel)), "")
    if not name:
        raise NotReadyError("slack_app.no_channel_to_pin")
    is_new = pin_the_button(companion, name)
    FACE.tell("slack_app.pinned_now" if is_new else "slack_app.pinned_before", channel=name.removeprefix("#"))


def pin_the_button(companion: Wired, channel: str) -> bool:
    """Pin the button to ask to a channel, in the show's language; tell whether it was posted now."""
    from cityhall_fm.production.pin_button import pin_button
    from cityhall_fm.slack_app.messages import ask_button
    from cityhall_fm.texts import Catalogue

    words = ask_button(Catalogue(companion.show.language), companion.show.title)
    _, is_new = pin_button(
        channel, words, workspace=companion.workspace, ledger=companion.ledger, now=datetime.now(UTC)
    )
    return is_new


@slack.command("serve", help=FACE.say("slack_app.serve"))
@click.option(
    "--http", "port", type=click.IntRange(1, 65535), metavar="PORT", help=FACE.say("slack_app.http_option")
)
@click.option("--host", default="127.0.0.1", show_default=True, help=FACE.say("slack_app.host_option"))
@click.pass_obj
def serve(face: Face, port: int | None, host: str) -> None:
    """Run the app until Ctrl-C or SIGTERM."""
    from cityhall_fm.cli.serving import end_as_by_ctrl_c
    from cityhall_fm.slack_app.serving import demand_tokens, desk_at_work, over_socket, serve_http

    companion = face.companion
    demand_tokens(companion, over_http=port is not None)
    end_as_by_ctrl_c()
    with suppress(KeyboardInterrupt), desk_at_work(companion, told=tell_problem) as (app, desk):
        if port is not None:
            serve_http(
                app,
                host=host,
                port=port,
                told=lambda url: FACE.tell("slack_app.serving_http", url=url),
            )
            return
        with over_socket(companion, app, desk):
            FACE.tell("slack_app.serving_socket")
            Event().wait()


def tell_problem(error: CompanionError) -> None:
    """Say what went wrong while the app goes on: what happened, without the advice.

    What a host has to cut is said whole.
    """
    if error.text.name == "episodes.concerned":
        click.echo(f"⚠ {FACE.texts.word(error.text).strip()}", err=True)
        return
    happened = FACE.texts.word(error.text).strip().partition("\n")[0]
    click.echo(FACE.say("slack_app.problem", what=happened), err=True)


def _as_yaml(value: object) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    written = io.StringIO()
    yaml.dump(value, written)
    return written.getvalue().rstrip("\n")
