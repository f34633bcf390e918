"""Notes that somebody is writing, and their previews: a few at a time, in memory only."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Final

from cityhall_fm.production.preview_notes import Preview, preview_notes
from cityhall_fm.show.arranging import field_seen
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.studio.control_room import ControlRoom

_MOST: Final = 12
"""A few people who write."""


class Drafts:
    """What is written at the moment, each draft under a name that its words decide."""

    def __init__(self, room: ControlRoom) -> None:
        self._room = room
        self._words: OrderedDict[tuple[EpisodeNumber, str], str] = OrderedDict()
        self._made: OrderedDict[tuple[EpisodeNumber, str, str], Preview] = OrderedDict()
        self._lock = Lock()

    def keep(self, number: EpisodeNumber, notes: str) -> str:
        """Keep a draft for a while; tells its name."""
        name = hashlib.sha256(notes.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        with self._lock:
            self._words[number, name] = notes
            self._words.move_to_end((number, name))
            while len(self._words) > _MOST:
                self._words.popitem(last=False)
        return name

    def preview(self, number: EpisodeNumber, name: str) -> Preview:
        """Show a draft as it would be published; UnknownError where it is not kept any more."""
        companion = self._room.companion
        episode = companion.shelf.episode(number)
        # Rundown, times and consents may change while somebody writes.
        state = f"{field_seen(episode, 'rundown')}/{companion.studio_memory.state()}"
        with self._lock:
            if (number, name) not in self._words:
                raise UnknownError("studio_notes.no_preview")
            if (number, name, state) not in self._made:
                self._made[number, name, state] = preview_notes(
                    episode,
                    self._words[number, name],
                    show=companion.show,
                    airtime=companion.settings.airtime,
                    inbox=companion.inbox,
                    renderer=companion.renderer,
                    folder=companion.folder,
                    now=self._room.clock(),
                )
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
            return self._made[number, name, state]
