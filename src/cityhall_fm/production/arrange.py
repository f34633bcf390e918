"""Rundown -> Rundown: one change, made to `episode.md` as it stands; questions follow their segments."""

from __future__ import annotations

from datetime import datetime

from cityhall_fm.production.ports.episodes import EpisodeShelf, Rewritten
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.show.airtime import Airtime
from cityhall_fm.show.arranging import Arranged, Change, Clash, Move, arranged, closing, seen
from cityhall_fm.show.episode import Episode, EpisodeNumber, in_rundowns
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.question import QuestionId, Status, may_become
from cityhall_fm.show.rundown import Rundown


def arrange(
    number: EpisodeNumber, change: Change, *, shelf: EpisodeShelf, inbox: Inbox, now: datetime
) -> Arranged | Clash:
    """Make a change to an episode; a Clash, with nothing changed, where somebody else was there first.

    A question that comes in is slotted, and one that goes out is back on the shortlist, unless another
    episode holds it. Raises UnknownError for an unknown episode or question, NotReadyError for a question
    that must not be used or has been taken meanwhile, and InputError where the file cannot be written.
    """
    outcome: Arranged | Clash | None = None

    def rewrite(episode: Episode) -> Rewritten | None:
        nonlocal outcome
        outcome = arranged(episode, change)
        if isinstance(outcome, Clash) or outcome.episode == episode:
            return None
        _demand_usable(_questions(outcome.episode) - _questions(episode), inbox)
        return Rewritten(outcome.episode, outcome.places)

    before = shelf.rewrite(number, rewrite)
    if outcome is None:
        raise RuntimeError(number)  # the shelf always asks
    if isinstance(outcome, Arranged):
        _follow(before, outcome.episode, shelf=shelf, inbox=inbox, now=now)
    return outcome


def close_last(
    number: EpisodeNumber, airtime: Airtime, *, shelf: EpisodeShelf, inbox: Inbox, now: datetime
) -> None:
    """Have the corner that closes every show come after what was just put behind it."""
    rundown = shelf.episode(number).rundown
    before = closing(Rundown(rundown.segments[:-1]), airtime)
    if before:
        arrange(number, Move(seen(rundown)[-1], before), shelf=shelf, inbox=inbox, now=now)


def _questions(episode: Episode) -> frozenset[QuestionId]:
    return frozenset(episode.rundown.questions)


def _demand_usable(coming: frozenset[QuestionId], inbox: Inbox) -> None:
    for id_ in sorted(coming):
        question = inbox.question(id_)
        if not question.usable:
            raise NotReadyError("inbox.not_usable", question=id_)


def _follow(before: Episode, after: Episode, *, shelf: EpisodeShelf, inbox: Inbox, now: datetime) -> None:
    coming, going = _questions(after) - _questions(before), _questions(before) - _questions(after)
    known = inbox.known(coming | going)
    still_held = in_rundowns(shelf.episodes()) if going else {}
    for id_ in sorted(known):
        status = known[id_].status
        if id_ in coming and status is not Status.SLOTTED and may_become(status, Status.SLOTTED):
            inbox.set_status(id_, Status.SLOTTED, at=now)
        elif id_ in going and id_ not in still_held and status is Status.SLOTTED:
            inbox.set_status(id_, Status.SHORTLISTED, at=now)
