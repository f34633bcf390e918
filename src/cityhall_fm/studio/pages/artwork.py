"""An episode's own picture: brought, looked at, taken back."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.receive_artwork import drop_artwork, receive_artwork
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make where the picture is seen, where it is brought, and where the show's comes back."""
    companion = room.companion

    def picture(visit: Visit) -> Response:
        own = companion.shelf.artwork(EpisodeNumber(visit.number()))
        return FileResponse(own or companion.artwork, headers={"cache-control": "private, no-cache"})

    def bring(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        receive_artwork(
            number, visit.body, shelf=companion.shelf, arrivals=companion.arrivals, folder=companion.folder
        )
        room.note(visit.session, "studio_notes.did_artwork", number=number)
        room.live.changed(f"episode-{number}")
        return Response(status_code=201)

    def drop(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        drop_artwork(number, shelf=companion.shelf, arrivals=companion.arrivals)
        room.live.changed(f"episode-{number}")
        return room.back(visit, f"/episodes/{number}/notes")

    place = "/episodes/{number:int}/artwork"
    return [
        room.get(place, picture),
        room.put(place, bring, Right.WRITE),
        room.post(f"{place}/drop", drop, Right.WRITE, did="studio_notes.did_drop_artwork"),
    ]
