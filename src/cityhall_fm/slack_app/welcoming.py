"""Whoever asks in a channel is welcomed, and told of an answer that is there already: privately, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from cityhall_fm.production.look_up import answered_before
from cityhall_fm.show.asking import first_asked, greeting_of, offer_of
from cityhall_fm.show.question import Kind, Question
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.slack_app import messages, modal
from cityhall_fm.slack_app.voice import Voice

_FRESH: Final = timedelta(days=1)
"""Younger than what AppMemory forgets: of an old question nobody is greeted, of a new one nobody twice."""


class Welcoming:
    """Greets and offers as events come in, and after a collection for what came in without one.

    Several processes may look at the same question, and at another of the same person, in any order.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def catch_up(self) -> None:
        """Welcome whoever asked lately, while nobody was listening or a collection was quicker."""
        for question in self._voice.companion.inbox.questions():
            self._voice.quietly(partial(self.welcome, question))

    def welcome(self, question: Question) -> None:
        """Say what there is to say; what went through the form was greeted by its receipt."""
        parts, now = self._voice.companion, self._voice.clock()
        if question.kind is not Kind.QUESTION or question.asker is None or not question.usable:
            return
        if question.asker in parts.rules.blocked:
            return
        if not _fresh(question, now) or parts.app_memory.submission(question.id):
            return
        self._greet(question, question.asker, now)
        self._offer(question, question.asker, now)

    def _greet(self, question: Question, user: UserId, now: datetime) -> None:
        parts = self._voice.companion
        if first_asked(user, parts.inbox.questions(asker=user)) != question.id:
            return
        say = self._voice.say(user)
        welcome = self._voice.welcome(say, in_private=False)
        if welcome and parts.app_memory.remember_heard(greeting_of(user), at=now):
            told = messages.greeting(say, welcome, question.id)
            parts.desk.whisper(question.thread.channel, user, told)

    def _offer(self, question: Question, user: UserId, now: datetime) -> None:
        parts = self._voice.companion
        words = question.words.for_host()
        found = answered_before(words, show=parts.show, inbox=parts.inbox, shelf=parts.shelf)
        if found and parts.app_memory.remember_heard(offer_of(question.id), at=now):
            say = self._voice.say(user)
            told = messages.answered_before(say, modal.answer_lines(say, found))
            parts.desk.whisper(question.thread.channel, user, told)


def _fresh(question: Question, now: datetime) -> bool:
    return question.received_at is not None and now - question.received_at < _FRESH
