"""The show notes: written here, and seen at once as listeners and podcast apps will see them."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Final

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.arrange import arrange
from cityhall_fm.show.arranging import Clash, Describe, field_seen
from cityhall_fm.show.episode import EpisodeNumber, Key
from cityhall_fm.show.errors import ConflictError, InputError, UnknownError
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages.drafts import Drafts
from cityhall_fm.studio.visit import Visit

_LONGEST: Final = 100_000
_POLICY: Final = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)
"""The listeners' page is looked at, not used: no script of it runs here."""


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page, where notes are kept, and their previews."""
    drafts = Drafts(room)
    companion = room.companion

    def page(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        draft = drafts.keep(episode.number, episode.notes)
        own = companion.shelf.artwork(episode.number)
        return room.show(
            visit, "notes.html.j2", episode=episode, seen=field_seen(episode, "notes"), draft=draft,
            own_artwork=own is not None, picture_state=own.stat().st_mtime_ns if own else 0,
        )  # fmt: skip

    def keep(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        change = Describe({"notes": (visit.form.get("seen", ""), _plain(visit.form.get("notes", "")))})
        outcome = arrange(number, change, shelf=companion.shelf, inbox=companion.inbox, now=room.clock())
        if isinstance(outcome, Clash):
            raise ConflictError("studio_notes.changed_meanwhile")
        room.live.changed(f"episode-{number}")
        room.tell(visit, "studio_notes.kept")
        return room.back(visit, f"/episodes/{number}/notes")

    def draft(visit: Visit) -> Response:
        notes = visit.json.get("notes") if isinstance(visit.json, dict) else None
        if not isinstance(notes, str):
            raise InputError("studio_notes.too_long", path="")
        return JSONResponse({"draft": drafts.keep(EpisodeNumber(visit.number()), _plain(notes))})

    def site(visit: Visit) -> Response:
        key = Key(visit.place("key"))
        found = drafts.preview(EpisodeNumber(visit.number()), visit.place("draft")).files.get(key)
        if found is None:
            raise UnknownError("studio_notes.no_preview")
        kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
        return Response(found, media_type=kind, headers={"content-security-policy": _POLICY})

    def app(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        response = room.show(
            visit,
            "notes_app.html.j2",
            episode=episode,
            description=drafts.preview(EpisodeNumber(visit.number()), visit.place("draft")).description,
        )
        response.headers["content-security-policy"] = _POLICY
        return response

    place = "/episodes/{number:int}/notes"
    return [
        room.get(place, page),
        room.post(place, keep, Right.WRITE, did="studio_notes.did_keep"),
        room.post(f"{place}/draft", draft, Right.WRITE),
        room.get(place + "/app/{draft}", app),
        room.get(place + "/site/{draft}/{key:path}", site),
    ]


def _plain(notes: str) -> str:
    if len(notes) > _LONGEST:
        raise InputError("studio_notes.too_long", path="")
    return notes.replace("\r\n", "\n").strip()
