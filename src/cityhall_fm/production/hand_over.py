"""Everything that the next section chief must know: what is open, promised, agreed to, and planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Dates
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.show.concerned import Concerned
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import Episode, Promise, aired, in_rundowns
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.retention import Retention, next_day
from cityhall_fm.show.roles import Role
from cityhall_fm.show.schedule import Date, State
from cityhall_fm.show.shelf import OPEN, waiting_days
from cityhall_fm.show.slack_thread import Member, UserId

_KEYS: Final = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET",
    "CITYHALL_FM_DATABASE_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL",
)  # fmt: skip
"""What opens something, or says where it is; never told but whether it is there."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question or topic that waits for an answer."""

    question: Question
    days: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an asker agreed to, and when their words go; None while an episode in preparation holds them."""

    question: QuestionId
    naming: Naming
    given_at: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """Something that was promised on the air, and in which episode."""

    episode: Episode
    promise: Promise


@dataclass(frozen=True, slots=True)
class Entrusted:
    """Somebody who may do something in the studio: a member's id or a group's handle, and what they are."""

    who: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Handover:
    """The pack, as of one moment."""

    at: datetime
    concerned: tuple[Concerned, ...]
    """What was recorded of questions that were withdrawn since."""
    open: tuple[Open, ...]
    promised: tuple[Promised, ...]
    agreed: tuple[Agreed, ...]
    making: tuple[Episode, ...]
    dates: tuple[Date, ...]
    entrusted: tuple[Entrusted, ...]
    keys: tuple[tuple[str, bool], ...]


def hand_over(
    *,
    shelf: EpisodeShelf,
    inbox: Inbox,
    dates: Dates,
    keeping: Keeping,
    retention: Retention,
    people: Mapping[Role, Iterable[str]],
    environment: Mapping[str, str],
    now: datetime,
    concerned: Sequence[Concerned] = (),
) -> Handover:
    """Gather the pack; of keys it tells only which are there."""
    episodes = shelf.episodes()
    questions = inbox.questions()
    waiting = [
        Open(one, waiting_days(one, now))
        for one in questions
        if one.status in OPEN and one.usable and one.kind is Kind.QUESTION
    ]
    promised = [
        Promised(episode, promise)
        for episode in episodes
        for promise in episode.promises
        if promise.kept_on is None
    ]
    return Handover(
        now,
        tuple(concerned),
        tuple(sorted(waiting, key=lambda one: (-one.days, one.question.id))),
        tuple(promised),
        _agreed(questions, episodes, keeping, retention, now),
        tuple(episode for episode in episodes if episode.published_at is None),
        tuple(sorted((one for one in dates.all() if one.state is State.WAITING), key=lambda one: one.at)),
        _entrusted(people, inbox),
        tuple((key, bool(environment.get(key))) for key in _KEYS),
    )


def _agreed(
    questions: Sequence[Question],
    episodes: Sequence[Episode],
    keeping: Keeping,
    retention: Retention,
    now: datetime,
) -> tuple[Agreed, ...]:
    """List the consents that still stand, the first to end first."""
    on_air = aired(episodes)
    held = {id_ for id_, status in in_rundowns(episodes).items() if status is Status.SLOTTED}
    forgotten = keeping.forgotten()
    kept = [one for one in questions if one.consent and one.consent.stands and one.id not in forgotten]
    since = keeping.since([one.id for one in kept], now=now)
    found = [
        Agreed(
            one.id,
            one.consent.naming,
            one.consent.given_at,
            next_day(
                one,
                aired=on_air.get(one.id),
                in_preparation=one.id in held,
                kept_since=since[one.id],
                retention=retention,
            ),
        )
        for one in kept
        if one.consent
    ]
    return tuple(sorted(found, key=lambda one: (one.ends is None, one.ends or now, one.question)))


def _entrusted(people: Mapping[Role, Iterable[str]], inbox: Inbox) -> tuple[Entrusted, ...]:
    names = inbox.names()
    return tuple(
        Entrusted(who, _name(who, names), role)
        for role in reversed(Role)
        for who in sorted(people.get(role, ()))
    )


def _name(who: str, names: Mapping[UserId, Member]) -> str:
    member = names.get(UserId(who))
    return member.name.for_host() if member else who
