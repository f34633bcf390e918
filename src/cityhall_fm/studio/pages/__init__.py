"""The studio's pages; each module makes the routes of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from starlette.routing import BaseRoute

from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages import (
    air,
    artwork,
    handover,
    home,
    inbox,
    inbox_acts,
    inbox_panels,
    notes,
    recordings,
    release,
    rundown,
    script,
    sign_in,
    sound,
    transcript,
    waveform,
)

PAGES: Final[tuple[Callable[[ControlRoom], Sequence[BaseRoute]], ...]] = (
    air.routes,
    artwork.routes,
    handover.routes,
    home.routes,
    inbox.routes,
    inbox_acts.routes,
    inbox_panels.routes,
    notes.routes,
    recordings.routes,
    release.routes,
    rundown.routes,
    script.routes,
    sign_in.routes,
    sound.routes,
    transcript.routes,
    waveform.routes,
)
