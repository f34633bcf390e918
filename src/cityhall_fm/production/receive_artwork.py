"""A picture that somebody brings -> the episode's artwork, once it is one that podcast apps take."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.arrivals import Arrivals
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import InputError

_PART: Final = ".arriving-artwork"
_KINDS: Final = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}


def receive_artwork(
    number: EpisodeNumber, content: bytes, *, shelf: EpisodeShelf, arrivals: Arrivals, folder: PublicFolder
) -> Path:
    """Keep a picture as an episode's own artwork; the one before is set aside.

    Raises InputError, with nothing changed, for what is neither PNG nor JPEG or not the size that apps ask.
    """
    ending = next((ending for mark, ending in _KINDS.items() if content.startswith(mark)), None)
    if ending is None:
        raise InputError("studio_notes.no_picture", path="")
    part = shelf.place(number, f"{_PART}{ending}")
    arrivals.drop(part)
    arrivals.append(part, content, at=0)
    try:
        folder.artworks({number: part})
    except InputError:
        arrivals.drop(part)
        raise
    drop_artwork(number, shelf=shelf, arrivals=arrivals)
    return arrivals.take(part, f"artwork{ending}")


def drop_artwork(number: EpisodeNumber, *, shelf: EpisodeShelf, arrivals: Arrivals) -> None:
    """Let an episode have the show's artwork again; its own is kept under another name."""
    path = shelf.artwork(number)
    if path is not None:
        arrivals.set_aside(path)
