"""The transcript: corrected by ear, with speakers; or brought as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.edit_transcript import Line, edit_transcript, transcript_lines, transcript_seen
from cityhall_fm.production.import_transcript import import_transcript
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.roles import Right
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_MOST_LINES: Final = 20_000


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page, where corrections are kept, and the way in for files."""
    one_at_a_time = Lock()
    companion = room.companion

    def page(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        cues = transcript_lines(episode)
        names = [person.name for person in episode.people or companion.show.people]
        speakers = dict.fromkeys([*(cue.speaker for cue in cues if cue.speaker), *names])
        return room.show(
            visit, "transcript.html.j2", episode=episode, cues=cues, speakers=list(speakers),
            seen=transcript_seen(episode),
            listen=episode.enclosure is not None and companion.folder.holds(episode.enclosure),
        )  # fmt: skip

    def keep(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        lines, seen = _lines(visit.json)
        with one_at_a_time:
            cues = edit_transcript(number, lines, seen=seen, shelf=companion.shelf)
        room.live.changed(f"episode-{number}")
        return JSONResponse(
            {
                "kept": len(cues),
                "seen": transcript_seen(companion.shelf.episode(number)),
                "said": visit.say("studio_transcript.kept", count=len(cues)),
            }
        )

    def bring(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        episode = companion.shelf.episode(number)
        name = Path(visit.form.get("name", "")).name or visit.say("studio_transcript.pasted")
        with one_at_a_time:
            imported = import_transcript(
                episode, visit.form.get("content", ""), path=Path(name),
                finished=bool(visit.form.get("finished")), shelf=companion.shelf,
            )  # fmt: skip
        room.live.changed(f"episode-{number}")
        room.tell(visit, "studio_transcript.kept", count=imported.cues)
        return room.back(visit, f"/episodes/{number}/transcript")

    place = "/episodes/{number:int}/transcript"
    return [
        room.get(place, page),
        room.post(place, keep, Right.WRITE, did="studio_transcript.did_keep"),
        room.post(f"{place}/bring", bring, Right.WRITE, did="studio_transcript.did_bring"),
    ]


def _lines(sent: Any) -> tuple[Sequence[Line], str]:  # noqa: ANN401 - whatever came
    lines = sent.get("lines") if isinstance(sent, dict) else None
    if not isinstance(lines, list) or len(lines) > _MOST_LINES:
        raise InputError("studio_transcript.bad_sending", path="")
    return [_line(one) for one in lines], str(sent.get("seen", ""))


def _line(sent: Any) -> Line:  # noqa: ANN401 - whatever came
    match sent:
        case [str(start), str(end), str(speaker), str(words)]:
            return Line(start, end, speaker, words)
        case _:
            raise InputError("studio_transcript.bad_sending", path="")
