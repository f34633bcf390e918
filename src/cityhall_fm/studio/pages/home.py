"""The first page: the next show, what waits, and who did what lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.ports.studio import Act
from cityhall_fm.show.episode import Episode, EpisodeKind, Guid
from cityhall_fm.show.question import Status
from cityhall_fm.show.roles import Right
from cityhall_fm.show.schedule import State
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_ACTS: Final = 200
_PLACES: Final = {"recording": "sound", "times": "sound", "summary": "rundown#episode-summary"}


@dataclass(frozen=True, slots=True)
class Standing:
    """An episode that is being made, and which of its steps are done."""

    episode: Episode
    rundown: bool
    times: bool
    recording: bool
    master: bool
    summary: bool
    goes_out: datetime | None
    """When it goes out by itself, where that is arranged."""

    @property
    def next(self) -> str:
        """Name what is to be done next."""
        ahead = {
            "rundown": self.rundown,
            "air": self.recording or self.master or self.times,
            "recording": self.master,
            "times": self.times,
            "summary": self.summary,
        }
        return next((name for name, done in ahead.items() if not done), "release")

    @property
    def place(self) -> str:
        """Tell on which page that is."""
        return _PLACES.get(self.next, self.next)


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the first page, and the page of what was done."""

    def first(visit: Visit) -> Response:
        companion = room.companion
        episodes = companion.shelf.episodes()
        making = [_standing(one, room) for one in episodes if one.published_at is None]
        out = [one for one in reversed(episodes) if one.published_at is not None]
        questions = companion.inbox.questions()
        counts = {status: sum(one.status is status for one in questions) for status in Status}
        return room.show(visit, "home.html.j2", making=making, out=out[:5], counts=counts)

    def begin(visit: Visit) -> Response:
        title = visit.form.get("title", "").strip()
        if not title:
            room.tell(visit, "studio.title_needed")
            return room.back(visit, "/")
        episode = room.companion.shelf.create(title=title, guid=Guid(str(uuid4())), planned_for=None)
        room.note(visit.session, "studio.did_begin", number=episode.number)
        room.live.changed("episodes")
        return room.back(visit, f"/episodes/{episode.number}/rundown")

    def acts(visit: Visit) -> Response:
        companion = room.companion
        done = [(act, _told(act, visit)) for act in companion.studio_memory.acts(most=_ACTS)]
        return room.show(visit, "acts.html.j2", acts=done, names=companion.inbox.names())

    return [
        room.get("/", first),
        room.post("/episodes", begin, Right.WRITE),
        room.get("/acts", acts),
    ]


def _told(act: Act, visit: Visit) -> str:
    try:
        return visit.word(act.what)
    except KeyError:  # another edition of this program noted it
        return visit.say("studio.did_something")


def _standing(episode: Episode, room: ControlRoom) -> Standing:
    shelf = room.companion.shelf
    date = room.companion.dates.of(episode.number)
    recorded = bool(shelf.recordings(episode.number) or shelf.tracks(episode.number))
    full = episode.kind is EpisodeKind.FULL
    return Standing(
        episode,
        rundown=bool(episode.rundown.segments) or not full,
        times=episode.has_chapters,
        recording=recorded,
        master=episode.enclosure is not None,
        summary=bool(episode.summary.strip()),
        goes_out=date.at if date and date.state is State.WAITING else None,
    )
