"""The inbox and the episodes, read once and kept while nothing of them changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Final

from cityhall_fm.production.ports.browsing import InboxState
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.library import answered
from cityhall_fm.show.mrkdwn.reading import unescaped
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.searching import folded
from cityhall_fm.show.shelf import first_messages, interested
from cityhall_fm.show.similar import AnsweredBefore, Similar
from cityhall_fm.show.slack_thread import ChannelId, Member, Thread, UserId, ts_order
from cityhall_fm.wiring import Wired

_MOST_SIMILAR: Final = 2
_MOST_ANEW: Final = 300
"""So many changed threads are read one by one; where there are more, all are."""


@dataclass(frozen=True)
class Snapshot:
    """The inbox as of one moment."""

    questions: tuple[Question, ...]
    channels: Mapping[ChannelId, str]
    members: Mapping[UserId, Member]
    firsts: Mapping[UserId, tuple[int, int]]
    """When each person was first heard of."""
    people: Mapping[QuestionId, int]
    """How many reacted to each question, or joined in."""
    departments: Mapping[QuestionId, str]
    """Which one each asker chose in the form."""

    @cached_property
    def by_id(self) -> Mapping[QuestionId, Question]:
        return {question.id: question for question in self.questions}


@dataclass
class _Answers:
    """All that was answered, and what was found like it so far."""

    known: tuple[object, ...]
    before: AnsweredBefore
    found: dict[QuestionId, tuple[Similar, ...]] = field(default_factory=dict)

    def like(self, question: Question) -> Sequence[Similar]:
        if question.id not in self.found:
            alike = self.before.like(question.words.for_host(), most=_MOST_SIMILAR + 1)
            others = [one for one in alike if one.answered.id != question.id]
            self.found[question.id] = tuple(others[:_MOST_SIMILAR])
        return self.found[question.id]


class Leafing:
    """Keeps what was read, for all visitors: of a large inbox only what changed is read again."""

    def __init__(self, companion: Wired) -> None:
        self._companion = companion
        self._lock = Lock()
        self._state = InboxState("", "")
        self._threads: Mapping[QuestionId, str] = {}
        self._snapshot = Snapshot((), {}, {}, {}, {}, {})
        self._texts: dict[QuestionId, tuple[Thread, object, str]] = {}
        self._shelf: tuple[str, tuple[Episode, ...]] | None = None
        self._answers: _Answers | None = None

    def inbox(self) -> Snapshot:
        """Read the inbox as it is now."""
        companion = self._companion
        with self._lock:
            state = companion.browsing.state()
            if state.threads != self._state.threads:
                questions = self._read_again()
                names = (companion.inbox.channels(), companion.inbox.names())
                people = {one.id: interested(one) for one in questions}
                self._snapshot = Snapshot(
                    questions,
                    *names,
                    first_messages(questions),
                    people,
                    companion.app_memory.departments(),
                )
            elif state != self._state:
                self._snapshot = replace(self._snapshot, questions=self._as_they_stand())
            self._state = state
            return self._snapshot

    def warm(self) -> None:
        """Read everything before anybody waits for it."""
        for question in self.inbox().questions:
            self.text_of(question)

    def text_of(self, question: Question) -> str:
        """Give all that a search looks at, folded: words, replies, names, channel and id."""
        kept = self._texts.get(question.id)
        if kept and kept[0] is question.thread and kept[1] is question.consent:
            return kept[2]
        text = folded("\n".join(_searched(question, self._snapshot.channels)))
        self._texts[question.id] = (question.thread, question.consent, text)
        return text

    def episodes(self) -> Sequence[Episode]:
        """Read the episodes; InputError where one of their files has a problem."""
        state = self._companion.shelf.fingerprint()
        with self._lock:
            if self._shelf is None or self._shelf[0] != state:
                self._shelf = (state, tuple(self._companion.shelf.episodes()))
            return self._shelf[1]

    def similar(self, snapshot: Snapshot) -> Callable[[Question], Sequence[Similar]]:
        """Make what finds published answers to a question like this one."""
        published = [one for one in reversed(self.episodes()) if one.published_at]
        known = {id_: snapshot.by_id.get(id_) for one in published for id_ in one.rundown.questions}
        with self._lock:
            files = self._shelf[0] if self._shelf else ""
            key = (files, *((id_, one and one.consent) for id_, one in known.items()))
            if self._answers is None or self._answers.known != key:
                there = {id_: one for id_, one in known.items() if one}
                noted = [(one, show_notes(one, there, withdrawn_title="")) for one in published]
                self._answers = _Answers(key, AnsweredBefore(answered(noted)))
            return self._answers.like

    def _read_again(self) -> tuple[Question, ...]:
        """Read the threads that changed, and how all questions stand."""
        states = self._companion.browsing.thread_states()
        before, self._threads = self._threads, states
        changed = [id_ for id_, state in states.items() if before.get(id_) != state]
        if len(changed) > _MOST_ANEW:
            return tuple(self._companion.inbox.questions())
        fresh = self._companion.inbox.known(changed)
        kept = [one for one in self._as_they_stand() if one.id in states and one.id not in fresh]
        found = sorted(
            (*kept, *fresh.values()), key=lambda one: (ts_order(one.thread.ts), one.thread.channel)
        )
        return tuple(found)

    def _as_they_stand(self) -> tuple[Question, ...]:
        standings = self._companion.browsing.standings()
        return tuple(
            one
            if (now := standings.get(one.id)) is None
            or (one.kind, one.status, one.consent) == (now.kind, now.status, now.consent)
            else replace(one, kind=now.kind, status=now.status, consent=now.consent)
            for one in self._snapshot.questions
        )


def _searched(question: Question, channels: Mapping[ChannelId, str]) -> Sequence[str]:
    consent = question.consent
    names = (question.asker_name, consent and consent.radio_name, consent and consent.reading)
    return [
        question.id,
        channels.get(question.thread.channel, ""),
        question.words.for_host(),
        *(unescaped(one.mrkdwn.for_host()) for one in question.thread.replies if not one.deleted),
        *(name.for_host() for name in names if name),
    ]
