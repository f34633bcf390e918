"""`backup`, `restore`, `units`: so that the show survives its machine, and goes out by itself."""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from cityhall_fm.cli.console import FACE, Face
from cityhall_fm.cli.taking_back import take_back_posts
from cityhall_fm.show.keys import Key
from cityhall_fm.show.units import cron_line, systemd_unit

if TYPE_CHECKING:
    from cityhall_fm.show.erasure import Erased


class _Place(click.Path):
    """A file, a folder, or a place in a bucket: `s3://bucket/prefix`."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:  # noqa: ANN401 - click's own
        if not str(value).startswith("s3://"):
            return Path(os.fsdecode(super().convert(value, param, ctx)))
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]+(/[!-~]*)?", str(value)):
            self.fail(FACE.say("start.not_a_target", written=value), param, ctx)
        return str(value)


@click.command(help=FACE.say("backup.backup"))
@click.argument("to", metavar="FILE|FOLDER|S3", type=_Place())
@click.pass_obj
def backup(face: Face, to: str | Path) -> None:
    """Save what cannot be made again."""
    from cityhall_fm.production.back_up import back_up
    from cityhall_fm.production.keep_backup import file_for_backup, keep_backup
    from cityhall_fm.wiring import vault

    companion, now = face.companion, datetime.now(UTC)
    if isinstance(to, Path):
        target = companion.settings.target
        public = [companion.folder.path(Key("")), *([] if target.startswith("s3://") else [Path(target)])]
        file = file_for_backup(to, public=public, now=now)
        done = back_up(face.folder, memory=companion.memory, to=file)
        FACE.tell("backup.saved", file=file, count=done.files, megabytes=done.length_bytes / 1e6)
        return

    place = vault(to)
    with TemporaryDirectory() as aside:
        file = Path(aside) / "kept.zip"
        done = back_up(face.folder, memory=companion.memory, to=file)
        key, sure = keep_backup(file, vault=place, published_to=companion.settings.target, now=now)
    kept = f"{to.rstrip('/')}/{key}"
    FACE.tell("backup.saved", file=kept, count=done.files, megabytes=done.length_bytes / 1e6)
    if not sure:
        FACE.tell("backup.not_sure", where=to)


@click.command(help=FACE.say("backup.restore"))
@click.argument("source", metavar="FILE|FOLDER|S3", type=_Place(exists=True))
@click.pass_obj
def restore(face: Face, source: str | Path) -> None:
    """Bring a show back onto an empty machine."""
    from cityhall_fm.production.back_up import restore as bring_back
    from cityhall_fm.production.keep_backup import newest_backup
    from cityhall_fm.wiring import erased_file, memory_of

    erased, gone = erased_file(face.folder).read(), 0

    def erase(aside: Path, saved: Path) -> None:
        nonlocal gone
        erased_file(aside).add(erased)  # the backup's own list may be older
        gone = _erase_again(saved, erased_file(aside).read())

    with ExitStack() as open_:
        if isinstance(source, str):
            file = _fetched(source, Path(open_.enter_context(TemporaryDirectory())))
        else:
            file = newest_backup(source)
        done = bring_back(
            face.folder,
            memory=lambda folder: memory_of(folder, os.environ),
            source=file,
            before=erase,
        )
    FACE.tell("backup.restored", folder=face.folder, count=done.files)
    if gone:
        take_back_posts(face.companion)
        FACE.tell("privacy.erased_again", questions=gone)


def _erase_again(saved: Path, erased: Erased) -> int:
    """Remove from a backup's memory whom it holds although they were erased; tells how many questions went.

    What is to be taken back in Slack is queued there too: whatever comes in between, it is not forgotten.
    """
    from cityhall_fm.production.personal import erase_again
    from cityhall_fm.production.take_back import queue_taking_back
    from cityhall_fm.wiring import saved_memory

    now = datetime.now(UTC)
    with saved_memory(saved) as memory:
        all_erased = erased.and_(memory.keeping.erased())
        gone = erase_again(all_erased, inbox=memory.inbox, keeping=memory.keeping, now=now)
        if gone:
            queue_taking_back(
                inbox=memory.inbox,
                keeping=memory.keeping,
                ledger=memory.ledger,
                outbox=memory.outbox,
                now=now,
            )
    return gone


def _fetched(source: str, aside: Path) -> Path:
    from cityhall_fm.production.keep_backup import fetch_backup
    from cityhall_fm.wiring import vault

    place, name = source, ""
    if source.endswith(".zip"):
        place, _, name = source.rpartition("/")
    fetch_backup(aside / "kept.zip", vault=vault(place), name=name)
    return aside / "kept.zip"


@click.command(help=FACE.say("backup.units"))
@click.option("--cron", is_flag=True, help=FACE.say("backup.cron_option"))
@click.pass_obj
def units(face: Face, *, cron: bool) -> None:
    """Print what makes this machine keep the dates by itself."""
    write = cron_line if cron else systemd_unit
    click.echo(write(sys.executable, face.folder.resolve()).rstrip("\n"))
