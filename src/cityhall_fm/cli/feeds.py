"""`import` and `check-feed`: bring a podcast here, and prove that its subscribers notice nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cityhall_fm.cli.checking import check_source
from cityhall_fm.cli.console import FACE, Face, TerminalProgress
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.moving.lenient import web_address

if TYPE_CHECKING:
    from cityhall_fm.production.import_show import Imported
    from cityhall_fm.show.episode import Show
    from cityhall_fm.show.moving.comparison import Comparison
    from cityhall_fm.show.moving.found import Oddity

_REPORT: Final = "import-report.md"


@click.command("import", help=FACE.say("moving.import"))
@click.argument("source", metavar="URL|FILE")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=FACE.say("moving.dir_option"),
)
@click.option("--public-url", metavar="URL", help=FACE.say("moving.public_url_option"))
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
@click.pass_obj
def import_(face: Face, source: str, folder: Path | None, public_url: str | None, *, as_json: bool) -> None:
    """Move a podcast here."""
    from cityhall_fm.production.import_show import import_show
    from cityhall_fm.reading import read_bytes
    from cityhall_fm.wiring import WiredMovers

    if public_url and not web_address(public_url):
        raise click.BadParameter(FACE.say("moving.not_a_public_url"), param_hint="--public-url")
    folder = folder or face.folder
    movers = WiredMovers(folder)
    with TerminalProgress(FACE) as progress:
        imported = import_show(
            source, movers=movers, existing=_existing(folder), public_url=public_url, progress=progress
        )
    report = "\n".join(_report(imported, datetime.now().astimezone())) + "\n"
    earlier = read_bytes(folder / _REPORT) if (folder / _REPORT).exists() else b""
    movers.home.keep(_REPORT, b"\n".join(part for part in (report.encode(), earlier) if part))
    if as_json:
        FACE.tell_json(_imported_as_json(imported))
    else:
        click.echo(report)
        FACE.tell("moving.report_kept", path=folder / _REPORT)
    if imported.failed:
        raise NotReadyError("moving.unfinished", count=len(imported.failed))


@click.command("check-feed", help=FACE.say("check.about"))
@click.argument("source", metavar="[FILE|URL]", required=False)
@click.option("--moved", nargs=2, metavar="OLD NEW", help=FACE.say("moving.moved_option"))
@click.option(
    "--episodes",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help=FACE.say("check.episodes_option"),
)
@click.option(
    "--seconds", type=click.IntRange(1), default=120, show_default=True, help=FACE.say("check.seconds_option")
)
@click.option("--json", "as_json", is_flag=True, help=FACE.say("cli.json_option"))
def check_feed(
    source: str | None, moved: tuple[str, str] | None, episodes: int, seconds: int, *, as_json: bool
) -> None:
    """Check a feed, or what a move means for subscribers."""
    if (source is None) == (moved is None):
        raise click.UsageError(FACE.say("check.feed_or_move"))
    if source:
        check_source(source, newest=episodes, seconds=seconds, as_json=as_json)
    if moved:
        _compare(moved, as_json=as_json)


def _compare(moved: tuple[str, str], *, as_json: bool) -> None:
    from cityhall_fm.production.compare_feeds import compare_feeds
    from cityhall_fm.show.moving.comparison import Consequence
    from cityhall_fm.wiring import WiredMovers

    comparison = compare_feeds(*moved, movers=WiredMovers(Path()))
    if as_json:
        FACE.tell_json(_comparison_as_json(comparison))
    else:
        for difference in comparison.differences:
            FACE.tell(
                "moving.difference_line" if difference.episode else "moving.difference_show_line",
                consequence=FACE.say(f"moving.consequence_{difference.consequence}"),
                words=difference.text,
                **({"episode": difference.episode} if difference.episode else {}),
            )
        FACE.tell("moving.compared", same=comparison.same, added=comparison.added)
    if not comparison.harmless:
        raise NotReadyError(
            "moving.unlike",
            duplicates=comparison.count(Consequence.DUPLICATE),
            losses=comparison.count(Consequence.LOSS),
        )
    if not as_json:
        FACE.tell("moving.compared_well")


def _existing(folder: Path) -> tuple[Show, Path] | None:
    from cityhall_fm.settings import MANIFEST, read_settings

    if not (folder / MANIFEST).exists():
        return None
    settings = read_settings(folder, os.environ)
    return settings.show, settings.artwork


def _report(imported: Imported, now: datetime) -> Iterator[str]:
    """Word what a move came to, as Markdown; a later run's stands above the earlier ones."""
    day = now.isoformat(" ", timespec="minutes")
    yield f"# {FACE.say('moving.report_title', title=imported.show.title)} ({day[:16]})"
    yield ""
    yield FACE.say(
        "moving.report_brought",
        count=len(imported.brought),
        megabytes=imported.length_bytes / 1e6,
        kept=imported.kept,
        skipped=imported.skipped,
    )
    yield FACE.say("moving.report_furnished" if imported.furnished else "moving.report_not_furnished")
    if imported.failed:
        yield from ("", f"## {FACE.say('moving.report_failed')}", "", *_lines(imported.failed))
    yield from ("", f"## {FACE.say('moving.report_odd')}", "", *_lines(imported.oddities))
    if not imported.oddities:
        yield FACE.say("moving.report_nothing_odd")


def _lines(oddities: Sequence[Oddity]) -> Iterator[str]:
    for oddity in oddities:
        words = "\n  ".join(FACE.texts.word(oddity.text).strip().splitlines())
        if oddity.episode:
            yield FACE.say("moving.report_line", episode=oddity.episode, words=words)
        else:
            yield FACE.say("moving.report_show_line", words=words)


def _imported_as_json(imported: Imported) -> dict[str, object]:
    return {
        "title": imported.show.title,
        "guid": imported.show.guid,
        "settings_written": imported.furnished,
        "brought": list(imported.brought),
        "kept": imported.kept,
        "skipped": imported.skipped,
        "length_bytes": imported.length_bytes,
        "failed": [_oddity_as_json(oddity) for oddity in imported.failed],
        "odd": [_oddity_as_json(oddity) for oddity in imported.oddities],
    }


def _oddity_as_json(oddity: Oddity) -> dict[str, object]:
    words = FACE.texts.word(oddity.text).strip()
    return {"what": oddity.text.name, "episode": oddity.episode or None, "words": words}


def _comparison_as_json(comparison: Comparison) -> dict[str, object]:
    return {
        "same": comparison.same,
        "added": comparison.added,
        "harmless": comparison.harmless,
        "differences": [
            {
                "what": difference.text.name,
                "consequence": difference.consequence,
                "episode": difference.episode or None,
                "words": FACE.texts.word(difference.text),
            }
            for difference in comparison.differences
        ],
    }
