"""Episode and notes that are still being written -> the listeners' page, and what podcast apps show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.production.ports.words import Renderer, Site
from cityhall_fm.show.airtime import Airtime
from cityhall_fm.show.episode import IMPORTED, Enclosure, Episode, Key, Show
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import Catalogue


@dataclass(frozen=True, slots=True)
class Preview:
    """Files of the listeners' site with this episode alone, and the feed's short description (HTML)."""

    files: Mapping[Key, bytes]
    description: str


def preview_notes(
    episode: Episode,
    notes: str,
    *,
    show: Show,
    airtime: Airtime,
    inbox: Inbox,
    renderer: Renderer,
    folder: PublicFolder,
    now: datetime,
) -> Preview:
    """Show an episode with other notes as it would be published now; nothing is kept.

    Before it is mastered, it is as long as the show is planned to be.
    """
    written = replace(
        episode,
        notes=notes,
        published_at=episode.published_at or episode.planned_for or now,
        enclosure=episode.enclosure or _awaited(episode, airtime.length),
    )
    known = inbox.known(episode.rundown.questions)
    made = show_notes(written, known, withdrawn_title=Catalogue(show.language)("pages.withdrawn"))
    key, picture = folder.artwork()
    files = renderer.pages(Site(show, key, ((written, made),), picture=picture))
    return Preview({key: picture, **files}, renderer.description(show, written, made))


def _awaited(episode: Episode, length: Timecode) -> Enclosure:
    key = Key(f"media/{episode.label}.mp3")
    return Enclosure(key, 1, "audio/mpeg", "", length, None, Timecode(0), IMPORTED)
