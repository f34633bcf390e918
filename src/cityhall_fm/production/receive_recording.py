"""A recording that comes piece by piece -> the episode's folder, once it is whole and holds sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.arrivals import Arrivals
from cityhall_fm.production.ports.audio import MasteringSuite
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import AudioError, ConflictError, InputError, UnknownError
from cityhall_fm.show.recording_files import Use, ending_of, place_of, sounds_like
from cityhall_fm.show.timecode import Timecode

_SPARE_BYTES: Final = 500 * 10**6
"""What the disk keeps: mastering needs room, and so does everybody else."""
_TELLING_BYTES: Final = 12
"""What a file of sound begins with is told by so many."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that somebody sends; `id` names it for as long as it is not whole."""

    id: str
    name: str
    use: Use
    length_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """How much has arrived; `path`, `sha256` and `length` once it is all."""

    size: int
    path: Path | None = None
    sha256: str = ""
    length: Timecode | None = None


def received(number: EpisodeNumber, id_: str, *, shelf: EpisodeShelf, arrivals: Arrivals) -> int:
    """Tell how many bytes of a file have arrived."""
    return arrivals.size(_part(number, id_, shelf))


def receive(
    number: EpisodeNumber,
    coming: Coming,
    content: bytes,
    *,
    at: int,
    shelf: EpisodeShelf,
    arrivals: Arrivals,
    suite: MasteringSuite,
    sha256: str = "",
    most_bytes: int,
) -> Received:
    """Take one piece of a recording; with the last one, the file gets its place in the episode.

    `sha256` is that of the whole file, where the sender knows it. Raises InputError for a name, a size or
    a beginning that will not do, AudioError where there is nothing to hear in it, and ConflictError where
    a piece does not follow what has arrived; of what is refused for good, nothing stays.
    """
    part = _part(number, coming.id, shelf)
    ending = ending_of(coming.name)
    if coming.length_bytes > most_bytes:
        raise InputError("studio_sound.too_large", path=coming.name, most=f"{most_bytes / 10**9:g}")
    room = arrivals.free_bytes(part) - _SPARE_BYTES
    if room < coming.length_bytes - arrivals.size(part):
        raise InputError("studio_sound.no_room", path=coming.name)
    if at + len(content) > coming.length_bytes:
        raise ConflictError("studio_sound.wrong_place", at=at, size=arrivals.size(part))
    if at == 0:
        arrivals.drop_forgotten(part)
    size = arrivals.append(part, content, at=at)
    tells = at < _TELLING_BYTES and (size >= _TELLING_BYTES or size == coming.length_bytes)
    if tells and not sounds_like(arrivals.beginning(part), ending):
        arrivals.drop(part)
        raise InputError("studio_sound.not_sound", path=coming.name)
    if size < coming.length_bytes:
        return Received(size)
    return _whole(part, coming, sha256, arrivals, suite)


def set_aside(number: EpisodeNumber, name: str, *, shelf: EpisodeShelf, arrivals: Arrivals) -> str:
    """Take a recording out of the episode without losing it; tells its new name."""
    here = [*shelf.recordings(number), *shelf.tracks(number).values()]
    path = next((path for path in here if path.name == name), None)
    if path is None:
        raise UnknownError("studio_sound.no_such_recording", name=name)
    return arrivals.set_aside(path).name


def _part(number: EpisodeNumber, id_: str, shelf: EpisodeShelf) -> Path:
    return shelf.place(number, f".arriving-{id_}")


def _whole(part: Path, coming: Coming, sha256: str, arrivals: Arrivals, suite: MasteringSuite) -> Received:
    found = arrivals.sha256(part)
    if sha256 and sha256.lower() != found:
        arrivals.drop(part)
        raise InputError("studio_sound.damaged", path=coming.name)
    try:
        length = suite.length(part)
    except AudioError as error:
        arrivals.drop(part)
        raise InputError("studio_sound.not_sound", path=coming.name) from error
    # Two files that become whole at once must not take the same place.
    path = arrivals.take(part, place_of(coming.name, coming.use, taken=arrivals.names(part)))
    return Received(coming.length_bytes, path, found, length)
