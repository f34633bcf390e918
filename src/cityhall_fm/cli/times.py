"""Times on the command line, as people write them."""

from __future__ import annotations

from datetime import datetime

import click

from cityhall_fm.cli.console import FACE
from cityhall_fm.show.timecode import Timecode


class TimecodeType(click.ParamType[Timecode]):
    """A place in a recording: `12:34`."""

    name = "mm:ss"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Timecode:
        try:
            return value if isinstance(value, Timecode) else Timecode.parse(str(value))
        except ValueError:
            self.fail(FACE.say("cli.not_a_timecode", written=value), param, ctx)


class MomentType(click.ParamType[datetime]):
    """A moment with its offset: `2026-12-01T20:00+09:00`."""

    name = "2026-12-01T20:00+09:00"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(FACE.say("cli.not_a_moment", written=value), param, ctx)
        return moment
