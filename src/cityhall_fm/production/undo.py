"""Something done to a question -> taken back, if nobody changed the question since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Outbox
from cityhall_fm.production.ports.undoing import Undoing
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError, UnknownError
from cityhall_fm.show.outbox import NO_EPISODE, Kind
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.undoing import Done, slotted_into


def do(
    beginning: str,
    act: Callable[[QuestionId], object],
    *,
    what: str,
    person: str,
    inbox: Inbox,
    undoing: Undoing,
    shelf: EpisodeShelf,
    now: datetime,
    episode: EpisodeNumber | None = None,
    tells_at: datetime | None = None,
) -> Done | None:
    """Do something to a question and note how it is taken back; None where nothing came of it.

    `episode` is the one whose rundown it changes, `tells_at` when its asker hears of it in private. Raises
    what `act` raises, with nothing noted.
    """
    question = inbox.question(beginning)
    before = undoing.history(question.id)
    rundown = shelf.episode(episode).rundown if episode else Rundown()
    act(question.id)
    after = undoing.history(question.id)
    slotted = None
    if episode:
        slotted = slotted_into(episode, question.id, rundown, shelf.episode(episode).rundown)
    if after == before and slotted is None:
        return None
    return undoing.note(
        Done(question.id, person, now, what, question.status, before, after, slotted, tells_at)
    )


def undo(
    number: int,
    *,
    person: str,
    inbox: Inbox,
    undoing: Undoing,
    shelf: EpisodeShelf,
    outbox: Outbox,
    now: datetime,
) -> Question:
    """Bring a question back to where it stood before `person` did this: status, consent and rundown.

    What still waits to be said in Slack is taken from the outbox: it never was. Raises UnknownError for
    something that is too long ago, and ConflictError where its asker has heard of it, its post has lost its
    words, or somebody has changed the question, or the segment that it stands in, since; nothing is changed
    then, and it is forgotten.
    """
    done = undoing.done(number)
    if done is None or done.person != person or (done.tells_at is None and done.is_past(now)):
        raise UnknownError("studio_inbox.nothing_to_undo")
    try:
        segment = _demand_untouched(done, undoing, shelf)
        if done.tells_at and (done.is_past(now) or not _unsaid(done, outbox, now)):
            withdrawn = done.what == Status.WITHDRAWN
            name = "studio_inbox.post_gone" if withdrawn else "studio_inbox.told_already"
            raise ConflictError(name, question=done.question)
        if not undoing.revert(done.question, done.was, before=done.before, after=done.after):
            raise _changed(done)
    finally:
        undoing.forget(number)
    if done.slotted and segment:
        shelf.take_out(done.slotted.episode, done.question, was=done.slotted.was)
    return inbox.question(done.question)


def _unsaid(done: Done, outbox: Outbox, now: datetime) -> bool:
    """Take what was to be said in Slack out of the outbox; tells whether nothing of it has gone."""
    keys = [told_key(done.question)]
    if done.what == Status.WITHDRAWN:
        keys = [
            each.delivery.key
            for each in outbox.waiting(NO_EPISODE)
            if each.delivery.kind is Kind.TAKEN_BACK and each.delivery.question == done.question
        ]
    taken = [outbox.take_back(key, now=now) for key in keys]
    return bool(taken) and all(taken)


def _demand_untouched(done: Done, undoing: Undoing, shelf: EpisodeShelf) -> Segment | None:
    """Find the segment that the question was put into; ConflictError where anything is not as it was left."""
    if undoing.history(done.question) != done.after:
        raise _changed(done)
    if done.slotted is None:
        return None
    segments = shelf.episode(done.slotted.episode).rundown.segments
    segment = next((one for one in segments if one.question == done.question), None)
    if segment and not done.slotted.still_stands(segment):
        raise ConflictError(
            "studio_inbox.segment_changed", question=done.question, number=done.slotted.episode
        )
    return segment


def _changed(done: Done) -> ConflictError:
    return ConflictError("studio_inbox.changed_since", question=done.question)
