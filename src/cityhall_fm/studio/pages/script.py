"""The reading script: large, with readings, for desk, paper and prompter; the hosts' own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cityhall_fm.phrases import phrases
from cityhall_fm.production.write_script import write_script
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.roles import Right
from cityhall_fm.show.ruby import has_kanji, hiragana, is_reading
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.visit import Visit

_PATH: Final = "/episodes/{number:int}/script"
_WORKER: Final = Path(__file__).parents[1] / "static" / "script_worker.js"
_NUMBERS: Final = re.compile(r"(?<![0-9０-９])([0-9０-９]{1,2})(?![0-9０-９])")
"""Those that stand upright in a vertical line."""
_LONGEST_WORD: Final = 40


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page, its corrections, and what keeps it readable without a network."""

    def page(visit: Visit) -> Response:
        companion = room.companion
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        readings = companion.studio_memory.readings()
        written = write_script(
            companion.show, episode, inbox=companion.inbox, furigana=companion.furigana,
            phrases=phrases, readings=readings,
        )  # fmt: skip
        return room.show(
            visit, "script.html.j2", episode=episode, written=written, readings=sorted(readings.items()),
            japanese=companion.show.language.startswith("ja"), time=_time, numbers=_NUMBERS.split,
        )  # fmt: skip

    def read_as(visit: Visit) -> Response:
        word = one_line(visit.form.get("word", ""))[:_LONGEST_WORD]
        reading = hiragana(one_line(visit.form.get("reading", "")))[:_LONGEST_WORD]
        if not has_kanji(word):
            raise NotReadyError("studio_script.word_wrong")
        if reading and not is_reading(reading):
            raise NotReadyError("studio_script.reading_wrong")
        if reading and word in _names(visit):
            raise NotReadyError("studio_script.name_of_asker")
        room.companion.studio_memory.keep_reading(word, reading or None)
        if reading:
            room.tell(visit, "studio_script.remembered", word=word, reading=reading)
        else:
            room.tell(visit, "studio_script.forgotten", word=word)
        room.live.changed("readings")
        return room.back(visit, f"/episodes/{visit.number()}/script")

    def _names(visit: Visit) -> frozenset[str]:
        """Gather the names of those who asked: they must not outlive the consent, which has their reading."""
        episode = room.companion.shelf.episode(EpisodeNumber(visit.number()))
        known = room.companion.inbox.known(episode.rundown.questions).values()
        names = [one.asker_name for one in known]
        names += [one.consent.radio_name for one in known if one.consent and one.consent.radio_name]
        return frozenset(name.for_host() for name in names)

    return [
        room.get(_PATH, page),
        room.post(f"{_PATH}/readings", read_as, Right.WRITE, did="studio_script.did_correct"),
        Route(f"{_PATH}/worker.js", _worker),
    ]


async def _worker(request: Request) -> Response:
    """Give the service worker: the same for all and no secret, but for this one page only."""
    headers = {
        "service-worker-allowed": f"/episodes/{request.path_params['number']}/script",
        "cache-control": "no-cache",
    }
    return Response(_WORKER.read_text("utf-8"), media_type="text/javascript", headers=headers)


def _time(seconds: float) -> Timecode:
    return Timecode.of_seconds(round(seconds))
