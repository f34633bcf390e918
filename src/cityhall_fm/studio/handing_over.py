"""The handover pack as one file, for whoever prints it without opening the studio."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from cityhall_fm.production.hand_over import Handover
from cityhall_fm.studio.words import environment
from cityhall_fm.texts import Catalogue
from cityhall_fm.wiring import Wired


def as_file(pack: Handover, companion: Wired, say: Catalogue) -> str:
    """Word the pack as a page that needs nothing else: HTML with its style inside."""
    show = companion.show
    return (
        environment()
        .get_template("handover_file.html.j2")
        .render(
            pack=pack,
            say=say,
            show=show,
            zone=ZoneInfo(show.timezone),
            channels=companion.inbox.channels(),
            seen={},
            episodes=(),
            may=lambda _: False,
            csrf="",
        )
    )
