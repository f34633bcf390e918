"""What `check-feed` finds in any feed, on the terminal or as JSON."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from cityhall_fm.cli.console import FACE
from cityhall_fm.show.errors import NotReadyError

if TYPE_CHECKING:
    from cityhall_fm.production.check_feed import Checked
    from cityhall_fm.show.feed_check import Finding


def check_source(source: str, *, newest: int, seconds: int, as_json: bool) -> None:
    """Check a file or an address, and tell; NotReadyError where there is an error."""
    from cityhall_fm.production.check_feed import check_file, check_url
    from cityhall_fm.wiring import feed_inspector, web_probe

    if "://" in source:
        web = web_probe(seconds=seconds)
        checked = check_url(source, inspector=feed_inspector(), web=web, newest=newest)
    else:
        checked = check_file(Path(source), inspector=feed_inspector())
    if as_json:
        FACE.tell_json(_as_json(checked))
    else:
        _tell(checked)
    if checked.errors:
        raise NotReadyError("check.has_errors", source=source, count=len(checked.errors))


def tell_warnings(findings: tuple[Finding, ...]) -> None:
    """Tell findings, gathered by the show and its episodes."""
    for (of_show, title, _), found in groupby(findings, _place):
        if of_show:
            FACE.tell("check.of_the_show")
        else:
            FACE.tell("check.of_an_episode", title=title or FACE.say("check.without_title"))
        for finding in found:
            line = "check.line_error" if finding.severity == "error" else "check.line_warning"
            FACE.tell(line, tag=finding.tag, problem=finding.text, source=finding.source)


def _tell(checked: Checked) -> None:
    tell_warnings(checked.findings)
    FACE.tell(
        "check.summary",
        source=checked.source,
        episodes=checked.episodes,
        errors=len(checked.errors),
        warnings=len(checked.warnings),
    )
    if checked.asked:
        FACE.tell("check.fetched", asked=checked.asked, left=checked.left)


def _place(finding: Finding) -> tuple[bool, str, str]:
    return not (finding.title or finding.guid), finding.title, finding.guid


def _as_json(checked: Checked) -> dict[str, object]:
    return {
        "source": checked.source,
        "episodes": checked.episodes,
        "errors": len(checked.errors),
        "warnings": len(checked.warnings),
        "enclosures_asked": checked.asked,
        "enclosures_left": checked.left,
        "findings": [
            {
                "severity": finding.severity,
                "what": finding.text.name.removeprefix("check."),
                "tag": finding.tag,
                "title": finding.title or None,
                "guid": finding.guid or None,
                "line": finding.line,
                "words": FACE.texts.word(finding.text),
                "rule": finding.source,
            }
            for finding in checked.findings
        ],
    }
