"""Inbox and rundowns -> what was recorded, or is out, of questions that must not be used any more."""

from __future__ import annotations

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.on_air import TapMemory
from cityhall_fm.show.concerned import Concerned
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.question import QuestionId


def concerned(
    *, inbox: Inbox, shelf: EpisodeShelf, taps: TapMemory, only: QuestionId | None = None
) -> tuple[Concerned, ...]:
    """List them by episode, in the order of the show: what a host cuts, as askers are promised.

    A question counts as recorded once there is sound, or somebody tapped on the air; it counts no more when
    it was taken out of the rundown. `only` looks at one question.
    """
    episodes = shelf.episodes()
    held = {id_ for one in episodes for id_ in one.rundown.questions if only in (None, id_)}
    unusable = {id_ for id_, question in inbox.known(held).items() if not question.usable}
    return tuple(
        Concerned(segment.question, episode, segment.at)
        for episode in episodes
        if not unusable.isdisjoint(episode.rundown.questions) and _is_recorded(episode, shelf, taps)
        for segment in episode.rundown.segments
        if segment.question in unusable and segment.question is not None
    )


def _is_recorded(episode: Episode, shelf: EpisodeShelf, taps: TapMemory) -> bool:
    number = episode.number
    made = episode.published_at or episode.enclosure
    return bool(made or shelf.recordings(number) or shelf.tracks(number) or taps.taps(number))
