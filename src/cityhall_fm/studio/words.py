"""How the studio's pages are worded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import jinja2

from cityhall_fm.show.clean import cut, one_line
from cityhall_fm.show.consent import Private
from cityhall_fm.show.text import Text
from cityhall_fm.texts import Catalogue

_TERMINAL: Final = re.compile(r"cityhall-fm|(?<!\w)--\w|[A-Z]+_[A-Z_]+|\.(?:toml|md)\b")


def environment() -> jinja2.Environment:
    """Make what words the studio's templates; nothing of them is ever public."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("cityhall_fm.studio", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["for_host"] = _for_host
    made.filters["when"] = _when
    made.filters["shortly"] = _shortly
    made.globals["explained"] = explained
    return made


@dataclass(frozen=True, slots=True)
class Explained:
    """An error for people at a page: what happened, what they can do, and what only a terminal can."""

    happened: str
    advice: str
    for_producer: str = ""


def explained(text: Text, say: Catalogue) -> Explained:
    """Word an error; advice that names commands, settings or files goes to whoever knows those."""
    happened, _, advice = say.word(text).strip().partition("\n")
    if _TERMINAL.search(advice):
        return Explained(happened, say("studio.ask_producer"), advice)
    return Explained(happened, advice)


def _for_host(words: Private) -> str:
    """Show a member's words to the hosts, who alone see these pages."""
    return words.for_host()


def _shortly(words: str, most: int = 24) -> str:
    """Cut words to one short line."""
    return cut(one_line(words), most)


def _when(moment: datetime, say: Catalogue, zone: ZoneInfo) -> str:
    """Word a moment as people say it."""
    local = moment.astimezone(zone)
    day: Mapping[str, object] = {
        "year": local.year, "month": local.month, "day": local.day, "hour": local.hour,
        "minute": f"{local.minute:02}", "weekday": say(f"studio.weekday_{local.weekday()}"),
    }  # fmt: skip
    return say("studio.moment", **day)
