"""Questions past their day -> forgotten: words, names and threads go; id, status and episode stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.voices import VoiceShelf
from cityhall_fm.production.unwanted_voices import drop_unwanted
from cityhall_fm.show.asking import DRAFT_KEPT
from cityhall_fm.show.episode import aired
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.retention import Retention, Why, due


@dataclass(frozen=True, slots=True)
class Purged:
    """What went, and why; `proofs` are consents whose own time was over."""

    questions: tuple[tuple[QuestionId, Why], ...]
    proofs: int = 0

    def count(self, why: Why) -> int:
        return sum(reason is why for _, reason in self.questions)


def purge(
    *,
    inbox: Inbox,
    shelf: EpisodeShelf,
    keeping: Keeping,
    retention: Retention,
    now: datetime,
    plan_only: bool = False,
    voices: VoiceShelf | None = None,
) -> Purged:
    """Forget every question whose day has come; done again, it finds nothing.

    One that must not be used stays withdrawn for ever, so that nothing built later takes it for a topic.
    """
    forgotten = keeping.forgotten()
    everything = inbox.questions()
    kept = [question for question in everything if question.id not in forgotten]
    found = _due(kept, shelf, keeping, retention, now)
    if plan_only:
        return Purged(tuple((question.id, why) for question, why in found))
    going: list[QuestionId] = []
    again = _noted_afterwards([one for one in everything if one.id in forgotten], keeping)
    for question in (*(question for question, _ in found), *again):
        if not question.usable and question.status is not Status.WITHDRAWN:
            inbox.set_status(question.id, Status.WITHDRAWN, at=now)
        going.append(question.id)
    keeping.forget(going, at=now)
    drop_unwanted(inbox, voices)
    keeping.drop_drafts(before=now - DRAFT_KEPT)
    proofs = keeping.drop_proofs(before=now - retention.proof)
    return Purged(tuple((question.id, why) for question, why in found), proofs)


def _noted_afterwards(forgotten: Sequence[Question], keeping: Keeping) -> Sequence[Question]:
    """Find what somebody agreed to, or refused, after the words had gone: it starts anew from here."""
    consents = keeping.consents([question.id for question in forgotten])
    return [
        question
        for question in forgotten
        if question.words
        or (not question.usable and question.status is not Status.WITHDRAWN)
        or any(consent.radio_name for consent in consents.get(question.id, ()))
    ]


def _due(
    kept: Sequence[Question], shelf: EpisodeShelf, keeping: Keeping, retention: Retention, now: datetime
) -> Sequence[tuple[Question, Why]]:
    since = keeping.since([question.id for question in kept], now=now)
    episodes = shelf.episodes()
    in_preparation = {
        question
        for episode in episodes
        if episode.published_at is None
        for question in episode.rundown.questions
    }
    broadcast = aired(episodes)
    return [
        (question, why)
        for question in kept
        if (
            why := due(
                question,
                aired=broadcast.get(question.id),
                in_preparation=question.id in in_preparation,
                kept_since=since[question.id],
                retention=retention,
                now=now,
            )
        )
    ]
