"""After recording: the sound is made right, and what came of it is told in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.production.master import Made
from cityhall_fm.production.release import master_episode
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import AudioError, NotReadyError
from cityhall_fm.show.roles import Right
from cityhall_fm.show.sound_words import in_words
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages.waveform import wave
from cityhall_fm.studio.visit import Visit


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file of the recording; `length` is None where it cannot be read."""

    name: str
    size_megabytes: float
    length: Timecode | None
    voice: str
    """Whose voice it is, if it is a track."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the host should know, with the second of the finished audio to listen to."""

    text: Text
    at: Timecode | None = None


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page, mastering, and the finished sound to listen to."""
    companion = room.companion

    def page(visit: Visit) -> Response:
        episode = companion.shelf.episode(EpisodeNumber(visit.number()))
        job = room.jobs.job(f"master-{episode.number}")
        made = job.outcome if job and isinstance(job.outcome, Made) else None
        return room.show(
            visit, "sound.html.j2", episode=episode, recordings=_recordings(room, episode), job=job,
            words=in_words(episode.enclosure.processing) if episode.enclosure else (),
            remarks=[_remark(text, episode) for text in (made.remarks if made else ())],
            wave=wave(episode),
            listen=episode.enclosure is not None and companion.folder.holds(episode.enclosure),
        )  # fmt: skip

    def master(visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        if not (companion.shelf.recordings(number) or companion.shelf.tracks(number)):
            raise NotReadyError("studio_sound.nothing_recorded")
        room.jobs.start(
            f"master-{number}", lambda progress: master_episode(number, companion, progress=progress)
        )
        return room.back(visit, f"/episodes/{number}/sound")

    def finished(visit: Visit) -> Response:
        return FileResponse(_media(visit, room, "sound"), media_type="audio/mpeg", headers=_KEPT)

    def peaks(visit: Visit) -> Response:
        return FileResponse(_media(visit, room, "peaks"), media_type="application/json", headers=_KEPT)

    return [
        room.get("/episodes/{number:int}/sound", page),
        room.post("/episodes/{number:int}/master", master, Right.AIR, did="studio_sound.did_master"),
        room.get("/episodes/{number:int}/finished", finished),
        room.get("/episodes/{number:int}/peaks", peaks),
    ]


_KEPT: Final = {"cache-control": "private, no-cache"}
"""The browser may keep it, but asks whether it is still the same."""


def _recordings(room: ControlRoom, episode: Episode) -> Sequence[Recorded]:
    shelf = room.companion.shelf
    voices = {path: voice for voice, path in shelf.tracks(episode.number).items()}
    return [
        Recorded(path.name, path.stat().st_size / 10**6, _length(room, path), voices.get(path, ""))
        for path in (*shelf.recordings(episode.number), *voices)
    ]


def _length(room: ControlRoom, path: Path) -> Timecode | None:
    try:
        return room.companion.suite.length(path)
    except AudioError:
        return None


def _remark(text: Text, episode: Episode) -> Remark:
    at, enclosure = text.values.get("at"), episode.enclosure
    if not isinstance(at, Timecode) or enclosure is None or episode.finished(at) >= enclosure.duration:
        return Remark(text)
    return Remark(text, episode.finished(at))


def _media(visit: Visit, room: ControlRoom, which: str) -> Path:
    number = EpisodeNumber(visit.number())
    enclosure = room.companion.shelf.episode(number).enclosure
    folder = room.companion.folder
    if enclosure is None or not folder.holds(enclosure):
        raise NotReadyError("studio_sound.not_mastered")
    if which == "sound":
        return folder.path(enclosure.key)
    if enclosure.waveform is None:
        raise NotReadyError("studio_sound.not_mastered")
    return folder.path(enclosure.waveform.key)
