"""`init`: the folder of a new show."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from uuid import uuid4

import click

from cityhall_fm.cli.console import FACE
from cityhall_fm.show.episode import Guid
from cityhall_fm.show.moving.lenient import web_address
from cityhall_fm.texts import LANGUAGES, Catalogue


def _email(_: click.Context, __: click.Parameter, written: str) -> str:
    if written and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", written):
        raise click.BadParameter(FACE.say("start.not_an_email", written=written))
    return written


def _address(_: click.Context, __: click.Parameter, written: str) -> str:
    if written and not web_address(written):
        raise click.BadParameter(FACE.say("moving.not_a_public_url"))
    return written


def _target(_: click.Context, __: click.Parameter, written: str) -> str:
    if "://" in written and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]+(/[!-~]*)?", written):
        raise click.BadParameter(FACE.say("start.not_a_target", written=written))
    return written


@click.command(help=FACE.say("start.about"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", default="", help=FACE.say("start.title_option"))
@click.option("--city", default="", help=FACE.say("start.city_option"))
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=FACE.texts.language,
    show_default=True,
    help=FACE.say("start.language_option"),
)
@click.option("--email", default="", callback=_email, help=FACE.say("start.email_option"))
@click.option(
    "--public-url",
    metavar="URL",
    default="",
    callback=_address,
    help=FACE.say("start.public_url_option"),
)
@click.option("--target", default="feeds/site", callback=_target, help=FACE.say("start.target_option"))
def init(
    folder: Path, *, title: str, city: str, language: str, email: str, public_url: str, target: str
) -> None:
    """Begin a show."""
    from cityhall_fm.defaults import defaults
    from cityhall_fm.production.begin_show import Wishes, begin_show
    from cityhall_fm.wiring import new_home

    samples = begin_show(
        folder,
        Wishes(title, city, language, email, public_url, target),
        home=new_home(folder),
        artwork=(defaults() / "feeds" / "artwork.png").read_bytes(),
        say=Catalogue(language),
        new_guid=lambda: Guid(str(uuid4())),
        python=sys.executable,
    )
    FACE.tell("start.made", folder=folder)
    for field in samples:
        FACE.tell("start.placeholder_left", field=field)
