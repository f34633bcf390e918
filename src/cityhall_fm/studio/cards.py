"""Questions as cards: what a host sees of one, and its thread as in Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cityhall_fm.production.tell_asker import was_told
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.asking import Submission, is_held_back
from cityhall_fm.show.consent import Naming, Private, public_name
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.mrkdwn import KnownNames, plain
from cityhall_fm.show.outbox import NO_EPISODE
from cityhall_fm.show.question import Kind, Question, QuestionId, Status, may_become
from cityhall_fm.show.shelf import IN_PRIVATE, LEAST, OPEN, is_first_time, place_of, waiting_days
from cityhall_fm.show.similar import Similar
from cityhall_fm.show.slack_thread import Clip, Message, ts_order
from cityhall_fm.show.voices import wanted_clips
from cityhall_fm.studio.leafing import Snapshot
from cityhall_fm.wiring import Wired

SHORT: Final = 8
"""Replies that a card in a list shows; all stand on the question's own page."""
_CLOSED: Final = frozenset({Status.DECLINED, Status.NEXT_TIME})


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread; `reactions` are emoji characters with their counts."""

    author: Private
    by_asker: bool
    at: datetime
    words: Private
    reactions: tuple[tuple[str, int], ...]
    edited: bool
    deleted: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording of the asker's; `here` tells whether it was fetched, `spoken` what Slack heard."""

    clip: Clip
    here: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that exists; `at` is its second as people say it, or empty."""

    episode: EpisodeNumber
    title: str
    at: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A question as a host sees it."""

    question: Question
    opening: Said
    replies: tuple[Said, ...]
    replies_left: int
    channel: str | None
    """None for a question that was asked through the app."""
    days: int
    first_time: bool
    people: int | None
    consent: str
    """`radio_name`, `display_name`, `anonymous`, `do_not_use`, `withdrawn` or `none`."""
    name: str | None
    reading: str | None
    submitted: Submission | None
    voices: tuple[Voice, ...]
    similar: tuple[Answered, ...]
    slotted: tuple[EpisodeNumber, ...]
    told: str
    """`held` for a private message that waits, `told`, `perhaps`, or empty."""

    @property
    def moves(self) -> frozenset[str]:
        """What may become of it now."""
        if not self.question.usable:
            return frozenset()
        now = self.question.status
        # Whoever is in a rundown is taken out of it there first, or the episode would still thank them.
        held = _CLOSED if now is Status.SLOTTED and self.slotted else frozenset[Status]()
        return frozenset(one.value for one in Status if one not in {now, *held} and may_become(now, one))

    @property
    def held_back(self) -> bool:
        """Whether it says nothing beside addresses, and waits for a host to look at it."""
        return is_held_back(self.question)

    @property
    def is_open(self) -> bool:
        return self.question.status in OPEN


class CardMaker:
    """Makes the cards of one page, from one snapshot."""

    def __init__(
        self,
        companion: Wired,
        snapshot: Snapshot,
        episodes: Sequence[Episode],
        similar: Callable[[Question], Sequence[Similar]],
        now: datetime,
    ) -> None:
        self._companion, self._snapshot, self._now = companion, snapshot, now
        self._similar = similar
        members = {id_: member.name for id_, member in snapshot.members.items()}
        self._names = KnownNames(members, snapshot.channels, companion.emoji)
        self._held = {waiting.delivery.key for waiting in companion.outbox.waiting(NO_EPISODE)}
        self._slotted: dict[QuestionId, list[EpisodeNumber]] = {}
        for episode in episodes:
            for id_ in episode.rundown.questions:
                self._slotted.setdefault(id_, []).append(episode.number)

    def card(self, question: Question, *, whole: bool = False) -> Card:
        """Make one, with the first replies or the `whole` thread."""
        thread, consent = question.thread, question.consent
        replies = thread.replies if whole else thread.replies[:SHORT]
        name = public_name(consent, question.asker_name)
        people = self._snapshot.people.get(question.id, 0)
        return Card(
            question,
            self._said(thread.opening, question),
            tuple(self._said(reply, question) for reply in replies),
            len(thread.replies) - len(replies),
            channel=self._channel(question),
            days=waiting_days(question, self._now),
            first_time=is_first_time(question, self._snapshot.firsts),
            people=people if people >= LEAST else None,
            consent=_consent(question),
            name=name.name,
            reading=name.reading,
            submitted=self._companion.app_memory.submission(question.id),
            voices=tuple(self._voices(question)),
            similar=tuple(self._answered(question)) if question.usable else (),
            slotted=tuple(self._slotted.get(question.id, ())),
            told=self._told(question),
        )

    def _said(self, message: Message, question: Question) -> Said:
        known = self._snapshot.members.get(message.author) if message.author else None
        by_asker = message.author is not None and message.author == question.asker
        author = question.asker_name if by_asker else Private(known.name.for_host() if known else "")
        return Said(
            author,
            by_asker,
            datetime.fromtimestamp(ts_order(message.ts)[0], UTC),
            Private(plain(message.mrkdwn.for_host(), self._names)),
            tuple(
                (self._companion.emoji(one.emoji) or f":{one.emoji}:", one.count) for one in message.reactions
            ),
            message.edited is not None,
            message.deleted,
        )

    def _channel(self, question: Question) -> str | None:
        place = place_of(question)
        return None if place == IN_PRIVATE else self._snapshot.channels.get(place, "")

    def _voices(self, question: Question) -> Iterator[Voice]:
        clips = wanted_clips(question)
        here = self._companion.voices.for_host(question.id) if clips else {}
        agreed = bool(question.consent and question.consent.stands and question.consent.voice)
        for clip in clips:
            yield Voice(clip, clip.id in here, agreed)

    def _answered(self, question: Question) -> Iterator[Answered]:
        for one in self._similar(question):
            episode, at = one.answered.episode, one.answered.part.at
            place = f"{episode.number}/{at.fragment if at is not None else ''}"
            yield Answered(
                episode.number,
                one.answered.part.title,
                str(at) if at is not None else "",
                self._companion.show.url(place),
            )

    def _told(self, question: Question) -> str:
        key = told_key(question.id)
        if key in self._held:
            return "held"
        if question.kind is not Kind.QUESTION or question.status not in _CLOSED:
            return ""
        if self._companion.ledger.posted(key):
            return "told"
        before = self._companion.outbox.said_before(key)
        return "perhaps" if before and before.given_up else ""


def can_be_told(question: Question, companion: Wired) -> bool:
    """Tell whether an asker can hear in private what becomes of their question, and did not yet."""
    if not companion.settings.slack.token or question.kind is not Kind.QUESTION or question.asker is None:
        return False
    if question.status is Status.WITHDRAWN:
        return False
    return not was_told(question, ledger=companion.ledger, outbox=companion.outbox)


def _consent(question: Question) -> str:
    consent = question.consent
    if consent is None:
        return "none"
    if consent.withdrawn_at is not None and consent.naming is not Naming.DO_NOT_USE:
        return "withdrawn"
    return consent.naming.value
