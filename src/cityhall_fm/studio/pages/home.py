"""The first page: the next show, what waits, and who did what lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.show.episode import Episode, EpisodeKind, Guid
from cityhall_fm.show.question import Status
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_ACTS: Final = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """An episode that is being made, and which of its steps are done."""

    episode: Episode
    rundown: bool
    times: bool
    recording: bool
    master: bool


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
        room.live.changed("episodes")
        return room.back(visit, f"/episodes/{episode.number}/rundown")

    def acts(visit: Visit) -> Response:
        return room.show(visit, "acts.html.j2", acts=room.companion.studio_memory.acts(most=_ACTS))

    return [
        room.get("/", first),
        room.post("/episodes", begin, Right.WRITE, did="studio.did_begin"),
        room.get("/acts", acts),
    ]


def _standing(episode: Episode, room: ControlRoom) -> Standing:
    shelf = room.companion.shelf
    recorded = bool(shelf.recordings(episode.number) or shelf.tracks(episode.number))
    full = episode.kind is EpisodeKind.FULL
    return Standing(
        episode,
        rundown=bool(episode.rundown.segments) or not full,
        times=episode.has_chapters,
        recording=recorded,
        master=episode.enclosure is not None,
    )
