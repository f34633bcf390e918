"""The handover pack: all that the next section chief must know, on one page to read, print and go on with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.arrange import arrange
from cityhall_fm.production.hand_over import hand_over
from cityhall_fm.show.arranging import Clash, Describe, field_seen
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.episode import Episode, EpisodeNumber, Promise
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_LONGEST = 200
"""Characters of a promise: a sentence or two."""


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the pack's page, and what is done with promises."""
    pages = _HandoverPages(room)
    at = "/handover"
    return [
        room.get(at, pages.look),
        room.post(f"{at}/promise", pages.promise, Right.WRITE, did="studio_handover.did_promise"),
        room.post(f"{at}/kept", pages.kept, Right.WRITE, did="studio_handover.did_keep"),
    ]


class _HandoverPages:
    def __init__(self, room: ControlRoom) -> None:
        self._room, self._companion = room, room.companion

    def look(self, visit: Visit) -> Response:
        companion = self._companion
        pack = hand_over(
            shelf=companion.shelf,
            inbox=companion.inbox,
            dates=companion.dates,
            keeping=companion.keeping,
            retention=companion.settings.retention,
            people=companion.settings.studio.people,
            environment=os.environ,
            now=self._room.clock(),
            concerned=self._room.concerned(),
        )
        episodes = list(reversed(companion.shelf.episodes()))
        seen = {one.number: field_seen(one, "promises") for one in episodes}
        return self._room.show(
            visit,
            "handover.html.j2",
            pack=pack,
            episodes=episodes,
            seen=seen,
            channels=companion.inbox.channels(),
        )

    def promise(self, visit: Visit) -> Response:
        """Note a promise; the page names what it saw, so that two who note at once lose nothing."""
        episode = self._episode(visit)
        what = one_line(visit.form.get("what", ""))[:_LONGEST]
        if not what:
            self._room.tell(visit, "studio_handover.what_needed")
            return self._room.back(visit, "/handover")
        promise = Promise(what, by=_day(visit.form.get("by", "")))
        return self._write(visit, episode, (*episode.promises, promise), field_seen(episode, "promises"))

    def kept(self, visit: Visit) -> Response:
        episode = self._episode(visit)
        today = self._room.clock().astimezone(ZoneInfo(self._companion.show.timezone)).date()
        what = visit.form.get("what", "")
        promises = tuple(
            replace(one, kept_on=today) if one.what == what and one.kept_on is None else one
            for one in episode.promises
        )
        return self._write(visit, episode, promises, visit.form.get("seen", ""))

    def _episode(self, visit: Visit) -> Episode:
        number = visit.form.get("episode", "")
        return self._companion.shelf.episode(EpisodeNumber(int(number) if number.isdecimal() else 0))

    def _write(self, visit: Visit, episode: Episode, promises: tuple[Promise, ...], seen: str) -> Response:
        change = Describe({"promises": (seen, promises)})
        companion = self._companion
        done = arrange(
            episode.number, change, shelf=companion.shelf, inbox=companion.inbox, now=self._room.clock()
        )
        if isinstance(done, Clash):
            self._room.tell(visit, "studio.changed_elsewhere")
        self._room.live.changed(f"episode-{episode.number}")
        return self._room.back(visit, "/handover")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
