"""Chapters -> Rundown: when each segment came, as a file of an editor tells; taps are `on_air`'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.show.chapters import Laid, lay
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.texts import Catalogue


def time_rundown(
    number: EpisodeNumber,
    marks: Sequence[Chapter],
    *,
    shelf: EpisodeShelf,
    language: str,
    finished: bool = False,
) -> Laid:
    """Lay marks on an episode's rundown and write the times into `episode.md`, all at once.

    Marks are timed in the recording; with `finished`, in the finished audio, which begins with the jingle.
    An empty rundown takes its segments from the marks; `language` words the titles of those without one.
    Done again, it changes nothing. Raises UnknownError for an unknown episode, and NotReadyError for marks
    of finished audio that is not there.
    """
    episode = shelf.episode(number)
    if finished:
        if episode.enclosure is None:
            raise NotReadyError("episodes.no_master", number=number)
        recorded = episode.enclosure.placement.recorded
        marks = [replace(mark, at=recorded(mark.at)) for mark in marks]
    texts = Catalogue(language)
    laid = lay(
        episode.rundown, marks, untitled=lambda position: texts("chapters.untitled", position=position)
    )
    if laid.changed:
        shelf.set_times(number, laid.rundown)
    return laid
