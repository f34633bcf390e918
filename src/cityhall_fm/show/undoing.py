"""What was done to a question, kept for a while so that it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.rundown import Link, Rundown, Segment

UNDO_WITHIN: Final = timedelta(hours=1)
"""So long something can be taken back by whoever did it."""
HELD: Final = timedelta(seconds=60)
"""So long a private message waits before it goes: until then it was never said."""
CONSENT: Final = "consent"
"""What was done where a consent was noted; all else is named by the status that came of it."""


class History(NamedTuple):
    """How many moves and consents a question has had: who adds one has changed it."""

    moves: int
    consents: int


@dataclass(frozen=True, slots=True)
class Slotted:
    """A segment that a question was put into: which words it had, and what it was before, if it was there."""

    episode: EpisodeNumber
    title: str
    summary: str
    links: tuple[Link, ...]
    was: Segment | None = None
    """The host's own segment, of which `title` and `links` are kept."""

    def still_stands(self, segment: Segment) -> bool:
        """Tell whether nobody has written anything else into it."""
        return (segment.title, segment.summary, segment.links) == (self.title, self.summary, self.links)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did to a question; `number` is 0 until it is noted."""

    question: QuestionId
    person: str
    at: datetime
    what: str
    was: Status
    before: History
    after: History
    slotted: Slotted | None = None
    tells_at: datetime | None = None
    """When its asker hears of it in private; None where nobody is told."""
    number: int = 0

    def is_past(self, now: datetime) -> bool:
        """Tell whether it can be taken back no more: its hour is over, or its asker has heard of it."""
        return now >= self.at + UNDO_WITHIN or (self.tells_at is not None and now >= self.tells_at)


def slotted_into(
    number: EpisodeNumber, question: QuestionId, before: Rundown, after: Rundown
) -> Slotted | None:
    """Tell what putting a question into a rundown has changed; None where it stood there already."""
    if question in before.questions or question not in after.questions:
        return None
    place = next(place for place, one in enumerate(after.segments) if one.question == question)
    segment = after.segments[place]
    filled = len(before.segments) == len(after.segments)
    was = before.segments[place] if filled else None
    return Slotted(number, segment.title, segment.summary, segment.links, was)
