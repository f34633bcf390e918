"""A person's request -> all that is kept about them, or its erasure and what else is to be done."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.slack_app import AppMemory
from cityhall_fm.production.ports.voices import VoiceShelf
from cityhall_fm.production.unwanted_voices import drop_unwanted
from cityhall_fm.show.asking import Submission
from cityhall_fm.show.consent import Consent, Private
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.erasure import Erased
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.mrkdwn import mentions
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.slack_thread import Message, UserId

_SHORTEST_NAME: Final = 2
"""One letter is in every text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of theirs with every consent they gave to it, and the episodes that hold it.

    `submitted` is what they chose in the app's form beside words and name: corner, department, and whether
    they may be contacted.
    """

    question: Question
    consents: tuple[Consent, ...]
    episodes: tuple[Episode, ...]
    submitted: Submission | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the database holds about one person; for them and for the host, never in public."""

    person: UserId
    name: Private
    asked: tuple[Asked, ...]
    said: tuple[tuple[QuestionId, Message], ...]
    """What they wrote in others' threads."""
    mentioned: tuple[QuestionId, ...]
    reacted: tuple[QuestionId, ...]
    written_in: tuple[Episode, ...] = ()
    """Episodes whose own files hold a name of theirs: a transcript of what was said, or the host's words."""
    draft: Submission | None = None
    """What they typed into the app's form and did not send."""

    @property
    def on_air(self) -> tuple[Asked, ...]:
        """Their questions that are in published episodes: pages, feed and audio."""
        return tuple(one for one in self.asked if any(episode.published_at for episode in one.episodes))


def kept_about(who: str, *, inbox: Inbox, keeping: Keeping, shelf: EpisodeShelf, memory: AppMemory) -> Kept:
    """Find all that is kept about somebody, by Slack id, Slack name or radio name.

    Raises UnknownError where nobody, or more than one person, is called so.
    """
    questions, names = inbox.questions(), inbox.names()
    consents = keeping.consents([question.id for question in questions])
    person = _find(who, keeping, questions, {id_: member.name for id_, member in names.items()}, consents)
    episodes = shelf.episodes()
    asked = tuple(
        Asked(
            question,
            tuple(consents.get(question.id, ())),
            tuple(episode for episode in episodes if question.id in episode.rundown.questions),
            memory.submission(question.id),
        )
        for question in questions
        if question.asker == person
    )
    others = [question for question in questions if question.asker != person]
    return Kept(
        person,
        names[person].name if person in names else Private(""),
        asked,
        said=tuple(
            (question.id, reply)
            for question in questions
            for reply in question.thread.replies
            if reply.author == person
        ),
        mentioned=tuple(question.id for question in others if _is_mentioned(person, question)),
        reacted=tuple(question.id for question in questions if _has_reacted(person, question)),
        written_in=_written_in(
            episodes,
            [
                *([names[person].name] if person in names else []),
                *(consent.radio_name for one in asked for consent in one.consents if consent.radio_name),
            ],
        ),
        draft=keeping.draft(person),
    )


def withdraw_all(kept: Kept, *, inbox: Inbox, now: datetime) -> None:
    """Withdraw everything of a person, while it is known whose it is; done again, it changes nothing."""
    for one in kept.asked:
        question = inbox.question(one.question.id)
        if question.consent and question.consent.withdrawn_at is None:
            inbox.set_consent(question.id, replace(question.consent, withdrawn_at=now))
        if question.status is not Status.WITHDRAWN:
            inbox.set_status(question.id, Status.WITHDRAWN, at=now)


def erase(
    kept: Kept,
    *,
    inbox: Inbox,
    keeping: Keeping,
    now: datetime,
    voices: VoiceShelf | None = None,
    salt: str = "",
) -> None:
    """Withdraw everything of a person, and remove their words and names; done again, it changes nothing.

    Killed in between, what is withdrawn stays so, and the next run goes on. `salt` is a random word for the
    fingerprint by which the person is known again; a show that has one keeps it.
    """
    withdraw_all(kept, inbox=inbox, now=now)
    keeping.forget([one.question.id for one in kept.asked], at=now)
    keeping.erase(kept.person, at=now, salt=salt)
    drop_unwanted(inbox, voices)


def erase_again(
    erased: Erased, *, inbox: Inbox, keeping: Keeping, now: datetime, voices: VoiceShelf | None = None
) -> int:
    """Erase once more whom a restored backup brought back; tells how many questions went.

    What somebody wrote after the day on which they were erased stays: they took part anew.
    """
    gone = [one for one in inbox.questions() if erased.covers(one.asker, one.thread.ts)]
    for question in gone:
        consent = question.consent
        if consent and consent.withdrawn_at is None:
            inbox.set_consent(question.id, replace(consent, withdrawn_at=now))
        if question.status is not Status.WITHDRAWN:
            inbox.set_status(question.id, Status.WITHDRAWN, at=now)
    keeping.forget([question.id for question in gone], at=now)
    keeping.erase_again(erased)
    drop_unwanted(inbox, voices)
    return len(gone)


def _find(
    who: str,
    keeping: Keeping,
    questions: Sequence[Question],
    names: Mapping[UserId, Private],
    consents: Mapping[QuestionId, Sequence[Consent]],
) -> UserId:
    wanted = who.strip().removeprefix("<").removesuffix(">").removeprefix("@").partition("|")[0].strip()
    said = [message for one in questions for message in (one.thread.opening, *one.thread.replies)]
    known = {message.author for message in said if message.author} | set(names)
    known |= {user for message in said for reaction in message.reactions for user in reaction.users}
    known |= {question.asker for question in questions if question.asker}
    if UserId(wanted.upper()) in known or keeping.draft(UserId(wanted.upper())):
        return UserId(wanted.upper())
    called = {id_ for id_, name in names.items() if name and _same(name.for_host(), wanted)}
    called |= {
        question.asker
        for question in questions
        for consent in consents.get(question.id, ())
        if question.asker and consent.radio_name and _same(consent.radio_name.for_host(), wanted)
    }
    if len(called) > 1:
        raise UnknownError("privacy.several", ids=", ".join(sorted(called)))
    if not called:
        raise UnknownError("privacy.nobody")
    return called.pop()


def _written_in(episodes: Sequence[Episode], names: Sequence[Private]) -> tuple[Episode, ...]:
    called = {name for one in names if len(name := _comparable(one.for_host())) >= _SHORTEST_NAME}
    found = []
    for episode in episodes:
        segments = (words for one in episode.rundown.segments for words in (one.title, one.summary))
        written = (episode.title, episode.summary, episode.notes, episode.transcript or "", *segments)
        own = _comparable("\n".join(written))
        if any(name in own for name in called):
            found.append(episode)
    return tuple(found)


def _same(one: str, other: str) -> bool:
    return bool(_comparable(other)) and _comparable(one) == _comparable(other)


def _comparable(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _is_mentioned(person: UserId, question: Question) -> bool:
    said = (question.thread.opening, *question.thread.replies)
    return any(person in mentions(message.mrkdwn.for_host()) for message in said)


def _has_reacted(person: UserId, question: Question) -> bool:
    said = (question.thread.opening, *question.thread.replies)
    return any(person in reaction.users for message in said for reaction in message.reactions)
